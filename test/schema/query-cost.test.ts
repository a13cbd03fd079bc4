import { expect, test } from 'vitest';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';

async function send(
  server: TestServer,
  query: string,
): Promise<{ data?: unknown; errors?: { message: string; extensions: { code: string } }[] }> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as never;
}

const tooMuch = { errors: [{ message: expect.stringContaining('too much'), extensions: { code: 'BAD_USER_INPUT' } }] };

test('rejects three nested pages of 100 by their cost', async () => {
  await using server = await startTestServer();
  const pages =
    '{ tasks(first: 100) { nodes { project { tasks(first: 100) { nodes { project { tasks(first: 100) { nodes { id } } } } } } } } }';
  expect(await send(server, pages)).toMatchObject(tooMuch);
});

test('rejects a list that is selected under 1,050 aliases', async () => {
  await using server = await startTestServer();
  const names = Array.from({ length: 1050 }, (_, index) => `a${index}: files { nodes { id } }`);
  expect(await send(server, `{ task(id: "Task:1") { ${names.join(' ')} } }`)).toMatchObject(tooMuch);
});

test('rejects a query above MAX_QUERY_DEPTH', async () => {
  await using server = await startTestServer({ MAX_QUERY_DEPTH: '10' });
  const deep = (levels: number): string =>
    levels === 0 ? 'id' : `project { tasks(first: 1) { nodes { ${deep(levels - 1)} } } }`;
  expect((await send(server, `{ task(id: "Task:1") { ${deep(2)} } }`)).errors).toBeUndefined();
  expect(await send(server, `{ task(id: "Task:1") { ${deep(4)} } }`)).toMatchObject(tooMuch);
});

test('a query with too many tokens or extreme nesting is one client error', async () => {
  await using server = await startTestServer();
  for (const query of [
    `{ ${'viewer { id } '.repeat(5000)} }`,
    '{a'.repeat(200_000),
    `{ tasks(first: ${'['.repeat(9000)} ) }`,
  ]) {
    const { errors } = await send(server, query);
    expect(errors?.[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    expect(errors).toHaveLength(1);
  }
});

test('accepts 50 tasks with 50 files each', async () => {
  await using server = await startTestServer();
  const page =
    '{ tasks(first: 50) { nodes { id title files(first: 50) { totalCount nodes { id name size url createdBy { displayName } } } } } }';
  expect((await send(server, page)).errors).toBeUndefined();
});
