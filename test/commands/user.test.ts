import { expect, test } from 'vitest';
import { createCli } from '../../src/cli.ts';
import { begin } from '../http/tus/client.ts';
import { ask } from '../support/client.ts';
import { databaseEnv, kind, runSql } from '../support/database.ts';
import { uploadFiles } from '../support/files.ts';
import { ISSUER, sharedSecret, tokenOf } from '../support/jwt.ts';
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

/** Tables that refer to a user and are not in the export. */
const notExported: Record<string, string> = {
  idempotency_keys: 'digests of requests, and ids of what is exported',
  thumbnails: 'pictures of files, by who looked at them last',
  thumbnail_usage: 'a sum of these',
  temporary_usage: 'a sum of unfinished uploads and files',
  upload_sessions: 'random texts, deleted when they end',
};

test('the export of a user has something of every table that refers to a user', async () => {
  await using server = await startTestServer(sharedSecret);
  const key = await tokenOf('ada', { name: 'Ada' });
  const { viewer } = await ask<{ viewer: { id: string } }>(server, '{ viewer { id } }', {}, key);
  await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: viewer.id } });
  const access = `accessList: [{ userId: "${viewer.id}", access: READ }]`;
  await ask(
    server,
    `mutation { updateContact(input: { contactId: "Contact:1", isPrivate: true, ${access} }) { __typename } }`,
  );
  for (const mutation of [
    'createApiKey(input: { name: "k" })',
    'createProject(input: { title: "P" })',
    `createTask(input: { projectId: "Project:1", title: "T", responsibleIds: ["${viewer.id}"] })`,
    'createComment(input: { taskId: "Task:1", body: "b" })',
    'createContact(input: { displayName: "C" })',
    'createOpportunity(input: { title: "O" })',
    'createCase(input: { title: "C" })',
    'createUploadToken(input: { on: "Task:1", expiresIn: 60 })',
    'createShareLink(input: { on: "Task:1", expiresIn: 60, name: "for Bob" })',
  ])
    await ask(server, `mutation { ${mutation} { __typename } }`, {}, key);
  await uploadFiles(server, 'Contact:2', [{ name: 'a.txt', content: 'a' }], {}, key);
  const history = await fetch(`${server.url}/api/2.0/crm/contact/2/files`, {
    method: 'POST',
    headers: { authorization: key, 'content-type': 'application/json' },
    body: '{"fileids":[1]}',
  });
  expect(history.ok).toBe(true);
  await begin({ ...server, key }, 10);

  const objects = (await user(server.dataDir, 'export', viewer.id)).map((line) => JSON.parse(line) as { type: string });
  const tables = await runSql<{ name: string }>(server.dataDir, tablesOfUsers[kind]);
  const exported = tables.map(({ name }) => name).filter((name) => !(name in notExported));
  expect(new Set(objects.map(({ type }) => type))).toEqual(
    new Set(['User', 'AuditLogEntry', ...exported.map((name) => typeOf(name))]),
  );
  expect(objects).toContainEqual(expect.objectContaining({ type: 'UserIdentity', issuer: ISSUER, subject: 'ada' }));
});

/** The tables with a foreign key to users. */
const tablesOfUsers = {
  sqlite: `select distinct m.name from sqlite_master m, pragma_foreign_key_list(m.name) f where f."table" = 'users'`,
  postgres: `select distinct conrelid::regclass::text as name from pg_constraint
    where contype = 'f' and confrelid = 'users'::regclass`,
};

/** The type of the rows of a table, as in `ApiKey` of `api_keys`. */
const typeOf = (table: string): string =>
  table
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
    .replace(/(^|_)([a-z])/g, (_match, _start, letter: string) => letter.toUpperCase());
