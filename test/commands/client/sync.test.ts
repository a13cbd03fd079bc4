import { chown, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localNames } from '../../../src/client/download/local-name.ts';
import type { Output } from '../../../src/client/output.ts';
import { getFile, listFiles, type RemoteFile } from '../../../src/client/remote-files.ts';
import { perform, renameToCopy, type SyncContext } from '../../../src/client/sync/actions.ts';
import { lockFolder } from '../../../src/client/sync/lock.ts';
import { type Action, type HashedFile, planSync } from '../../../src/client/sync/plan.ts';
import { readFolder } from '../../../src/client/sync/read-sides.ts';
import { openSyncState, STATE_FILE } from '../../../src/client/sync/state.ts';
import { createCliUser } from '../../support/client-cli.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the plan', () => {
  /** `local`, `remote` and `base` are contents; undefined is no file. */
  const plan = (local?: string, remote?: string, base?: string, deletes = false) => {
    const one = <Value>(value: Value | undefined) => new Map(value === undefined ? [] : [['a', value]]);
    const [action] = planSync(
      {
        local: one(local === undefined ? undefined : ({ sha256: local } as HashedFile)),
        remote: one(remote === undefined ? undefined : ({ id: 'File:1', sha256: remote } as RemoteFile)),
        base: one(base === undefined ? undefined : { id: 'File:1', sha256: base }),
        blocked: new Set(),
      },
      deletes,
    );
    return (
      (action as Action & { parentId?: string }).kind + ((action as { parentId?: string }).parentId ? ' version' : '')
    );
  };

  test.each([
    ['new here', ['x'], 'upload'],
    ['new there', [undefined, 'x'], 'download'],
    ['new and equal on both sides', ['x', 'x'], 'record'],
    ['new and different on both sides', ['x', 'y'], 'conflict'],
    ['unchanged', ['x', 'x', 'x'], 'record'],
    ['changed here', ['y', 'x', 'x'], 'upload version'],
    ['changed there', ['x', 'y', 'x'], 'download'],
    ['changed to the same on both sides', ['y', 'y', 'x'], 'record'],
    ['changed on both sides', ['y', 'z', 'x'], 'conflict'],
    ['deleted here', [undefined, 'x', 'x'], 'keepRemote', 'detachRemote'],
    ['deleted there', ['x', undefined, 'x'], 'keepLocal', 'deleteLocal'],
    ['deleted here, changed there', [undefined, 'y', 'x'], 'download'],
    ['changed here, deleted there', ['y', undefined, 'x'], 'upload'],
    ['deleted on both sides', [undefined, undefined, 'x'], 'forget'],
  ] as [string, [string?, string?, string?], string, string?][])('%s', (_what, sides, kept, deleted = kept) => {
    const [local, remote, base] = sides;
    expect([plan(local, remote, base), plan(local, remote, base, true)]).toEqual([kept, deleted]);
  });
});

const lockOf = (host: string, pid: number) => `${host} ${pid} 0123456789abcdef`;

test('a folder is synced by one run at a time; the lock of a killed run does not count', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await mkdir(user.path('here'));
  await writeFile(user.path('here/.attache-sync.lock'), lockOf(hostname(), process.pid));
  const refused = await user.run(['sync', 'here', 'Task:1']);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${process.pid}`) });
  await writeFile(user.path('here/.attache-sync.lock'), lockOf(hostname(), 999999999));
  await writeFile(user.path('here/a.txt'), 'a');
  await uploadFile(server, 'Task:1', { name: 'b.txt', content: 'b' });
  const { code, stdout } = await user.run(['sync', 'here', 'Task:1']);
  expect([code, stdout.trimEnd().split('\n').sort()]).toEqual([0, ['downloaded\tb.txt', 'uploaded\ta.txt']]);
  expect((await readdir(user.path('here'))).sort()).toEqual(['.attache-sync.json', 'a.txt', 'b.txt']);
});

test('a folder that does not exist is created only with --create', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await uploadFile(server, 'Task:1', { name: 'b.txt', content: 'b' });
  for (const args of [[], ['--dry-run'], ['--create', '--dry-run']]) {
    const { code, stdout, stderr } = await user.run(['sync', 'mistyped', 'Task:1', ...args]);
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^attache: There is no folder mistyped.*\n$/),
    ]);
  }
  expect((await readdir(user.folder)).filter((name) => !name.startsWith('.'))).toEqual([]);
  expect(await user.run(['sync', 'new/folder', 'Task:1', '--create'])).toMatchObject({ code: 0 });
  expect(await readFile(user.path('new/folder/b.txt'), 'utf8')).toBe('b');
  const dryWatch = await user.run(['sync', 'new/folder', 'Task:1', '--watch', '--dry-run']);
  expect(dryWatch).toMatchObject({ code: 2, stderr: 'attache: --watch and --dry-run exclude each other.\n' });
  const file = await user.run(['sync', 'new/folder/b.txt', 'Task:1']);
  expect(file).toMatchObject({ code: 1, stderr: 'attache: new/folder/b.txt is not a folder.\n' });
});

test('a file that sync has downloaded is never taken for a deleted one, whatever its name', async () => {
  await using folder = await temporaryFolder('sync');
  const names = [
    'song.part',
    '.part',
    '.attache-0.part',
    '.attache-sync.json',
    '..',
    'CON',
    'a.',
    '~a',
    'a',
    'A',
    'a.tmp',
  ];
  const uniqueName = localNames();
  const local = names.map(uniqueName);
  for (const name of local) await writeFile(join(folder.path, name), '');
  const files = new Map(local.map((name) => [name, { id: 'File:1', sha256: '', size: -1, mtimeMs: 0 }]));
  const context = { output: { note: (_text) => {} } as Output, signal: new AbortController().signal };
  const { local: found } = await readFolder(context, folder.path, { files });
  expect([...found.keys()].sort()).toEqual(local.sort());
});

test('sync --delete does not detach a file that is called *.part', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await uploadFile(server, 'Task:1', { name: 'song.part', content: 'a' });
  const sync = () => user.run(['sync', 'here', 'Task:1', '--create', '--delete']);
  expect(await sync()).toMatchObject({ code: 0, stdout: 'downloaded\tsong.part\n' });
  expect(await sync()).toMatchObject({ code: 0, stdout: '' });
});

test.each([
  ['leads out of the folder', { '../../profile': { id: 'File:1', sha256: '0', size: 1, mtimeMs: 1 } }],
  ['is hidden', { '.npmrc': { id: 'File:1', sha256: '0', size: 1, mtimeMs: 1 } }],
  ['has no id', { 'a.txt': { sha256: '0', size: 1, mtimeMs: 1 } }],
])('a state whose file %s is refused', async (_what, files) => {
  await using folder = await temporaryFolder('sync');
  const state = { server: 'https://files.example.com', on: 'Task:1', files };
  await writeFile(join(folder.path, STATE_FILE), JSON.stringify(state));
  await expect(openSyncState(folder.path, state.server, state.on)).rejects.toThrow('is damaged: delete it');
});

test.skipIf(process.getuid?.() !== 0)('a state of another user is refused', async () => {
  await using folder = await temporaryFolder('sync');
  const state = { server: 'https://files.example.com', on: 'Task:1', files: {} };
  const path = join(folder.path, STATE_FILE);
  await writeFile(path, JSON.stringify(state));
  await chown(path, 12345, 12345);
  await expect(openSyncState(folder.path, state.server, state.on)).rejects.toThrow('belongs to another user');
});

test('sync --delete does not detach a file whose name here is of a link or a folder', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  for (const name of ['a', 'b', 'c']) await uploadFile(server, 'Task:1', { name, content: name });
  const sync = (...args: string[]) => user.run(['sync', 'here', 'Task:1', '--create', '--delete', ...args]);
  expect(await sync()).toMatchObject({ code: 0 });
  for (const name of ['a', 'b', 'c']) await rm(user.path('here', name));
  await symlink('/nowhere', user.path('here/a'));
  await mkdir(user.path('here/b'));
  const { code, stdout } = await sync();
  // Each action is reported when it ends.
  expect([code, stdout.trimEnd().split('\n').sort()]).toEqual([
    0,
    [
      'detached there\tc',
      'left out, its name here is of a link or folder\ta',
      'left out, its name here is of a link or folder\tb',
    ],
  ]);
  expect((await user.run(['ls', 'Task:1'])).stdout).toMatch(/\ta\n.*\tb\n$/);
});

test('a file that got a version while sync ran is not detached', async () => {
  await using server = await startTestServer();
  await using folder = await temporaryFolder('sync');
  const { id } = await uploadFile(server, 'Task:1', { name: 'a', content: '1' });
  const connection = { url: server.url, key: server.key };
  const { signal } = new AbortController();
  const remote = await getFile(connection, id, signal);
  await uploadFile(server, null, { name: 'a', content: '2' }, { parentId: id });
  const context = {
    connection,
    signal,
    folder: folder.path,
    on: 'Task:1',
    state: { files: new Map() },
    async assertFolder() {},
  };
  const detaching = perform(context as unknown as SyncContext, { kind: 'detachRemote', name: 'a', remote });
  await expect(detaching).rejects.toThrow('it was changed there meanwhile');
  expect((await listFiles(connection, 'Task:1', { signal })).files).toMatchObject([{ name: 'a', version: 2 }]);
});

test('a copy of a conflict never replaces a file', async () => {
  await using folder = await temporaryFolder('sync');
  const path = join(folder.path, 'a.txt');
  const day = new Date().toISOString().slice(0, 10);
  await writeFile(path, 'mine');
  await symlink('/nowhere', join(folder.path, `a (conflict ${day}).txt`));
  await mkdir(join(folder.path, `a (conflict ${day} 2).txt`));
  const copy = await renameToCopy({ path });
  expect([copy, await readFile(copy, 'utf8')]).toEqual([join(folder.path, `a (conflict ${day} 3).txt`), 'mine']);
  expect(await readdir(folder.path)).toHaveLength(3);
});

test('one of many runs gets the lock, also when each finds that of a killed one', async () => {
  await using folder = await temporaryFolder('sync');
  const path = join(folder.path, '.attache-sync.lock');
  for (const stale of [lockOf(hostname(), 999999999), lockOf(hostname(), process.pid)]) {
    await writeFile(path, stale);
    const runs = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder.path)));
    const [lock, ...others] = runs.filter(({ status }) => status === 'fulfilled');
    expect(others).toEqual([]);
    await (lock as PromiseFulfilledResult<AsyncDisposable>).value[Symbol.asyncDispose]();
    expect(await readdir(folder.path)).toEqual([]);
  }
});

test.each(['other.example.com 1 0123456789abcdef', ''])('the lock "%s" counts, and is not removed', async (lock) => {
  await using folder = await temporaryFolder('sync');
  const path = join(folder.path, '.attache-sync.lock');
  await writeFile(path, lock);
  await expect(lockFolder(folder.path)).rejects.toThrow(`If none does any more, delete ${path}.`);
  expect(await readFile(path, 'utf8')).toBe(lock);
  await rm(path);
  const own = await lockFolder(folder.path);
  await writeFile(path, lock);
  await own[Symbol.asyncDispose]();
  expect(await readFile(path, 'utf8')).toBe(lock);
});
