import { print } from 'graphql';
import type { ConnectionInitMessage } from 'graphql-ws';
import { expect, test } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { graphql } from '../../generated/index.ts';
import { collect, connect } from '../../support/live.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const viewerQuery = graphql(`
  query WhoListens { viewer { id displayName } }
`);

type Params = NonNullable<ConnectionInitMessage['payload']>;

/** Returns the viewer of a connection, or the code with which the server closed it. */
async function viewerOf(server: TestServer, connectionParams?: Params, headers: ClientOptions['headers'] = {}) {
  const closed = Promise.withResolvers<{ code: number }>();
  class WithHeaders extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers });
    }
  }
  const client = connect(server, {
    connectionParams,
    webSocketImpl: WithHeaders,
    on: { closed: (event) => closed.resolve(event as { code: number }) },
  });
  const [answer] = await collect(client.iterate({ query: print(viewerQuery) })).catch(() => []);
  await client.dispose();
  return answer ? answer.data?.viewer : (await closed.promise).code;
}

const administrator = { id: 'User:1', displayName: 'Administrator' };

test('accepts a key in the connection parameters, as a bearer token or bare, in any case of the parameter name', async () => {
  await using server = await startTestServer();
  expect(await viewerOf(server, { authorization: `Bearer ${server.key}` })).toEqual(administrator);
  expect(await viewerOf(server, { Authorization: `bearer ${server.key}` })).toEqual(administrator);
  expect(await viewerOf(server, { authorization: server.key })).toEqual(administrator);
});

test('accepts a key in the header of the upgrade request, as a bearer token or bare', async () => {
  await using server = await startTestServer();
  expect(await viewerOf(server, undefined, { authorization: `Bearer ${server.key}` })).toEqual(administrator);
  expect(await viewerOf(server, {}, { authorization: server.key })).toEqual(administrator);
});

test('a connection without a key is closed with 4401', async () => {
  await using server = await startTestServer();
  expect(await viewerOf(server)).toBe(4401);
  expect(await viewerOf(server, {})).toBe(4401);
  expect(await viewerOf(server, { authorization: '' })).toBe(4401);
});

test('a connection with an unknown key is closed with 4401', async () => {
  await using server = await startTestServer();
  expect(await viewerOf(server, { authorization: 'Bearer not-a-key' })).toBe(4401);
  expect(await viewerOf(server, undefined, { authorization: 'Bearer not-a-key' })).toBe(4401);
  expect(await viewerOf(server, { authorization: `Basic ${btoa(`admin:${server.key}`)}` })).toBe(4401);
});

test('a connection whose authorization parameter is not a string is closed with 4401', async () => {
  await using server = await startTestServer();
  for (const authorization of [1, null, true, [server.key], { key: server.key }]) {
    expect(await viewerOf(server, { authorization })).toBe(4401);
  }
});

test('the key in the connection parameters takes precedence over the one in the header', async () => {
  await using server = await startTestServer();
  const headers = { authorization: `Bearer ${server.key}` };
  expect(await viewerOf(server, { authorization: 'Bearer not-a-key' }, headers)).toBe(4401);
  const params = { authorization: `Bearer ${server.key}` };
  expect(await viewerOf(server, params, { authorization: 'Bearer not-a-key' })).toEqual(administrator);
});
