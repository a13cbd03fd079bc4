import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { taskFiles } from '../support/documents.ts';
import { uploadFiles } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const entityIds = graphql(`
  query EntityIds($first: Int, $after: String, $last: Int, $before: String) {
    entities(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id } }
    }
  }
`);

async function createContacts(server: TestServer, count: number) {
  const fields = Array.from(
    { length: count },
    (_, index) => `c${index}: createContact(input: { displayName: "C" }) { contact { id } }`,
  );
  await ask(server, parse(`mutation { ${fields.join(' ')} }`) as never);
}

test('a page has up to 100 items on request, and 25 by default', async () => {
  await using server = await startTestServer();
  await createContacts(server, 105);
  const { entities } = await ask(server, entityIds, { first: 100 });
  expect(entities).toMatchObject({ totalCount: 108, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
  expect(entities.edges).toHaveLength(100);
  const { entities: rest } = await ask(server, entityIds, { first: 100, after: entities.pageInfo.endCursor ?? null });
  expect(rest.edges.map((edge) => edge.node.id).slice(-3)).toEqual(['Contact:106', 'Opportunity:1', 'Case:1']);
  expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const { entities: last } = await ask(server, entityIds, { last: 100 });
  expect(last.edges).toHaveLength(100);
  expect(last.edges.at(-1)?.node.id).toBe('Case:1');
  const { entities: unasked } = await ask(server, entityIds, {});
  expect(unasked.edges).toHaveLength(25);
});

test('an empty list has null cursors', async () => {
  await using server = await startTestServer();
  const { task } = await ask(server, taskFiles, { id: 'Task:1', first: 10 });
  expect(task?.files).toEqual({
    totalCount: 0,
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    edges: [],
  });
});

test('first: 0 returns an empty page with the total count', async () => {
  await using server = await startTestServer();
  const { entities } = await ask(server, entityIds, { first: 0 });
  expect(entities).toMatchObject({ totalCount: 3, edges: [], pageInfo: { startCursor: null, endCursor: null } });
});

test('a page after the last cursor is empty', async () => {
  await using server = await startTestServer();
  const { entities: all } = await ask(server, entityIds, {});
  const { entities } = await ask(server, entityIds, { first: 10, after: all.pageInfo.endCursor ?? null });
  expect(entities).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, startCursor: null, endCursor: null } });
});

test.each([{ first: -1 }, { last: -1 }, { first: 1, last: 1 }])(
  'the page arguments %o are BAD_USER_INPUT',
  async (variables) => {
    await using server = await startTestServer();
    const { data, errors } = await server.query(entityIds, variables);
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/first|last/), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  },
);

test.each(['banana', '', 'bnVsbA', 'WzEuNV0', 'W10', 'WyJ4Il0', 'e30', '💥'])(
  'the malformed cursor "%s" is BAD_USER_INPUT',
  async (cursor) => {
    await using server = await startTestServer();
    for (const variables of [{ after: cursor }, { before: cursor }]) {
      for (const result of [
        await server.query(entityIds, variables),
        await server.query(taskFiles, { id: 'Task:1', ...variables }),
      ]) {
        expect(result.errors).toMatchObject([
          { message: expect.stringContaining('cursor'), extensions: { code: 'BAD_USER_INPUT' } },
        ]);
      }
    }
  },
);

const wrong = [{ extensions: { code: 'BAD_USER_INPUT' } }];

test('a cursor of entities is BAD_USER_INPUT in a list of files', async () => {
  await using server = await startTestServer();
  const { entities } = await ask(server, entityIds, { first: 1 });
  const cursor = entities.edges[0]?.cursor ?? '';
  expect((await server.query(taskFiles, { id: 'Task:1', after: cursor })).errors).toMatchObject(wrong);
  expect((await server.query(taskFiles, { id: 'Task:1', before: cursor })).errors).toMatchObject(wrong);
});

test('a cursor of files is BAD_USER_INPUT in a list of entities', async () => {
  await using server = await startTestServer();
  const { fileEdges } = await uploadFiles(server, 'Task:1', [{ name: 'a.txt', content: 'a' }]);
  const cursor = fileEdges[0]?.cursor ?? '';
  expect((await server.query(entityIds, { after: cursor })).errors).toMatchObject(wrong);
  expect((await server.query(entityIds, { before: cursor })).errors).toMatchObject(wrong);
});

test('a cursor with an unknown entity type is BAD_USER_INPUT', async () => {
  await using server = await startTestServer();
  for (const key of [
    { type: 'Task', id: 1 },
    { type: 'toString', id: 1 },
    { type: '', id: 1 },
  ]) {
    const after = Buffer.from(JSON.stringify([key])).toString('base64url');
    const { errors } = await server.query(entityIds, { after });
    expect(errors).toMatchObject(wrong);
  }
});
