import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type CliUser, createCliUser, jsonLines } from '../../support/client-cli.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

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
  await sync('there', '--create');
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
