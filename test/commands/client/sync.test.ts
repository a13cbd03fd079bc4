import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { RemoteFile } from '../../../src/client/remote-files.ts';
import { type Action, type HashedFile, planSync } from '../../../src/client/sync/plan.ts';
import { type CliUser, createCliUser, jsonLines } from '../../support/client-cli.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

describe('the plan', () => {
  /** `local`, `remote` and `base` are contents; undefined is no file. */
  const plan = (local?: string, remote?: string, base?: string, deletes = false) => {
    const one = <Value>(value: Value | undefined) => new Map(value === undefined ? [] : [['a', value]]);
    const [action] = planSync(
      {
        local: one(local === undefined ? undefined : ({ sha256: local } as HashedFile)),
        remote: one(remote === undefined ? undefined : ({ id: 'File:1', sha256: remote } as RemoteFile)),
        base: one(base === undefined ? undefined : { id: 'File:1', sha256: base }),
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

const filesOf = async (user: CliUser, folder: string) => {
  const names = (await readdir(user.path(folder))).filter((name) => !name.startsWith('.')).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(user.path(folder, name), 'utf8')])),
  );
};

test('two folders and a place end up with the same files, and no change is lost', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const sync = async (folder: string, ...args: string[]) => {
    const { code, stdout, stderr } = await user.run(['sync', folder, 'Task:1', '--json', ...args]);
    expect(stderr).not.toContain('failed:');
    expect(code).toBe(0);
    return jsonLines(stdout).map(({ action, name }) => `${action} ${name}`);
  };
  await mkdir(user.path('here/sub'), { recursive: true });
  await writeFile(user.path('here/a.txt'), 'a');
  await writeFile(user.path('here/.hidden'), 'x');
  await uploadFile(server, 'Task:1', { name: 'b:1.txt', content: 'b' });
  expect(await sync('here', '--dry-run')).toEqual(['upload a.txt', 'download b_1.txt']);
  expect(await filesOf(user, 'here').catch(() => 'a folder')).toBe('a folder');
  await rm(user.path('here/sub'), { recursive: true });
  expect((await sync('here')).sort()).toEqual(['download b_1.txt', 'upload a.txt']);
  expect(await sync('here')).toEqual([]);
  await sync('there');
  expect(await filesOf(user, 'there')).toEqual({ 'a.txt': 'a', 'b_1.txt': 'b' });

  // A change becomes a version; the same file changed on both sides is kept twice.
  await writeFile(user.path('here/a.txt'), 'of here');
  await writeFile(user.path('there/a.txt'), 'of there');
  expect(await sync('here')).toEqual(['upload a.txt']);
  expect(await sync('there')).toEqual(['conflict a.txt']);
  await sync('here');
  const copy = `a (conflict ${new Date().toISOString().slice(0, 10)}).txt`;
  const both = { 'a.txt': 'of here', [copy]: 'of there', 'b_1.txt': 'b' };
  expect([await filesOf(user, 'here'), await filesOf(user, 'there')]).toEqual([both, both]);
  expect((await user.run(['ls', 'Task:1'])).stdout).toMatch(/\tv2\ta.txt\n/);

  // Nothing is deleted without --delete, and nothing that was deleted comes back.
  await rm(user.path('here/b_1.txt'));
  expect(await sync('here')).toEqual(['keepRemote b_1.txt']);
  expect(await sync('here', '--delete')).toEqual(['detachRemote b_1.txt']);
  expect(await sync('there')).toEqual(['keepLocal b_1.txt']);
  expect(await sync('there', '--delete')).toEqual(['deleteLocal b_1.txt']);
  const { 'b_1.txt': _, ...rest } = both;
  expect([await filesOf(user, 'here'), await filesOf(user, 'there')]).toEqual([rest, rest]);

  const other = await user.run(['sync', 'here', 'Task:2']);
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('is synced with Task:1') });
});

test('a folder is synced by one run at a time; the lock of a killed run does not count', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await mkdir(user.path('here'));
  await writeFile(user.path('here/.attache-sync.lock'), String(process.pid));
  const refused = await user.run(['sync', 'here', 'Task:1']);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${process.pid}`) });
  await writeFile(user.path('here/.attache-sync.lock'), '999999999');
  expect((await user.run(['sync', 'here', 'Task:1'])).code).toBe(0);
  expect(await readdir(user.path('here'))).toEqual([]);
});
