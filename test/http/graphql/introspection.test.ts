import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { execute, type GraphQLResult } from '../../support/client.ts';
import { connect } from '../../support/live.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const asks = {
  'the whole schema': getIntrospectionQuery(),
  'a type': '{ __type(name: "User") { name } }',
  'a type below an alias': '{ viewer { id } a: __schema { queryType { name } } }',
  'a type in a fragment': 'query { ...F } fragment F on Query { ... on Query { __type(name: "User") { name } } }',
  'a type in a mutation with another operation': 'mutation A { __typename } query B { __schema { description } }',
};

type Send = (server: TestServer, query: string, key: string) => Promise<GraphQLResult<object>>;

const overHttp: Send = (server, query, key) => execute(server, query, {}, key);

const overWebSocket: Send = async (server, query, key) => {
  const client = connect(server, { connectionParams: { authorization: `Bearer ${key}` } });
  try {
    return await new Promise((resolve) =>
      client.subscribe(
        { query },
        { next: resolve as never, error: (errors) => resolve({ errors: errors as never }), complete() {} },
      ),
    );
  } finally {
    await client.dispose();
  }
};

const transports = Object.entries({ HTTP: overHttp, WebSocket: overWebSocket });

describe.each(transports)('over %s', (_name, send) => {
  test('with INTROSPECTION=admins, only keys of administrators with the scope ADMIN read the schema', async () => {
    await using server = await startTestServer({ INTROSPECTION: 'admins' });
    const bob = await newPerson(server, 'Bob');
    // The administrator is first, so that cached queries are seen to be checked as well.
    for (const [what, query] of Object.entries(asks).slice(0, 4)) {
      expect([what, (await send(server, query, server.key)).errors]).toEqual([what, undefined]);
      expect([what, await send(server, query, bob.key)]).toMatchObject([
        what,
        { errors: [{ message: expect.stringContaining('introspection'), extensions: { code: 'FORBIDDEN' } }] },
      ]);
    }
    expect(await send(server, '{ __typename viewer { __typename } }', bob.key)).toMatchObject({
      data: { __typename: 'Query', viewer: { __typename: 'User' } },
    });
  });

  test('names of the schema are suggested only to those who may read it', async () => {
    await using server = await startTestServer({ INTROSPECTION: 'admins' });
    const bob = await newPerson(server, 'Bob');
    const misspelled = '{ viewer { displayNam } }';
    const [forAdmin] = (await send(server, misspelled, server.key)).errors ?? [];
    const [forBob] = (await send(server, misspelled, bob.key)).errors ?? [];
    expect(forAdmin?.message).toContain('Did you mean "displayName"');
    expect(forBob?.message).toBe('Cannot query field "displayNam" on type "User".');
  });
});

test('with INTROSPECTION=none, nobody reads the schema, also over GET', async () => {
  await using server = await startTestServer({ INTROSPECTION: 'none' });
  for (const query of Object.values(asks).slice(0, 4)) {
    const url = `${server.graphqlUrl}?${new URLSearchParams({ query })}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${server.key}` } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  }
});

test('suggestions of values of variables are left out as well', async () => {
  await using server = await startTestServer({ INTROSPECTION: 'none' });
  const query = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }';
  for (const input of [
    { name: 'x', scop: 'READ' },
    { name: 'x', scope: 'REED' },
  ]) {
    const { errors } = await execute(server, query, { input });
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
  }
});

test.each([
  ['production', 'FORBIDDEN'],
  ['development', undefined],
])('with NODE_ENV=%s, the error of a user who is no administrator is %s', async (environment, code) => {
  await using server = await startTestServer({ NODE_ENV: environment });
  const bob = await newPerson(server, 'Bob');
  const { errors } = await execute(server, asks['a type'], {}, bob.key);
  expect(errors?.[0]?.extensions.code).toBe(code);
});

test('the audits of GraphQL over HTTP pass for an administrator in production', async () => {
  await using server = await startTestServer({ NODE_ENV: 'production' });
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...(init.headers as object), authorization: `Bearer ${server.key}` } });
  const failed = [];
  for (const audit of serverAudits({ url: server.graphqlUrl, fetchFn })) {
    const { status } = await audit.fn();
    if (status === 'error') failed.push(audit.name);
  }
  expect(failed).toEqual([]);
});
