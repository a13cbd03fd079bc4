import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { bearer, sha256 } from '../support/download.ts';
import { openProtocolSocket } from '../support/protocol-socket.ts';
import { BOUNDARY, closing, field, post } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { eventsOf } from '../support/sse.ts';

const extensions = { persistedQuery: { version: 1, sha256Hash: sha256('{ viewer { id } }') } };
const notSupported = {
  message: 'PersistedQueryNotSupported',
  extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
};

function ask(server: TestServer, method: 'GET' | 'POST', accept: string): Promise<Response> {
  const headers = { ...bearer(server.key), accept };
  if (method === 'GET')
    return fetch(`${server.graphqlUrl}?${new URLSearchParams({ extensions: JSON.stringify(extensions) })}`, {
      headers,
    });
  const body = JSON.stringify({ extensions });
  return fetch(server.graphqlUrl, { method, headers: { ...headers, 'content-type': 'application/json' }, body });
}

test.each([false, true])(
  'Apollo Client sends the full query after a rejected hash, and no further hash (GET: %s)',
  async (byGet) => {
    await using server = await startTestServer();
    const sent: string[] = [];
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new PersistedQueryLink({ sha256, useGETForHashedQueries: byGet }).concat(
        new HttpLink({
          uri: server.graphqlUrl,
          headers: { ...bearer(server.key), 'apollo-require-preflight': 'true' },
          fetch(url, init) {
            const hasHash = `${url} ${init?.body}`.includes('sha256Hash');
            sent.push(`${init?.method} ${hasHash ? 'hash' : 'query'}`);
            return fetch(url as string, init);
          },
        }),
      ),
    });
    for (const id of ['1', '2']) {
      const query = parse(`{ task(id: "Task:${id}") { id } }`);
      expect((await client.query({ query })).data).toMatchObject({ task: { id: `Task:${id}` } });
    }
    expect(sent).toEqual([byGet ? 'GET hash' : 'POST hash', 'POST query', 'POST query']);
    client.stop();
  },
);

test.each([
  ['GET', 'application/json'],
  ['POST', 'application/json'],
  ['GET', 'application/graphql-response+json'],
  ['POST', 'application/graphql-response+json'],
] as const)('a hash without a query by %s is PERSISTED_QUERY_NOT_SUPPORTED as %s', async (method, accept) => {
  await using server = await startTestServer();
  const response = await ask(server, method, accept);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
  expect(await response.json()).toEqual({ errors: [notSupported] });
});

test.each(['GET', 'POST'] as const)(
  'a hash without a query by %s over SSE is answered with one error event',
  async (method) => {
    await using server = await startTestServer();
    const [event, ...others] = await Array.fromAsync(eventsOf(await ask(server, method, 'text/event-stream')));
    expect(JSON.parse(event?.data ?? '')).toEqual({ errors: [notSupported] });
    expect(others).toMatchObject([{ event: 'complete' }]);
  },
);

test('a hash without a query over WebSocket fails its operation and keeps the connection', async () => {
  await using server = await startTestServer();
  await using socket = await openProtocolSocket(server, server.key);
  const send = (id: string, payload: object) => socket.socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
  for (const [id, payload] of [{ extensions }, { query: '', extensions }, { query: null, extensions }].entries()) {
    send(String(id), payload);
    expect(await socket.next(String(id))).toMatchObject({ type: 'error', payload: [notSupported] });
  }
  send('whole', { query: '{ viewer { id } }', extensions });
  expect(await socket.next('whole')).toMatchObject({ type: 'next', payload: { data: { viewer: { id: 'User:1' } } } });
});

test('a hash without a query in a multipart request is PERSISTED_QUERY_NOT_SUPPORTED', async () => {
  await using server = await startTestServer();
  const body = Buffer.concat([field('operations', { extensions }), field('map', {}), closing(BOUNDARY)]);
  expect(await post(server, body)).toMatchObject({ status: 200, body: { errors: [notSupported] } });
});

test('a query sent with its hash is executed', async () => {
  await using server = await startTestServer();
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { ...bearer(server.key), 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { id } }', extensions }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { id: 'User:1' } } });
});

test('a request without a query and without a valid hash is BAD_USER_INPUT', async () => {
  await using server = await startTestServer();
  for (const wrong of [{}, { persistedQuery: null }, { persistedQuery: { sha256Hash: 5 } }]) {
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { ...bearer(server.key), 'content-type': 'application/json' },
      body: JSON.stringify({ extensions: wrong }),
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  }
});
