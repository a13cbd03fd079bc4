import { link, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { partPath } from '../../../src/client/download/download-file.ts';
import { createCliUser, jsonLines } from '../../support/client-cli.ts';
import { runSql } from '../../support/database.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

test('downloads all files of a place, skips equal ones, and replaces others only with --force', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  for (const [name, content] of [
    ['a.txt', 'one'],
    ['A.txt', 'two'],
    ['b.txt', ''],
  ] as const)
    await uploadFile(server, 'Task:1', { name, content });
  const get = (...args: string[]) => user.run(['get', 'Task:1', '-o', 'out', ...args]);
  expect(await get()).toMatchObject({ code: 0, stderr: '3 downloaded, 0 already there.\n' });
  expect((await readdir(user.path('out'))).sort()).toEqual(['A (2).txt', 'a.txt', 'b.txt']);
  expect(await readFile(user.path('out/A (2).txt'), 'utf8')).toBe('two');

  await writeFile(user.path('out/a.txt'), 'mine');
  const refused = await get('--json');
  expect(refused.code).toBe(1);
  expect(
    jsonLines(refused.stdout)
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['failed', 'skipped', 'skipped']);
  expect(refused.stderr).toContain('failed: out/a.txt: a file with another content is there; --force replaces it\n');
  expect(await readFile(user.path('out/a.txt'), 'utf8')).toBe('mine');
  expect(await get('--force')).toMatchObject({ code: 0, stderr: '1 downloaded, 2 already there.\n' });
  expect(await readFile(user.path('out/a.txt'), 'utf8')).toBe('one');
});

test('continues a part that is there, and starts again if it is of another file', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const { id } = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'hello, world' });
  for (const part of ['hello', 'other', 'hello, world', 'much longer than the file']) {
    await writeFile(partPath(user.path('copy')), part);
    await rm(user.path('copy'), { force: true });
    const { code, stderr } = await user.run(['get', id, '-o', 'copy']);
    expect([code, stderr.includes('continues after')]).toEqual([0, part.length <= 12]);
    expect(await readFile(user.path('copy'), 'utf8')).toBe('hello, world');
  }
  expect((await readdir(user.folder)).filter((name) => !name.startsWith('.'))).toEqual(['copy']);
});

test('a content that is not the one of its hash is not kept', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const { id } = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'hello' });
  await runSql(server.dataDir, 'update files set sha256 = ?', 'f'.repeat(64));
  const { code, stderr } = await user.run(['get', id]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('arrived with another SHA-256')]);
  expect((await readdir(user.folder)).filter((name) => !name.startsWith('.'))).toEqual([]);
});

const hostile = [
  '../../escaped',
  '/etc/absolute',
  '..\\..\\windows',
  '..',
  '.npmrc',
  'CON.txt',
  'title\x1b]0;owned\x07.txt',
  'csi\u009b2J.txt',
  'cod\u202etxt.exe',
  'two\nlines',
];

test('names of the server cannot leave the folder, hide a file, or control the terminal', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  for (const [index, name] of hostile.entries()) {
    const { databaseId } = await uploadFile(server, 'Task:1', { name: 'x', content: String(index) });
    // The server itself stores no such name.
    await runSql(server.dataDir, 'update files set name = ? where id = ?', name, databaseId);
  }
  await mkdir(user.path('deep/er'), { recursive: true });
  const got = await user.run(['get', 'Task:1', '-o', 'deep/er']);
  expect(got).toMatchObject({ code: 0 });
  expect((await readdir(user.path('deep/er'))).sort()).toEqual(
    [
      '_._.._escaped',
      '_etc_absolute',
      '_._.._windows',
      '__',
      '_npmrc',
      '_CON.txt',
      'title_]0;owned_.txt',
      'csi_2J.txt',
      'cod_txt.exe',
      'two_lines',
    ]
      .map((name, index, all) => (all.indexOf(name) === index ? name : `${name} (2)`))
      .sort(),
  );
  expect(await readdir(user.path('deep'))).toEqual(['er']);
  const listed = await user.run(['ls', 'Task:1']);
  const asJson = await user.run(['ls', 'Task:1', '--json']);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/;
  for (const { stdout, stderr } of [got, listed, asJson]) expect(stdout + stderr).not.toMatch(control);
  expect(listed.stdout.trimEnd().split('\n')).toHaveLength(hostile.length);
  expect(jsonLines(asJson.stdout).map(({ name }) => name)).toEqual(hostile);
});

test('a link in the place of the part is not followed', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const { id } = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'hello' });
  await writeFile(user.path('precious'), 'precious');
  for (const makeLink of [symlink, link]) {
    await makeLink(user.path('precious'), partPath(user.path('a.txt')));
    expect((await user.run(['get', id, '-o', 'a.txt'])).code).toBe(0);
    expect(await readFile(user.path('precious'), 'utf8')).toBe('precious');
    expect(await readFile(user.path('a.txt'), 'utf8')).toBe('hello');
    await rm(user.path('a.txt'));
  }
});

test('names that end in .part are names like any other', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const names = ['a.part', 'a', 'a.part.part', '.attache-0123456789abcdef.part'];
  for (const name of names) await uploadFile(server, 'Task:1', { name, content: `content of ${name}` });
  expect(await user.run(['get', 'Task:1', '-o', 'out'])).toMatchObject({ code: 0 });
  const expected = names.map((name) => [name.replace(/^\./, '_'), `content of ${name}`]).sort();
  const found = (await readdir(user.path('out'))).sort();
  expect(await Promise.all(found.map(async (name) => [name, await readFile(user.path('out', name), 'utf8')]))).toEqual(
    expected,
  );
});

test('ls reads every page, at most --limit, and lists versions and places', async () => {
  await using server = await startTestServer({ MAX_FILES: '200' });
  await using user = await createCliUser(server);
  const count = 105;
  const files = Array.from({ length: count }, (_, index) => ({ name: `${index}.txt`, content: String(index) }));
  await uploadFiles(server, 'Task:1', files);
  const linesOf = async (...args: string[]) => (await user.run(['ls', ...args])).stdout.trimEnd().split('\n');
  expect(await linesOf('Task:1')).toHaveLength(count);
  expect(await linesOf('Task:1', '--limit', '3')).toHaveLength(3);
  expect(await linesOf('Project:1', '--recursive')).toHaveLength(count);
  expect(await linesOf('File:1')).toEqual([expect.stringMatching(/^File:1\t1\t2\S+\tv1\t0.txt$/)]);
  expect(await linesOf()).toContain('Task:1\tDesign the start page');
});
