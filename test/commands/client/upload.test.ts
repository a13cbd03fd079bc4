import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ask } from '../../support/client.ts';
import { createCliUser, jsonLines } from '../../support/client-cli.ts';
import { startTestServer } from '../../support/server.ts';
import { addUser } from '../../support/user.ts';

const namesOf = async (server: Parameters<typeof ask>[0], task = 'Task:1') => {
  const query = `{ task(id: "${task}") { files(first: 100) { nodes { name version } } } }`;
  const { task: found } = await ask<{ task: { files: { nodes: { name: string; version: number }[] } } }>(server, query);
  return found.files.nodes.map(({ name, version }) => `${name} v${version}`).sort();
};

test('uploads files and folders, skips what is there by its hash, and prints JSON lines', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await mkdir(user.path('photos/old'), { recursive: true });
  await writeFile(user.path('report.pdf'), 'report');
  await writeFile(user.path('photos/a.jpg'), 'a');
  await writeFile(user.path('photos/old/b.jpg'), '');
  await writeFile(user.path('photos/.hidden'), 'secret');
  await symlink(user.path('report.pdf'), user.path('photos/link'));

  const first = await user.run(['upload', '--to', 'Task:1', 'report.pdf', 'photos/', '--parallel', '2']);
  expect(first).toMatchObject({ code: 0, stderr: '3 uploaded, 0 already there.\n' });
  const lines = first.stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/File:\d+/, 'File:N')).sort()).toEqual([
    'uploaded\tFile:N\tphotos/a.jpg',
    'uploaded\tFile:N\tphotos/old/b.jpg',
    'uploaded\tFile:N\treport.pdf',
  ]);

  await writeFile(user.path('photos/a.jpg'), 'A');
  const args = ['upload', '--to', 'Task:1', 'report.pdf', 'photos', '--new-version', '--json'];
  const second = await user.run(args);
  expect(second).toMatchObject({ code: 0, stderr: '1 uploaded, 2 already there.\n' });
  const results = jsonLines(second.stdout).map(({ status, path, version }) => [path, status, version]);
  expect(results.sort()).toEqual([
    ['photos/a.jpg', 'uploaded', 2],
    ['photos/old/b.jpg', 'skipped', 1],
    ['report.pdf', 'skipped', 1],
  ]);
  expect(await namesOf(server)).toEqual(['a.jpg v2', 'b.jpg v1', 'report.pdf v1']);
  expect(await readdir(user.path('.local/state/attache/uploads'))).toEqual([]);
});

test('reports the file that fails, uploads the others, and exits with 1', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '100' });
  await using user = await createCliUser(server);
  await writeFile(user.path('large.bin'), Buffer.alloc(200));
  await writeFile(user.path('small.bin'), 'x');
  const { code, stdout, stderr } = await user.run([
    'upload',
    'large.bin',
    'missing',
    'small.bin',
    '--to',
    'Task:1',
    '--json',
  ]);
  expect(code).toBe(1);
  const results = jsonLines(stdout).map(({ path, status, error }) => [path, error ?? status]);
  expect(Object.fromEntries(results)).toEqual({
    missing: { message: 'there is no such file or folder' },
    'large.bin': { message: expect.stringContaining('100 bytes'), code: 'PAYLOAD_TOO_LARGE' },
    'small.bin': 'uploaded',
  });
  expect(stderr).toContain('1 uploaded, 0 already there, 2 failed.\n');
  expect(stderr).not.toMatch(/^ {4}at /m);
});

test('uploads standard input under the given name', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const args = ['upload', '-', '--name', 'notes.txt', '--to', 'Task:1'];
  const { code, stdout } = await user.run(args, { input: 'from a pipe' });
  expect([code, stdout]).toEqual([0, 'uploaded\tFile:1\tnotes.txt\n']);
  expect(await namesOf(server)).toEqual(['notes.txt v1']);
  expect(await user.run(['get', 'File:1', '-o', '-'])).toEqual({ code: 0, stdout: 'from a pipe', stderr: '' });
  expect(await readdir(user.path('.local/state/attache/standard-input'))).toEqual([]);
});

test('exits with 2 for usage, with 3 when the key is refused, and explains each', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const { key } = await addUser(server, 'Bob');
  await writeFile(user.path('a'), 'a');
  const cases: [string[], Record<string, string>, number, string][] = [
    [['upload', 'a'], {}, 2, "error: required option '--to <place>' not specified\n"],
    [['upload', 'a', '--to', 'Task:x'], {}, 2, 'attache: "Task:x" is not a place for files.'],
    [['upload', '-', '--to', 'Task:1'], {}, 2, 'attache: Give standard input a name'],
    [['upload', 'a', '--to', 'Task:1', '--parallel', '17'], {}, 2, "error: option '--parallel <number>' argument '17'"],
    [
      ['upload', 'a', '--to', 'Task:1'],
      { ATTACHE_KEY: 'wrong' },
      3,
      `attache: ${server.url} does not accept the API key.`,
    ],
    [['upload', 'a', '--to', 'Task:1'], { ATTACHE_KEY: key }, 1, 'attache: Not found: Task:1.'],
    [['upload', 'a', '--to', 'Task:9'], {}, 1, 'attache: Not found: Task:9.'],
    [['ls'], { ATTACHE_URL: '' }, 2, 'attache: ATTACHE_KEY is set without ATTACHE_URL: set both.\n'],
    [['ls'], { ATTACHE_URL: 'ftp://x' }, 2, 'attache: "ftp://x" is not the address of a server.'],
    [['ls'], { ATTACHE_URL: `${server.url}/elsewhere` }, 1, 'is not the address of an Attaché server.'],
  ];
  const ran = await Promise.all(cases.map(([args, env]) => user.run(args, { env })));
  for (const [index, [, , code, message]] of cases.entries()) {
    expect(ran[index]?.stderr).toContain(message);
    expect(ran[index]).toMatchObject({ code, stdout: '' });
  }
});
