import { print } from 'graphql';
import { expect, test } from 'vitest';
import { graphql } from '../../generated/index.ts';
import type { GraphQLResult } from '../../support/client.ts';
import { uploadTaskFilesDocument } from '../../support/documents.ts';
import { bearer } from '../../support/download.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const whoAsks = graphql(`
  query WhoAsks { viewer { id } }
`);

const countProjects = graphql(`
  query CountProjects { projects { totalCount } }
`);

const addProject = graphql(`
  mutation AddProject { createProject(input: { title: "P" }) { project { id } } }
`);

const json = { 'content-type': 'application/json' };

async function post(server: TestServer, body: string, headers: Record<string, string> = json) {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { ...bearer(server.key), ...headers },
    body,
  });
  return { response, result: (await response.json()) as GraphQLResult<Record<string, unknown>> };
}

function get(server: TestServer, parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const url = `${server.graphqlUrl}?${new URLSearchParams(parameters)}`;
  return fetch(url, { headers: { ...bearer(server.key), accept: 'application/json', ...headers } });
}

test('answers a query by POST and by GET', async () => {
  await using server = await startTestServer();
  const query = print(whoAsks);
  const { response, result } = await post(server, JSON.stringify({ query }));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/(?:graphql-response\+)?json/);
  expect(result).toEqual({ data: { viewer: { id: 'User:1' } } });
  const got = await get(server, { query });
  expect(got.status).toBe(200);
  expect(await got.json()).toEqual(result);
});

test('GET accepts variables and the name of the operation', async () => {
  await using server = await startTestServer();
  const query = 'query A($id: ID!) { task(id: $id) { id } } query B { viewer { id } }';
  const response = await get(server, { query, variables: '{"id":"Task:2"}', operationName: 'A' });
  expect(await response.json()).toEqual({ data: { task: { id: 'Task:2' } } });
});

test('GET rejects a mutation with 405 and does not execute it', async () => {
  await using server = await startTestServer();
  const response = await get(server, { query: print(addProject) });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toContain('POST');
  expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] });
  expect((await server.query(countProjects)).data?.projects.totalCount).toBe(1);
});

test.each([
  ['an HTML form', 'application/x-www-form-urlencoded', new URLSearchParams({ query: print(addProject) }).toString()],
  ['plain text', 'text/plain', JSON.stringify({ query: print(addProject) })],
  ['plain text that names JSON', 'text/plain; x=application/json', JSON.stringify({ query: print(addProject) })],
  ['XML', 'application/xml', '<query/>'],
])('rejects %s, which a page of another origin could send, with 415', async (_what, type, body) => {
  await using server = await startTestServer();
  const { response, result } = await post(server, body, { 'content-type': type });
  expect(response.status).toBe(415);
  expect(result.errors).toMatchObject([{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }]);
  expect((await server.query(countProjects)).data?.projects.totalCount).toBe(1);
});

test('rejects a body without a content type with 415', async () => {
  await using server = await startTestServer();
  const body = new Blob([JSON.stringify({ query: print(addProject) })]);
  const response = await fetch(server.graphqlUrl, { method: 'POST', headers: bearer(server.key), body });
  expect(response.status).toBe(415);
});

test.each([
  '{',
  '',
  '{"query":',
  'null',
  '"query"',
  '42',
  '[]',
  '{"query":5}',
  '{"query":"{viewer{id}}","variables":"x"}',
])('rejects the body %s, which is not a GraphQL request, with 400', async (body) => {
  await using server = await startTestServer();
  const { response, result } = await post(server, body);
  expect(response.status).toBe(400);
  expect(result.errors).toMatchObject([{ message: expect.any(String), extensions: { code: expect.any(String) } }]);
});

test.each([
  ['without an operation', {}],
  ['that cannot be parsed', { query: '{ viewer { id }' }],
  ['that asks for what there is not', { query: '{ nothing }' }],
  ['with several operations and no operationName', { query: 'query A { __typename } query B { __typename }' }],
  ['without a variable that it needs', { query: 'query($id: ID!) { task(id: $id) { id } }' }],
  ['with a wrong variable', { query: 'query($n: Int) { tasks(first: $n) { totalCount } }', variables: { n: 'x' } }],
])('answers a query %s with an error whose code is not INTERNAL_SERVER_ERROR', async (_what, body) => {
  await using server = await startTestServer();
  const { response, result } = await post(server, JSON.stringify(body));
  expect(response.status).toBeLessThan(500);
  expect(result.errors?.[0]?.message).toEqual(expect.any(String));
  expect(result.errors?.[0]?.extensions?.code).toEqual(expect.stringMatching(/^[A-Z_]+$/));
  expect(result.errors?.[0]?.extensions?.code).not.toBe('INTERNAL_SERVER_ERROR');
});

test('rejects a query above MAX_QUERY_SIZE with 413', async () => {
  await using server = await startTestServer({ MAX_QUERY_SIZE: '1000' });
  const query = print(whoAsks);
  const fits = JSON.stringify({ query, variables: { x: '' } });
  const padded = (size: number) => JSON.stringify({ query, variables: { x: 'x'.repeat(size - fits.length) } });
  expect((await post(server, padded(1000))).response.status).toBe(200);
  for (const size of [1001, 1_000_000]) {
    const { response, result } = await post(server, padded(size));
    expect(response.status).toBe(413);
    expect(result.errors).toMatchObject([{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }]);
  }
});

test('answers a request without a key or with an unknown key with 401 and the Bearer scheme', async () => {
  await using server = await startTestServer();
  const body = JSON.stringify({ query: print(whoAsks) });
  for (const authorization of [undefined, '', 'Bearer', 'Bearer not-a-key', 'not-a-key', `Basic ${btoa('a:b')}`]) {
    const headers = { ...json, ...(authorization === undefined ? {} : { authorization }) };
    const response = await fetch(server.graphqlUrl, { method: 'POST', headers, body });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  }
});

test.each([
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
  ['application/json, application/graphql-response+json', 'application/json'],
  ['application/json', 'application/json'],
  ['*/*', 'application/json'],
  ['text/event-stream', 'application/json'],
])('a 401 with Accept: %s has the content type %s, like a 400', async (accept, type) => {
  await using server = await startTestServer();
  const ask = (key: string) =>
    fetch(server.graphqlUrl, { method: 'POST', headers: { ...json, ...bearer(key), accept }, body: '{' });
  const refused = await ask('unknown');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  const wrong = await ask(server.key);
  if (accept !== 'text/event-stream') expect(wrong.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
});

test('answers an upload without a key with a readable 401, and stores no byte', async () => {
  await using server = await startTestServer();
  const form = new FormData();
  const variables = { taskId: 'Task:1', files: [null] };
  form.append('operations', JSON.stringify({ query: print(uploadTaskFilesDocument), variables }));
  form.append('map', '{"0":["variables.files.0"]}');
  form.append('0', new Blob([Buffer.alloc(5_000_000)]), 'large.bin');
  const response = await fetch(server.graphqlUrl, { method: 'POST', body: form });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(await server.stored()).toEqual({ staging: [], blobs: [] });
});

test('accepts the key as a bearer token or bare', async () => {
  await using server = await startTestServer();
  const body = JSON.stringify({ query: print(whoAsks) });
  for (const authorization of [`Bearer ${server.key}`, `bearer ${server.key}`, server.key]) {
    const response = await fetch(server.graphqlUrl, { method: 'POST', headers: { ...json, authorization }, body });
    expect(await response.json()).toEqual({ data: { viewer: { id: 'User:1' } } });
  }
});

test('answers an unknown address with 404 in JSON', async () => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/elsewhere`, { headers: bearer(server.key) });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('rejects PUT, DELETE and PATCH at the GraphQL endpoint', async () => {
  await using server = await startTestServer();
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await fetch(server.graphqlUrl, { method, headers: bearer(server.key) });
    expect([404, 405]).toContain(response.status);
  }
});
