import { expect, test } from 'vitest';
import { ask, codeOf, errorOf } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';

/** Values that SQLite and PostgreSQL treat differently: the response is the same with both. */

const NUL = 'a\0b';

test.each<[string, string, Record<string, unknown>]>([
  ['a title', 'mutation ($text: String!) { createProject(input: { title: $text }) { project { id } } }', {}],
  [
    'a comment',
    'mutation ($text: String!) { createComment(input: { taskId: 1, body: $text }) { comment { id } } }',
    {},
  ],
  ['a name that is looked for', 'query ($text: String!) { files(filter: { nameContains: $text }) { totalCount } }', {}],
  [
    'a content type that is looked for',
    'query ($text: String!) { files(filter: { contentType: $text }) { totalCount } }',
    {},
  ],
  [
    'a title that is looked for',
    'query ($text: String!) { tasks(filter: { titleContains: $text }) { totalCount } }',
    {},
  ],
  [
    'the token of a session',
    'mutation ($text: String!) { finishUploadSession(input: { sessionToken: $text }) { files { id } } }',
    {},
  ],
])('rejects a NUL character in %s with BAD_USER_INPUT', async (_what, query) => {
  await using server = await startTestServer();
  expect(await errorOf(server, query, { text: NUL })).toContain('BAD_USER_INPUT: Text must not contain');
});

test.each([2 ** 31, 2 ** 53 - 1, 9_999_999_999_999_998])('an id with the number %i is NOT_FOUND', async (id) => {
  await using server = await startTestServer();
  const types = ['User', 'ApiKey', 'File', 'Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case', 'Category'];
  for (const type of types) {
    expect(await codeOf(server, 'query ($id: ID!) { node(id: $id) { id } }', { id: `${type}:${id}` })).toBe(
      'NOT_FOUND',
    );
  }
  const mutations = [
    `createTask(input: { projectId: "${id}", title: "a" }) { task { id } }`,
    `createTask(input: { projectId: 1, title: "a", categoryId: "${id}" }) { task { id } }`,
    `createTask(input: { projectId: 1, title: "a", responsibleIds: ["${id}"] }) { task { id } }`,
    `addProjectMember(input: { projectId: 1, userId: "${id}", role: VIEWER }) { project { id } }`,
    `attachTaskFiles(input: { taskId: 1, fileIds: ["${id}"] }) { filesCount }`,
    `removeFile(input: { fileId: "${id}" }) { __typename }`,
  ];
  for (const mutation of mutations)
    expect([mutation, await codeOf(server, `mutation { ${mutation} }`)]).toEqual([mutation, 'NOT_FOUND']);
});

const update =
  'mutation ($deadline: DateTime) { updateTask(input: { taskId: 1, deadline: $deadline }) { task { deadline } } }';

test.each([
  ...['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '0000-01-01T00:00:00Z'],
  // Dates that do not exist and could become others, and times that depend on a time zone.
  ...[
    '2027-02-31T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2027-04-31T12:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-00-10T00:00:00Z',
  ],
  ...['2027-01-31T00:00:00', '2027-01-31T00:00', '2027-01-31', '2027-01-31T24:00:00Z', '2027-01-31T23:59:60Z'],
])('rejects %s as a DateTime with BAD_USER_INPUT', async (deadline) => {
  await using server = await startTestServer();
  expect(await codeOf(server, update, { deadline })).toBe('BAD_USER_INPUT');
});

test.each([
  '0001-01-01T00:00:00.000Z',
  '0099-12-31T23:59:59.999Z',
  '1969-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999Z',
  '2028-02-29T00:00:00.000Z',
])('stores and returns the DateTime %s unchanged', async (deadline) => {
  await using server = await startTestServer();
  expect(await ask(server, update, { deadline })).toEqual({ updateTask: { task: { deadline } } });
});

test.each([
  ['CREATED_AT', ['createdAt', 8.64e15, 1]],
  ['CREATED_AT', ['createdAt', -8.64e15, 1]],
  ['CREATED_AT', ['createdAt', 1e300, 1]],
  ['CREATED_AT', ['createdAt', 1.5, 1]],
  ['CREATED_AT', ['createdAt', '2026', 1]],
  ['SIZE', ['size', 1e300, 1]],
  ['SIZE', ['size', 0.5, 1]],
  ['NAME', ['nameKey', NUL, 1]],
  ['NAME', ['nameKey', 'a', 1e300]],
])('rejects a cursor that does not fit the order %s: %j', async (field, key) => {
  await using server = await startTestServer();
  const after = Buffer.from(JSON.stringify([key])).toString('base64url');
  const query = `query ($after: String) { files(after: $after, orderBy: { field: ${field} }) { nodes { id } } }`;
  expect(await codeOf(server, query, { after })).toBe('BAD_USER_INPUT');
});

test('stores titles with emoji, SQL syntax and combining characters unchanged, and accepts half a surrogate', async () => {
  await using server = await startTestServer();
  const create = 'mutation ($title: String!) { createProject(input: { title: $title }) { project { title } } }';
  for (const title of ['🙂'.repeat(250), `'; drop table users; -- \\' " \` $1 ? :x`, 'E\\n', '%_\\', 'e\u0301']) {
    expect(await ask(server, create, { title })).toEqual({ createProject: { project: { title } } });
  }
  expect(await codeOf(server, create, { title: 'half \ud83d of it' })).toBeUndefined();
});

test('a name filter treats SQL wildcards and quotes as plain characters', async () => {
  await using server = await startTestServer();
  const names = ['100%.txt', 'a_b.txt', 'a\u2216b.txt', `o'neill?.txt`, 'Größe.TXT', 'plain.txt'];
  for (const name of names) await uploadFile(server, 'Task:1', name);
  const query = `query ($text: String!) { files(filter: { nameContains: $text }, orderBy: { field: NAME }) { nodes { name } } }`;
  const found = async (text: string) =>
    (await ask<{ files: { nodes: { name: string }[] } }>(server, query, { text })).files.nodes.map(({ name }) => name);
  expect(await found('%')).toEqual(['100%.txt']);
  expect(await found('_')).toEqual(['a_b.txt']);
  expect(await found('\\')).toEqual([]);
  expect(await found(`'`)).toEqual([`o'neill?.txt`]);
  expect(await found('?')).toEqual([`o'neill?.txt`]);
  expect(await found('GRÖSSE')).toEqual([]);
  expect(await found('GRÖßE')).toEqual(['Größe.TXT']);
  expect(await found('.TXT')).toHaveLength(names.length);
});

test('several categories can have the highest sort order', async () => {
  await using server = await startTestServer();
  const create =
    'mutation ($at: Int) { createCategory(input: { title: "a", sortOrder: $at }) { category { sortOrder } } }';
  const last = { createCategory: { category: { sortOrder: 2 ** 31 - 1 } } };
  expect(await ask(server, create, { at: 2 ** 31 - 1 })).toEqual(last);
  expect(await ask(server, create)).toEqual(last);
});
