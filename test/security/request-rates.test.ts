import { print } from 'graphql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { basic } from '../legacy/kanboard.ts';
import { dataOf, execute } from '../support/client.ts';
import { fileAdded } from '../support/documents.ts';
import { collect, connect } from '../support/live.ts';
import { createApiKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

// Requests are allowed again as time passes, so the clock stands still in these tests.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const viewer = '{ viewer { id } }';
const json = { 'content-type': 'application/json' };
const tus = { 'tus-resumable': '1.0.0' };

/** A request of a key, by each transport that needs nothing but a key. */
const transports: Record<string, (key: string) => RequestInit & { path: string }> = {
  GraphQL: (key) => ({
    path: '/graphql',
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: viewer }),
  }),
  'a download': (key) => ({ path: '/files/1/content', headers: { authorization: `Bearer ${key}` } }),
  'an archive': (key) => ({ path: '/files/zip?on=Task:1', headers: { authorization: `Bearer ${key}` } }),
  tus: (key) => ({
    path: '/uploads',
    method: 'POST',
    headers: { ...tus, authorization: `Bearer ${key}`, 'upload-length': '1' },
  }),
  Kanboard: (key) => ({
    path: '/jsonrpc.php',
    method: 'POST',
    headers: { ...json, authorization: basic('jsonrpc', key) },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'getVersion', id: 1 }),
  }),
  ONLYOFFICE: (key) => ({ path: '/api/2.0/project/task/1/files', headers: { authorization: basic('x', key) } }),
  Worksection: (key) => ({
    path: '/api/admin/v2/?action=get_projects',
    headers: { authorization: `Bearer ${key}` },
  }),
  COR: (key) => ({ path: '/v1/tasks/1/attachments', headers: { authorization: `Bearer ${key}` } }),
};

async function send(server: TestServer, transport: string, key = server.key): Promise<Response> {
  const requestOf = transports[transport];
  if (!requestOf) throw new Error(`There is no transport ${transport}.`);
  const { path, ...init } = requestOf(key);
  const response = await fetch(new URL(path, server.url), init);
  await response.arrayBuffer();
  return response;
}

describe.each([
  ['key', { MAX_REQUESTS_PER_KEY: '10' }],
  ['user', { MAX_REQUESTS_PER_USER: '10' }],
  ['address', { MAX_REQUESTS_PER_ADDRESS: '10' }],
] as const)('a limit of requests of one %s', (_whose, env) => {
  test('counts the requests of all transports together', async () => {
    await using server = await startTestServer({ ...env, LEGACY_APIS: 'kanboard,onlyoffice,worksection,cor' });
    const names = Object.keys(transports);
    for (let index = 0; index < 10; index += 1)
      expect((await send(server, names[index % names.length] as string)).status).not.toBe(429);
    for (const name of names) {
      const { status, headers } = await send(server, name);
      expect([name, status, headers.get('retry-after')]).toEqual([name, 429, '6']);
    }
    vi.advanceTimersByTime(6000);
    expect((await send(server, 'GraphQL')).status).toBe(200);
    expect((await send(server, 'GraphQL')).status).toBe(429);
  });
});

test('the error of GraphQL has the code RATE_LIMITED and the time to wait', async () => {
  await using server = await startTestServer({ MAX_REQUESTS_PER_KEY: '1' });
  await execute(server, viewer);
  const { errors } = await execute(server, viewer);
  const extensions = { code: 'RATE_LIMITED', retryAfterSeconds: 60 };
  expect(errors).toMatchObject([{ message: expect.stringContaining('60 s'), extensions }]);
  const accept = { ...json, accept: 'text/event-stream', authorization: `Bearer ${server.key}` };
  const body = JSON.stringify({ query: print(fileAdded), variables: { on: 'Task:1' } });
  const stream = await fetch(server.graphqlUrl, { method: 'POST', headers: accept, body });
  expect([stream.status, await stream.text()]).toEqual([429, expect.stringContaining('"retryAfterSeconds":60')]);
});

test('the limit of a user holds for all of their keys, and for nobody else', async () => {
  await using server = await startTestServer({ MAX_REQUESTS_PER_USER: '5' });
  const bob = await newPerson(server, 'Bob');
  const { key } = dataOf(await server.query(createApiKey, { input: { name: 'second' } }, bob.key)).createApiKey;
  await send(server, 'GraphQL', key);
  const statuses = [];
  for (const used of [bob.key, key, bob.key, key]) statuses.push((await send(server, 'GraphQL', used)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect((await send(server, 'GraphQL')).status).toBe(200);
});

test('requests without valid credentials count for their address', async () => {
  await using server = await startTestServer({ MAX_REQUESTS_PER_ADDRESS: '3' });
  const statuses = [];
  for (const key of ['', 'wrong', 'wrong', server.key]) statuses.push((await send(server, 'GraphQL', key)).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
});

test('operations of a WebSocket count; one beyond the limit fails alone, and a new connection is refused', async () => {
  await using server = await startTestServer({ MAX_REQUESTS_PER_KEY: '3' });
  const client = connect(server, { lazy: false });
  const next = client.iterate({ query: print(fileAdded), variables: { on: 'Task:1' } }).next();
  next.catch(() => {}); // the server closes the connection at the end
  expect(await collect(client.iterate({ query: viewer }))).toMatchObject([{ data: { viewer: { id: 'User:1' } } }]);
  const refused = collect(client.iterate({ query: viewer }));
  await expect(refused).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 20 } }]);
  expect(await Promise.race([next, 'open'])).toBe('open');
  const other = connect(server);
  await expect(collect(other.iterate({ query: viewer }))).rejects.toMatchObject({ code: 1013 });
  await client.dispose();
});

describe.each([
  ['key', { MAX_REQUESTS_PER_KEY: '5' }],
  ['user', { MAX_REQUESTS_PER_USER: '5' }],
  ['address', { MAX_REQUESTS_PER_ADDRESS: '5' }],
] as const)('a batch of Kanboard and a limit of one %s', (_whose, env) => {
  const post = async (server: TestServer, calls: unknown) => {
    const headers = { ...json, authorization: basic('jsonrpc', server.key) };
    const response = await fetch(`${server.url}/jsonrpc.php`, { method: 'POST', headers, body: JSON.stringify(calls) });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const call = (id: number, method = 'getVersion') => ({ jsonrpc: '2.0', method, id });
  const refused = { code: -32000, message: expect.stringContaining('Too many requests') };

  test('each of its requests counts, also of unknown methods; those beyond the limit fail alone', async () => {
    await using server = await startTestServer({ ...env, LEGACY_APIS: 'kanboard' });
    expect(await post(server, [call(1), call(2, 'unknown')])).toMatchObject({
      status: 200,
      body: [
        { id: 1, result: '1.2.49' },
        { id: 2, error: { code: -32601 } },
      ],
    });
    const { status, body } = await post(
      server,
      [1, 2, 3, 4, 5].map((id) => call(id)),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }, { error: refused, id: 4 }, { error: refused, id: 5 }]);
    expect((await post(server, [call(1)])).status).toBe(429);
    expect((await send(server, 'GraphQL')).status).toBe(429);
    vi.advanceTimersByTime(12_000);
    expect((await post(server, call(1))).body).toMatchObject({ result: '1.2.49' });
  });
});
