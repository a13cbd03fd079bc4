import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { archiveNames } from '../../../src/files/extractable-name.ts';
import { bytesOf } from '../../storage/bytes.ts';
import { descriptors } from '../../storage/opened.ts';
import { ask } from '../../support/client.ts';
import { runSql } from '../../support/database.ts';
import { removeFile } from '../../support/documents.ts';
import { sha256 } from '../../support/download.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { isFull } from '../../support/length.ts';
import { newPerson } from '../../support/people.ts';
import { isInstalled } from '../../support/programs.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { loseStored } from '../../support/small-blobs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archive = (server: TestServer, on: string, key = server.key, method = 'GET') =>
  fetch(`${server.url}/files/zip?on=${encodeURIComponent(on)}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
  });

/** Extracts and checks the archive with Python. Returns the hash of each file by its name. */
async function unpacked(response: Response): Promise<Map<string, string>> {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  await using folder = await temporaryFolder('archive');
  const path = join(folder.path, 'archive.zip');
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
  const to = join(folder.path, 'unpacked');
  const script =
    'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nz.extractall(sys.argv[2])';
  await promisify(execFile)('python3', ['-c', script, path, to]);
  const names = await readdir(to).catch(() => []);
  return new Map(await Promise.all(names.map(async (name) => [name, sha256(await readFile(join(to, name)))] as const)));
}

describe.runIf(isInstalled('Python'))('an archive', () => {
  test('contains all files of a task, whatever their names', async () => {
    await using server = await startTestServer();
    const names = ['a.txt', 'a.txt', 'A.txt', 'a (2).txt', 'Grüße 🙂.txt', '.hidden', 'none'];
    await uploadFiles(server, 'Task:1', names);
    const big = bytesOf(5_000_000);
    await uploadFile(server, 'Task:1', { name: 'big.bin', content: new Blob([new Uint8Array(big)]) });
    await uploadFile(server, 'Task:1', { name: 'empty', content: '' });
    await uploadFiles(server, 'Task:2', ['of another task']);
    const files = await unpacked(await archive(server, 'Task:1'));
    expect(files.size).toBe(names.length + 2);
    expect(files.get('big.bin')).toBe(sha256(big));
    expect(files.get('empty')).toBe(sha256(''));
    for (const name of ['a.txt', 'a (2).txt', 'Grüße 🙂.txt', '.hidden', 'none'])
      expect([...files.keys()]).toContain(name);
  });

  test('omits a file that is removed while the archive is sent, and has the others complete', async () => {
    await using server = await startTestServer();
    const big = bytesOf(30_000_000);
    await uploadFile(server, 'Task:1', { name: 'big.bin', content: new Blob([new Uint8Array(big)]) });
    const gone = await uploadFile(server, 'Task:1', 'gone.txt');
    await uploadFile(server, 'Task:1', 'last.txt');
    const response = await archive(server, 'Task:1');
    const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
    const pieces = [(await reader.read()).value ?? new Uint8Array()];
    await ask(server, removeFile, { fileId: gone.id });
    for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
    const files = await unpacked(new Response(new Blob(pieces), { headers: { 'content-type': 'application/zip' } }));
    expect(new Set(files.keys())).toEqual(new Set(['big.bin', 'last.txt']));
    expect(files.get('big.bin')).toBe(sha256(big));
  });

  test('contains only the newest version of each file, also of more files than fit on a page', async () => {
    await using server = await startTestServer({ MAX_FILES: '250' });
    const { files } = await uploadFiles(
      server,
      'Task:1',
      Array.from({ length: 230 }, (_, index) => `${index}.txt`),
    );
    const next = { name: 'next.txt', content: 'the second version' };
    await uploadFile(server, 'Task:1', next, { parentId: files[0]?.id as string });
    const found = await unpacked(await archive(server, 'Task:1'));
    expect(found.size).toBe(230);
    expect(found.get('next.txt')).toBe(sha256(next.content));
    expect(found.has('0.txt')).toBe(false);
  });

  test('is valid and empty for an entity without attachments', async () => {
    await using server = await startTestServer();
    expect(await unpacked(await archive(server, 'Case:1'))).toEqual(new Map());
  });

  test('replaces names that Windows cannot extract, and numbers those that become equal', async () => {
    await using server = await startTestServer();
    for (const [index, name] of ['what?.txt', 'what*.txt', 'a:b|c<d>"e".txt', 'NUL', 'com1.tar.gz', 'last '].entries())
      await uploadFile(server, 'Task:1', { name, content: String(index) });
    const files = await unpacked(await archive(server, 'Task:1'));
    const expected = ['what_.txt', 'what_ (2).txt', 'a_b_c_d__e_.txt', '_NUL', '_com1.tar.gz', 'last'];
    expect(files).toEqual(new Map(expected.map((name, index) => [name, sha256(String(index))])));
  });

  test('has its filename in the response to HEAD', async () => {
    await using server = await startTestServer();
    const response = await archive(server, 'Task:1', server.key, 'HEAD');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=Task-1.zip');
  });

  test('is answered with 404 without access, 401 without a valid key and 400 for an invalid entity', async () => {
    await using server = await startTestServer();
    await uploadFiles(server, 'Task:1', ['secret']);
    const bob = await newPerson(server, 'Bob');
    const statuses = await Promise.all([
      archive(server, 'Task:1', bob.key),
      archive(server, 'Task:999'),
      archive(server, 'Task:1', 'nonsense'),
      archive(server, 'User:1'),
      archive(server, ''),
      archive(server, 'Task:1;drop table files'),
    ]);
    expect(statuses.map((response) => response.status)).toEqual([404, 404, 401, 400, 400, 400]);
  });

  test('contains drafts only for users who see them in a list', async () => {
    await using server = await startTestServer();
    await uploadFiles(server, 'Task:1', ['draft'], { available: false });
    await uploadFiles(server, 'Task:1', ['shown']);
    const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
    expect([...(await unpacked(await archive(server, 'Task:1', bob.key))).keys()]).toEqual(['shown']);
    expect((await unpacked(await archive(server, 'Task:1'))).size).toBe(2);
  });

  test('breaks the connection when the bytes of a file are missing', async () => {
    await using server = await startTestServer();
    await uploadFiles(server, 'Task:1', ['a', 'b', 'c']);
    const { blobs } = await server.stored();
    await loseStored(server.dataDir, blobs[1] as string);
    const reading = archive(server, 'Task:1').then((response) => response.arrayBuffer());
    await expect(reading).rejects.toThrow();
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  });

  test('leaves no file open when its reader disconnects', async () => {
    await using server = await startTestServer();
    const big = new Blob([new Uint8Array(bytesOf(20_000_000))]);
    for (const name of ['a', 'b']) await uploadFile(server, 'Task:1', { name, content: big });
    const { hostname, port } = new URL(server.url);
    const before = descriptors();
    for (let round = 0; round < 10; round++) {
      const socket = connect(Number(port), hostname);
      socket.write(`GET /files/zip?on=Task:1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.key}\r\n\r\n`);
      await new Promise((data) => socket.once('data', data));
      socket.destroy();
    }
    await expect.poll(descriptors, { timeout: 30_000 }).toBeLessThanOrEqual(before);
    expect((await unpacked(await archive(server, 'Task:1'))).size).toBe(2);
  });
});

test('names in an archive cannot lead out of the target folder', () => {
  const nameOf = archiveNames();
  const given = ['..', '../a', '..\\b', '/etc/passwd', 'C:\\x', '', 'a', 'a', 'a', 'x.tar.gz', 'x.tar.gz', '.x', '.x'];
  expect(given.map(nameOf)).toEqual([
    ...['_', '.._a', '.._b', '_etc_passwd', 'C__x', '_ (2)', 'a', 'a (2)', 'a (3)'],
    ...['x.tar.gz', 'x.tar (2).gz', '.x', '.x (2)'],
  ]);
});

test.each([
  ['CON', '_CON'],
  ['con.txt', '_con.txt'],
  ['Prn.tar.gz', '_Prn.tar.gz'],
  ['aux ', 'aux_'],
  ['NUL .txt', '_NUL .txt'],
  ['COM\u00b9', '_COM\u00b9'],
  ['lpt9.log', '_lpt9.log'],
  ['console.txt', 'console.txt'],
  ['COM10', 'COM10'],
  ['ends with a dot.', 'ends with a dot_'],
  ['ends with spaces  ', 'ends with spaces_'],
  ['line\nbreak\u0000.txt', 'line_break_.txt'],
  ['half \ud83d of one.txt', 'half \ufffd of one.txt'],
])('the name %j becomes %j in an archive', (given, name) => {
  expect(archiveNames()(given)).toBe(name);
});

test('a long device name does not exceed the maximum length of a name', () => {
  const name = archiveNames()(`con.${'x'.repeat(251)}`);
  expect(Buffer.byteLength(name)).toBe(255);
  expect(name).toMatch(/^_co\.x+$/);
});

test.each([
  ['case', 'Straße.txt', 'STRASSE.TXT'],
  ['the form of a letter', 'ΟΔΟΣ', 'οδος'],
  ['composition', 'caf\u00e9', 'cafe\u0301'],
])('names that differ only by %s are numbered', (_what, first, second) => {
  const nameOf = archiveNames();
  expect([nameOf(first), nameOf(second)]).toEqual([first, second.replace(/(?=\.TXT$|$)/, ' (2)')]);
});

test('names of the maximum length are numbered within that length', () => {
  const nameOf = archiveNames();
  const longest = `${'é'.repeat(125)}.txt`;
  const names = Array.from({ length: 12 }, () => nameOf(longest));
  expect(new Set(names).size).toBe(12);
  for (const name of names) {
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/\.txt$/);
  }
});

test.runIf(isFull)('65,000 long names that differ only where they are cut are numbered in linear time', () => {
  const nameOf = archiveNames();
  const names = new Set<string>();
  const since = performance.now();
  // The more digits a number has, the more of these names are cut to the same text.
  for (let index = 0; index < 65_000; index++) names.add(nameOf(`${'x'.repeat(247)}${index % 4000}`.padEnd(251, '-')));
  for (let index = 0; index < 20_000; index++) names.add(nameOf(`${'y'.repeat(250)}${(index % 100) + 100}.t`));
  expect(names.size).toBe(85_000);
  expect(performance.now() - since).toBeLessThan(10_000);
});

test.runIf(isFull)(
  'an archive of more than 65,000 files is rejected with 413 before its first byte',
  { timeout: 60_000 },
  async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', { name: 'a', content: 'a' });
    await multiply(server, 65_000);
    const response = await archive(server, 'Task:1');
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('at most 65000 files');
  },
);

/** Inserts copies of the rows of the only file and of its attachment. */
async function multiply({ dataDir }: TestServer, times: number): Promise<void> {
  for (const [table, own] of [
    ['files', { id: '1000000 + n.i', version_group: "'group-' || n.i", blob_key: "'blob-' || n.i" }],
    ['attachments', { id: '1000000 + n.i', file_id: '1000000 + n.i' }],
  ] as const) {
    const [row] = await runSql(dataDir, `select * from ${table}`);
    const columns = Object.keys(row as object);
    const values = columns.map((column) => (own as Record<string, string>)[column] ?? `t.${column}`);
    await runSql(
      dataDir,
      `insert into ${table} (${columns.join(', ')})
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ${times})
       select ${values.join(', ')} from ${table} t cross join n`,
    );
  }
  await runSql(dataDir, `update event_topics set files = files + ${times} where topic = 'Task:1'`);
}

test('an archive whose reader disconnects during the lookup leaves no file open', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', { name: 'big.bin', content: new Blob([new Uint8Array(5_000_000)]) });
  const before = descriptors();
  const { hostname, port } = new URL(server.url);
  for (let round = 0; round < 30; round++) {
    const socket = connect(Number(port), hostname).on('error', () => {});
    const request = `GET /files/zip?on=Task:1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.key}\r\n\r\n`;
    socket.write(request, () => setTimeout(() => socket.resetAndDestroy(), Math.random() * 5));
    await new Promise((resolve) => socket.once('close', resolve));
  }
  await expect.poll(descriptors, { timeout: 30_000 }).toBeLessThanOrEqual(before);
});
