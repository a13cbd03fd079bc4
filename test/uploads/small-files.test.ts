import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { runAttache } from '../../scripts/crash/attache-command.ts';
import { uploadByTus } from '../http/tus/client.ts';
import { call } from '../legacy/kanboard.ts';
import { bytesOf } from '../storage/bytes.ts';
import { ask, executeWithFiles } from '../support/client.ts';
import { databaseEnv, kind, removeData, runSql } from '../support/database.ts';
import { removeFile } from '../support/documents.ts';
import { download, sha256 } from '../support/download.ts';
import { uploadFile, uploadFiles, uploadQuery } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { loseStored, smallBlobs } from '../support/small-blobs.ts';

const SIZE = 1000;
const settings = { SMALL_FILE_SIZE: String(SIZE) };
const part = (content: Uint8Array, name = 'a.bin') => ({ name, content: new Blob([new Uint8Array(content)]) });

/** Where the bytes of all files are, as the numbers of rows and of files. */
async function places(server: TestServer): Promise<{ rows: number; files: number }> {
  const { staging, blobs } = await server.stored();
  const rows = (await smallBlobs(server.dataDir)).size;
  expect(staging).toEqual([]);
  return { rows, files: blobs.length - rows };
}

const contentOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const databaseId = (id: string | number) => ({ databaseId: Number(String(id).replace('File:', '')) });

/** Uploads content to the first task, and returns the id of its file. */
type Transport = (server: TestServer, content: Buffer) => Promise<string | number>;

const transports: Record<string, Transport> = {
  multipart: async (server, content) => (await uploadFile(server, 'Task:1', part(content))).id,
  async base64(server, content) {
    const query = `mutation ($blob: Base64!) {
      createTaskFile(input: { taskId: "Task:1", filename: "a.bin", blob: $blob }) { file { id } }
    }`;
    type Data = { createTaskFile: { file: { id: string } } };
    return (await ask<Data>(server, query, { blob: content.toString('base64') })).createTaskFile.file.id;
  },
  async tus(server, content) {
    const { fileId } = await uploadByTus(server, content, { on: 'Task:1' }, { chunkSize: 600 });
    expect(await readdir(join(server.dataDir, 'files', 'unfinished'))).toEqual([]);
    return fileId as string;
  },
  async Kanboard(server, content) {
    const params = { project_id: 1, task_id: 1, filename: 'a.bin', blob: content.toString('base64') };
    const { result } = await call<number>(server, 'createTaskFile', params);
    return result as number;
  },
};

describe.each(Object.entries(transports))('an upload by %s', (_transport, upload) => {
  test.each([
    [1, { rows: 1, files: 0 }],
    [SIZE - 1, { rows: 1, files: 0 }],
    [SIZE, { rows: 1, files: 0 }],
    [SIZE + 1, { rows: 0, files: 1 }],
  ])('of %i bytes is stored where its size says, and is downloaded and removed alike', async (size, expected) => {
    await using server = await startTestServer(settings);
    const content = bytesOf(size);
    const file = databaseId(await upload(server, content));
    expect(await places(server)).toEqual(expected);

    const whole = await download(server, file);
    expect([whole.status, whole.headers.get('etag')]).toEqual([200, `"${sha256(content)}"`]);
    expect((await contentOf(whole)).equals(content)).toBe(true);
    const head = await download(server, file, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(size)]);
    const last = await download(server, file, { headers: { range: 'bytes=-1' } });
    expect([last.status, await contentOf(last)]).toEqual([206, content.subarray(-1)]);
    const beyond = await download(server, file, { headers: { range: `bytes=${size}-` } });
    expect(beyond.status).toBe(416);
    const same = await download(server, file, { headers: { 'if-none-match': `"${sha256(content)}"` } });
    expect(same.status).toBe(304);

    await ask(server, removeFile, { fileId: `File:${file.databaseId}` });
    expect(await places(server)).toEqual({ rows: 0, files: 0 });
    expect((await download(server, file)).status).toBe(404);
    expect(await runSql(server.dataDir, 'select * from blob_deletions')).toEqual([]);
  });
});

test('what a crash left of a small resumable upload goes when the upload expires, and its file stays', async () => {
  await using server = await startTestServer(settings);
  const { fileId = '' } = await uploadByTus(server, bytesOf(10), { on: 'Task:1' });
  const [upload] = await runSql<{ key: string }>(server.dataDir, 'select blob_key as key from resumable_uploads');
  const left = join(server.dataDir, 'files', 'unfinished', basename(upload?.key ?? ''));
  await writeFile(left, bytesOf(10));
  const past = kind === 'sqlite' ? 0 : new Date(0).toISOString();
  await runSql(server.dataDir, 'update resumable_uploads set expires_at = ?', past);
  await runAttache({ DATA_DIR: server.dataDir, ...(await databaseEnv(server.dataDir)) }, 'sweep');
  await expect(stat(left)).rejects.toThrow('ENOENT');
  expect(await places(server)).toEqual({ rows: 1, files: 0 });
  expect((await contentOf(await download(server, databaseId(fileId)))).equals(bytesOf(10))).toBe(true);
});

test('small, empty and large files of one request are stored in their order, and archived together', async () => {
  await using server = await startTestServer(settings);
  const contents = [10, 5000, 0, SIZE, SIZE + 1].map((size) => bytesOf(size, `${size}`));
  const { files } = await uploadFiles(
    server,
    'Task:1',
    contents.map((content, index) => part(content, `${index}.bin`)),
  );
  expect(await places(server)).toEqual({ rows: 3, files: 2 });
  for (const [index, file] of files.entries())
    expect((await contentOf(await download(server, file))).equals(contents[index] as Buffer)).toBe(true);
  const zip = await fetch(`${server.url}/files/zip?on=Task:1`, { headers: { authorization: `Bearer ${server.key}` } });
  const archive = await contentOf(zip);
  expect(contents.map((content) => archive.includes(content))).toEqual(contents.map(() => true));
});

test('a part that is two files has one row, which is deleted with the second', async () => {
  await using server = await startTestServer(settings);
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: uploadQuery('Task:1'), variables: { files: [null, null] } }));
  form.set('map', JSON.stringify({ 0: ['variables.files.0', 'variables.files.1'] }));
  form.set('0', new Blob(['shared']), 'shared.txt');
  const headers = { authorization: `Bearer ${server.key}` };
  const response = await fetch(server.graphqlUrl, { method: 'POST', headers, body: form });
  type Answer = { data: { result: { files: { id: string }[] } } };
  const { files } = ((await response.json()) as Answer).data.result;
  expect(files).toHaveLength(2);
  expect(await places(server)).toEqual({ rows: 1, files: 0 });
  await ask(server, removeFile, { fileId: files[0]?.id ?? '' });
  expect(await (await download(server, databaseId(files[1]?.id ?? ''))).text()).toBe('shared');
  await ask(server, removeFile, { fileId: files[1]?.id ?? '' });
  expect(await places(server)).toEqual({ rows: 0, files: 0 });
});

test('a file beyond the quota leaves no row, and the others of its request are stored', async () => {
  await using server = await startTestServer({ ...settings, MAX_PROJECT_FILES: '2' });
  const { files, errors } = await uploadFiles(server, 'Task:1', ['a', 'b', 'c']);
  expect([files.length, errors.map(({ code }) => code)]).toEqual([2, ['INSUFFICIENT_STORAGE']]);
  expect(await places(server)).toEqual({ rows: 2, files: 0 });
});

test('a request repeated with its idempotency key stores one row, also twenty at once', async () => {
  await using server = await startTestServer(settings);
  const query = `mutation ($files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: "Task:1", idempotencyKey: "k", files: $files }) { files { id } }
  }`;
  type Answer = { uploadTaskFiles: { files: { id: string }[] } };
  const send = () => executeWithFiles<Answer>(server, query, {}, [{ name: 'a.txt', content: 'a' }]);
  const answers = await Promise.all(Array.from({ length: 20 }, send));
  expect(new Set(answers.map(({ data }) => data?.uploadTaskFiles.files[0]?.id)).size).toBe(1);
  expect(await places(server)).toEqual({ rows: 1, files: 0 });
});

test('each version of a file has its row, and a removed version takes its own along', async () => {
  await using server = await startTestServer(settings);
  const first = await uploadFile(server, 'Task:1', 'first');
  const second = await uploadFile(server, 'Task:1', 'second', { parentId: first.id });
  expect(await places(server)).toEqual({ rows: 2, files: 0 });
  expect(await (await download(server, first)).text()).toBe('first');
  expect(await (await download(server, second)).text()).toBe('second');
  const all = 'mutation { removeAllTaskFiles(input: { taskId: "Task:1" }) { removedFileIds } }';
  await ask(server, all);
  expect(await places(server)).toEqual({ rows: 0, files: 0 });
});

test('a small image has a thumbnail, which is deleted with it', async () => {
  await using server = await startTestServer({ SMALL_FILE_SIZE: '64 KiB' });
  const image = sharp({ create: { width: 600, height: 300, channels: 3, background: '#c33' } });
  const file = await uploadFile(server, 'Task:1', part(await image.png().toBuffer(), 'a.png'));
  expect(await places(server)).toEqual({ rows: 1, files: 0 });
  const thumbnail = () =>
    fetch(`${server.url}/files/${file.databaseId}/thumbnail`, { headers: { authorization: `Bearer ${server.key}` } });
  for (const _again of [1, 2]) {
    const { format, width } = await sharp(await contentOf(await thumbnail())).metadata();
    expect([format, width]).toEqual(['webp', 256]);
  }
  await ask(server, removeFile, { fileId: file.id });
  expect((await thumbnail()).status).toBe(404);
});

test('files stay readable and removable when SMALL_FILE_SIZE changes', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'attache-test-'));
  try {
    const files: { databaseId: number; id: string }[] = [];
    const contents: Buffer[] = [];
    for (const [index, SMALL_FILE_SIZE] of ['1000', '0', '64 KiB', '10', '0'].entries()) {
      await using server = await startTestServer({ DATA_DIR, SMALL_FILE_SIZE });
      contents.push(bytesOf(500, `${index}`));
      files.push(await uploadFile(server, 'Task:1', part(contents[index] as Buffer)));
      for (const [at, file] of files.entries())
        expect((await contentOf(await download(server, file))).equals(contents[at] as Buffer)).toBe(true);
    }
    await using server = await startTestServer({ DATA_DIR, SMALL_FILE_SIZE: '0' });
    expect(await places(server)).toEqual({ rows: 2, files: 3 });
    for (const { id } of files) await ask(server, removeFile, { fileId: id });
    expect(await places(server)).toEqual({ rows: 0, files: 0 });
  } finally {
    await removeData(DATA_DIR);
  }
});

test('verify reports missing and changed rows, and sweep counts the missing and deletes those without a file', async () => {
  await using server = await startTestServer(settings);
  const attache = async (...args: string[]) =>
    runAttache({ DATA_DIR: server.dataDir, ...(await databaseEnv(server.dataDir)) }, ...args);
  const [lost, changed] = (await uploadFiles(server, 'Task:1', ['lost', 'changed', 'kept'])).files;
  const keyOf = async ({ databaseId }: { databaseId: number }) => {
    const [row] = await runSql<{ key: string }>(
      server.dataDir,
      'select blob_key as key from files where id = ?',
      databaseId,
    );
    return row?.key ?? '';
  };
  const orphan = 'rows/0190a6b2-1b2c-7000-8000-000000000000';
  const rename = 'update small_blobs set key = ? where key = ?';
  await runSql(server.dataDir, rename, orphan, await keyOf(lost as { databaseId: number }));
  const other = 'update small_blobs set bytes = (select bytes from small_blobs where key = ?) where key = ?';
  await runSql(server.dataDir, other, orphan, await keyOf(changed as { databaseId: number }));
  const verified = await attache('verify');
  expect(verified.printed.split('\n').map((line) => line.split('\t').slice(0, 3))).toEqual([
    ['missing', lost?.id, 'lost'],
    ['changed', changed?.id, 'changed'],
    ['read 3 files: 1 missing, 1 changed'],
    ['Some blobs are missing or changed. Restore them by their keys from a backup.'],
    [''],
  ]);
  expect((await attache('sweep')).printed).toBe(
    'removed 1 blobs without a file (4 bytes), 0 of removed files, 0 abandoned uploads\n' +
      'the bytes of 1 files are missing: "attache verify" lists them\n',
  );
  expect((await smallBlobs(server.dataDir)).has(orphan)).toBe(false);
  expect(await places(server)).toEqual({ rows: 2, files: 0 });
  await loseStored(server.dataDir, await keyOf(changed as { databaseId: number }));
  expect((await download(server, changed as { databaseId: number })).status).toBe(500);
});
