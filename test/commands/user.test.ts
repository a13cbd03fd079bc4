import { expect, test } from 'vitest';
import { createCli } from '../../src/cli.ts';
import { ask } from '../support/client.ts';
import { databaseEnv } from '../support/database.ts';
import { uploadFiles } from '../support/files.ts';
import { addProjectMember } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { createComment } from '../support/tasks.ts';

/** Runs a command of `attache user` on a data folder and returns the lines that it printed. */
async function user(dataDir: string, ...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  const cli = createCli({ DATA_DIR: dataDir, ...(await databaseEnv(dataDir)) }, (line) =>
    lines.push(...line.split('\n')),
  );
  await cli.parseAsync(['user', ...args], { from: 'user' });
  return lines;
}

const statusOf = async (url: string, key = '') =>
  (await fetch(`${url}?query={viewer{id}}`, { headers: { authorization: `Bearer ${key}` } })).status;

test('users are disabled, enabled, removed and erased while a server runs, and it takes effect at once', async () => {
  await using server = await startTestServer();
  const attache = (...args: string[]) => user(server.dataDir, ...args);
  const [, key] = await attache('add', 'Bob', '--email', 'bob@example.com', '--title', 'Gardener');
  await attache('add', 'Build', '--service');
  expect(await attache('disable', 'User:2')).toEqual(['User:2 is disabled.']);
  expect(await statusOf(server.graphqlUrl, key)).toBe(401);
  expect(await attache('list')).toEqual([
    'User:1\tAdministrator\tadministrator\t-',
    'User:2\tBob\tuser\tbob@example.com\tdisabled',
    'User:3\tBuild\tuser\t-\tservice',
  ]);
  const filters = [['--admins'], ['--disabled'], ['--service'], ['--search', 'BOB@'], ['--search', 'buil']];
  for (const filter of filters) expect(await attache('list', ...filter)).toHaveLength(1);
  expect(await attache('enable', '2')).toEqual(['User:2 is enabled.']);
  expect(await statusOf(server.graphqlUrl, key)).toBe(200);
  expect(await attache('remove', 'User:2')).toEqual(['User:2 is removed.']);
  expect(await statusOf(server.graphqlUrl, key)).toBe(401);
  expect(await attache('erase', 'User:2')).toEqual(['User:2 is removed, and its personal data is erased.']);
  expect((await attache('export', 'User:2')).join()).not.toMatch(/Bob|Gardener/);
  expect(await attache('list', '--search', 'removed')).toEqual([]);
  await expect(attache('remove', 'User:1')).rejects.toThrow('This would leave no administrator');
  await expect(attache('disable', 'User:9')).rejects.toThrow('Not found: User:9');
  await expect(attache('add', 'Bad', '--service', '--email', 'b@example.com')).rejects.toThrow('has no email address');
});

test('the export of a user has the profile, keys without secrets, memberships, comments and files, and nothing of others', async () => {
  await using server = await startTestServer({ MAX_FILES: '600' });
  const [id = '', key = ''] = await user(server.dataDir, 'add', 'Bob', '--email', 'bob@example.com');
  await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: id } });
  await ask(server, createComment, { taskId: 'Task:1', body: 'by Bob' }, key);
  await ask(server, createComment, { taskId: 'Task:1', body: 'by the administrator' });
  // More files than are read at once.
  const parts = Array.from({ length: 501 }, (_, index) => ({ name: `${index}.txt`, content: `${index}` }));
  await uploadFiles(server, 'Task:1', parts, {}, key);
  const lines = await user(server.dataDir, 'export', id);
  const objects = lines.map((line) => JSON.parse(line) as { type: string });
  const ofType = (type: string) => objects.filter((object) => object.type === type);
  expect(ofType('User')).toMatchObject([{ id, displayName: 'Bob', email: 'bob@example.com', removedAt: null }]);
  expect(ofType('ApiKey')).toMatchObject([{ name: 'first key', scope: 'WRITE', revokedAt: null }]);
  expect(ofType('ProjectMember')).toEqual([{ type: 'ProjectMember', projectId: 'Project:1', role: 'EDITOR' }]);
  expect(ofType('Comment')).toMatchObject([{ taskId: 'Task:1', body: 'by Bob' }]);
  expect(ofType('File')).toHaveLength(501);
  expect(ofType('File')[0]).toMatchObject({ name: '0.txt', size: 1, version: 1, sha256: expect.any(String) });
  expect(lines.join()).not.toMatch(new RegExp(`${key}|"hash"`));
});
