import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { bearer } from '../../support/download.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const query = 'subscription { fileAdded(on: "Task:1") { cursor } }';

async function subscribe(server: TestServer, accept: string | undefined, method = 'POST') {
  const leaving = new AbortController();
  const headers = { ...bearer(server.key), 'content-type': 'application/json', ...(accept ? { accept } : {}) };
  const url = method === 'GET' ? `${server.graphqlUrl}?${new URLSearchParams({ query })}` : server.graphqlUrl;
  const body = method === 'GET' ? null : JSON.stringify({ query });
  const response = await fetch(url, { method, headers, body, signal: leaving.signal });
  const type = response.headers.get('content-type');
  const isStream = type === 'text/event-stream';
  const result = isStream || type === null ? undefined : await response.json();
  leaving.abort();
  return { status: response.status, type, result };
}

const refusal = {
  errors: [{ message: expect.stringContaining('text/event-stream'), extensions: { code: 'BAD_USER_INPUT' } }],
};

test.each([
  'application/json',
  'application/graphql-response+json, application/json;q=0.9',
  'application/json, text/plain, */*',
])('a subscription with Accept: %s is rejected with 406 and an error that names text/event-stream', async (accept) => {
  await using server = await startTestServer();
  for (const method of ['GET', 'POST']) {
    const { status, type, result } = await subscribe(server, accept, method);
    expect({ status, result }).toEqual({ status: 406, result: refusal });
    expect(type).toMatch(/^application\/(?:graphql-response\+)?json/);
  }
});

test.each(['multipart/mixed', 'text/plain'])(
  'a subscription with Accept: %s is rejected with 406 and no content type',
  async (accept) => {
    await using server = await startTestServer();
    expect(await subscribe(server, accept)).toMatchObject({ status: 406, type: null });
  },
);

test.each(['text/event-stream', 'application/json, text/event-stream', 'text/*', '*/*', undefined])(
  'a subscription with Accept: %s is answered with an event stream',
  async (accept) => {
    await using server = await startTestServer();
    expect(await subscribe(server, accept)).toMatchObject({ status: 200, type: 'text/event-stream' });
  },
);

test('Apollo Client that subscribes over HTTP shows an error that recommends WebSocket', async () => {
  await using server = await startTestServer();
  const link = new HttpLink({ uri: server.graphqlUrl, headers: bearer(server.key) });
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  const responseText = await new Promise<string>((resolve) => {
    const show = ({ message }: { message: string }) => resolve(message);
    client.subscribe({ query: parse(query) }).subscribe({ next: ({ error }) => error && show(error), error: show });
  });
  expect(responseText).toContain('WebSocket');
  client.stop();
});
