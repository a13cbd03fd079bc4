import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { RemoteFile } from '../../../src/client/remote-files.ts';
import { createListedFiles } from '../../../src/client/watch/listed-files.ts';
import { splitCommand } from '../../../src/client/watch/run-command.ts';
import type { Endpoint } from '../../support/client.ts';
import { type CliUser, createCliUser, jsonLines, type RunningCli } from '../../support/client-cli.ts';
import { uploadFile } from '../../support/files.ts';
import { startProcess } from '../../support/process.ts';
import { ADMIN_KEY, startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const namesIn = ({ stdout }: Pick<RunningCli, 'stdout'>) =>
  jsonLines(stdout()).map(({ file }) => (file as { name: string }).name);

/** Waits until the position of the last line is stored: one killed before prints the line again. */
async function storedPosition(user: CliUser, { stdout }: RunningCli): Promise<void> {
  const { cursor } = jsonLines(stdout()).at(-1) as { cursor: string };
  await expect.poll(() => readFile(user.path('cursor'), 'utf8')).toContain(cursor);
}

const add = async (server: Endpoint, ...names: string[]) => {
  for (const name of names) await uploadFile(server, 'Task:1', { name, content: `content of ${name}` });
};

/** Starts `watch`, and resolves once it has stored a position. */
async function startWatch(user: CliUser, ...args: string[]): Promise<RunningCli> {
  const child = user.start(['watch', 'Task:1', '--cursor-file', 'cursor', '--json', ...args]);
  await expect.poll(() => child.stderr()).toContain('Watching Task:1');
  return child;
}

test('nothing is missed or repeated when the server, and then the command, is killed', async () => {
  await using data = await temporaryFolder('watch');
  const env = { DATA_DIR: data.path, ATTACHE_ADMIN_KEY: ADMIN_KEY };
  const before = await startProcess(env);
  await using _before = before;
  await using user = await createCliUser(before);
  const first = await startWatch(user);
  await add(before, '1', '2');
  await expect.poll(() => namesIn(first)).toEqual(['1', '2']);
  await before.end('SIGKILL');
  await expect.poll(() => first.stderr()).toContain('Trying again in 1 s.');

  await using server = await startProcess({ ...env, PORT: new URL(before.url).port });
  await add(server, '3', '4');
  await expect.poll(() => namesIn(first)).toEqual(['1', '2', '3', '4']);
  await storedPosition(user, first);
  first.kill('SIGKILL');
  await first.ended;

  await add(server, '5', '6');
  const second = await startWatch(user);
  await add(server, '7');
  await expect.poll(() => namesIn(second)).toEqual(['5', '6', '7']);
  second.kill('SIGTERM');
  expect(await second.ended).toMatchObject({ code: 143 });
});

test('runs a command for each file, in which hostile names are arguments like any other', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const names = ['$(touch pwned).txt', '`touch pwned`;touch pwned', '"\' {} x.txt', '-rf'];
  await add(server, ...names.slice(0, 2));
  const print = `console.log(process.argv[1].split('/').pop(), require('fs').readFileSync(process.argv[1], 'utf8'))`;
  await writeFile(
    user.path('print.cjs'),
    `require('fs').appendFileSync('ran', process.env.ATTACHE_FILE_NAME + '\\n'); ${print};`,
  );
  const child = user.start([
    'watch',
    'Task:1',
    '--from-start',
    '--exec',
    `"${process.execPath}" -r ./print.cjs -e 0 -- {}`,
  ]);
  await expect.poll(() => child.stdout()).toContain('content of `touch');
  await add(server, ...names.slice(2));
  await expect.poll(() => child.stdout().match(/content of/g)?.length).toBe(4);
  child.kill('SIGINT');
  expect(await child.ended).toMatchObject({ code: 130 });
  expect((await readFile(user.path('ran'), 'utf8')).trimEnd().split('\n')).toEqual(names);
  expect(child.stdout()).toContain(`_' {} x.txt content of`);
  // The downloaded files are removed.
  expect((await readdir(user.folder)).filter((name) => !name.startsWith('.')).sort()).toEqual(['print.cjs', 'ran']);
});

test('a program that does not exist is reported before the first file, and no position is stored', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await writeFile(user.path('not-executable'), 'echo');
  for (const exec of ['clamscann {}', './missing {}', './not-executable']) {
    const { code, stderr } = await user.run(['watch', 'Task:1', '--cursor-file', 'cursor', '--exec', exec]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^attache: There is no program ".*"\.\n$/)]);
  }
  expect(await readdir(user.folder)).not.toContain('cursor');
});

test('stops before a file whose command failed, and begins with it again', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await add(server, 'a', 'b', 'c');
  const run = (exec: string, ...args: string[]) =>
    user.start(['watch', 'Task:1', '--from-start', '--json', '--exec', exec, ...args]);
  const failing = await run('sh -c "test $ATTACHE_FILE_NAME != b"').ended;
  expect(failing.code).toBe(1);
  expect(failing.stderr).toContain('"sh" exited with 1 for File:2, b. The next run begins with this file');
  expect(jsonLines(failing.stdout)).toHaveLength(1);
  const next = run('true');
  await expect.poll(() => namesIn(next)).toEqual(['b', 'c']);
  next.kill('SIGKILL');
  expect((await run('no-such-program', '--cursor-file', 'other').ended).stderr).toContain(
    'There is no program "no-such-program".',
  );
});

test('--from-start also handles the files of tasks, and names what each is attached to', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await add(server, 'task');
  await uploadFile(server, 'Project:1', { name: 'project', content: 'p' });
  const go = user.path('go');
  const child = user.start([
    'watch',
    'Project:1',
    '--from-start',
    '--json',
    '--exec',
    `sh -c 'while ! test -e "$1"; do sleep 0.05; done' sh ${go}`,
  ]);
  await expect.poll(() => child.stderr()).toContain('Watching Project:1');
  await writeFile(go, '');
  await expect.poll(() => namesIn(child)).toEqual(['task', 'project']);
  await add(server, 'later');
  await expect.poll(() => namesIn(child)).toEqual(['task', 'project', 'later']);
  expect(jsonLines(child.stdout()).map(({ on }) => on)).toEqual(['Task:1', 'Project:1', 'Task:1']);
});

test('the event of a file that was listed is passed over once, and not that of attaching it again', () => {
  const listed = createListedFiles();
  const file = { id: 'File:1', createdAt: '2026-01-01T00:00:00.000Z' } as RemoteFile;
  listed.add(file);
  expect(listed.takes({ file, at: '2026-01-02T00:00:00.000Z' })).toBe(false);
  expect(listed.takes({ file, at: '2026-01-01T00:00:00.001Z' })).toBe(true);
  expect(listed.takes({ file, at: '2026-01-01T00:00:00.001Z' })).toBe(false);
});

/** An epoch, an attachable and a position: as a cursor is after a backup was restored. */
const cursorOfOtherLog = Buffer.from('0123456789abcdef Task:1 4').toString('base64url');

test('says what to do when the events after the position are gone, or the position is of another place', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const child = await startWatch(user);
  child.kill('SIGKILL');
  await child.ended;
  const other = await user.run(['watch', 'Task:2', '--cursor-file', 'cursor']);
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('is the position in Task:1') });
  await writeFile(user.path('cursor'), JSON.stringify({ server: server.url, on: 'Task:1', cursor: cursorOfOtherLog }));
  const gone = await user.run(['watch', 'Task:1', '--cursor-file', 'cursor']);
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain('Delete it, and watch with --from-start');
});

test.each([
  ['cmd {}', ['cmd', '{}']],
  [`sh -c 'a "$1" | b' sh {}`, ['sh', '-c', 'a "$1" | b', 'sh', '{}']],
  ['a "b \\" c" \\d ""', ['a', 'b " c', 'd', '']],
  ['convert -o out/{}.png {}', ['convert', '-o', 'out/{}.png', '{}']],
])('the command %s is split into arguments', (command, argv) => {
  expect(splitCommand(command)).toEqual(argv);
});

test.each([
  `sh -c "wc -c {}"`,
  `/bin/bash -lc 'cat {} | wc'`,
  'env X=1 zsh -c "echo {}"',
  'sh -c {}',
  'busybox sh -c "cat \\"{}\\""',
  'fish --command="cat {}"',
])('the command %s is refused: the shell would run a name of a file', (command) => {
  expect(() => splitCommand(command)).toThrow('would run a name of a file as code');
});
