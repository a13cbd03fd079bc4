import { SubscriptionClient, type SubscriptionStatus } from 'attache-client/subscriptions';
import { expect, test } from 'vitest';
import { startProxy } from '../../../scripts/support/proxy.ts';
import { ask } from '../../support/client.ts';
import { cursorOf, eventSubscription, type FileEvent } from '../../support/events.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

type Events = { event: FileEvent };

/** A client and everything that it reports. */
function startClient(server: Pick<TestServer, 'url' | 'key'>, port?: number) {
  const statuses: SubscriptionStatus[] = [];
  const url = new URL('/graphql', server.url);
  if (port !== undefined) url.port = String(port);
  const client = new SubscriptionClient({
    url: url.href,
    token: server.key,
    onStatus: (status) => statuses.push(status),
    retryDelay: () => 20,
  });
  const received: (string | undefined)[] = [];
  const endings: unknown[] = [];
  const sink = {
    next: ({ data, errors }: { data?: Events | null | undefined; errors?: unknown }) =>
      void received.push(errors ? JSON.stringify(errors) : data?.event.file.name),
    error: (error: unknown) => void endings.push(error),
    complete: () => void endings.push('complete'),
  };
  return { client, statuses, received, endings, sink, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

test('a subscription without a cursor misses nothing from its first moment on, also when its connection is cut', async () => {
  await using server = await startTestServer();
  await using proxy = await startProxy(Number(new URL(server.url).port));
  await using opened = startClient(server, proxy.port);
  const { client, received, statuses, endings, sink } = opened;
  client.subscribe<Events>({ query: eventSubscription(), variables: { on: 'Task:1' } }, sink);
  await expect.poll(() => client.status).toBe('connected');
  proxy.cut(1);
  await uploadFile(server, 'Task:1', 'one');
  await expect.poll(() => received).toEqual(['one']);
  await expect.poll(() => client.status).toBe('connected');
  await uploadFile(server, 'Task:1', 'two');
  await expect.poll(() => received).toEqual(['one', 'two']);
  expect(endings).toEqual([]);
  expect(statuses.slice(0, 3)).toEqual(['connecting', 'catching-up', 'connected']);
  expect(statuses).toContain('reconnecting');
});

test('a subscription after a cursor is catching up until every event of the past is delivered', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  const names = Array.from({ length: 120 }, (_, index) => `file ${index}`);
  for (let from = 0; from < names.length; from += 20) await uploadFiles(server, 'Task:1', names.slice(from, from + 20));
  await using opened = startClient(server);
  const { client, received, sink } = opened;
  let receivedWhenConnected = -1;
  client.onStatus((status) => {
    if (status === 'connected' && receivedWhenConnected < 0) receivedWhenConnected = received.length;
  });
  client.subscribe<Events>({ query: eventSubscription(), variables: { on: 'Task:1', after } }, sink);
  await expect.poll(() => client.status).toBe('connected');
  expect(receivedWhenConnected).toBe(120);
  expect(received).toEqual(names);
});

test('a subscription to added files catches up although the last events are of another kind', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  const { id } = await uploadFile(server, 'Task:1', 'one');
  await ask(server, 'mutation ($id: ID!) { updateFile(input: { fileId: $id, name: "b" }) { file { id } } }', { id });
  await using opened = startClient(server);
  const { client, received, sink } = opened;
  const query = eventSubscription().replace('fileEvents', 'fileAdded');
  client.subscribe<Events>({ query, variables: { on: 'Task:1', after } }, sink);
  await expect.poll(() => client.status, { timeout: 5000 }).toBe('connected');
  expect(received).toEqual(['one']);
});

test('a refused subscription ends with the code of the refusal, and others of the client continue', async () => {
  await using server = await startTestServer();
  await using opened = startClient(server);
  const { client, received, endings, sink } = opened;
  client.subscribe<Events>({ query: eventSubscription(), variables: { on: 'Task:1' } }, sink);
  client.subscribe<Events>({ query: eventSubscription(), variables: { on: 'Task:999' } }, sink);
  await expect.poll(() => endings).toMatchObject([{ name: 'OperationError', code: 'NOT_FOUND' }]);
  await expect.poll(() => client.status).toBe('connected');
  await uploadFile(server, 'Task:1', 'one');
  await expect.poll(() => received).toEqual(['one']);
});

/** The cursor, of a log that the server does not have any more. */
function expired(cursor: string): string {
  const [, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return Buffer.from(['0123456789abcdef', ...rest].join(' ')).toString('base64url');
}

test('an expired cursor is replaced, and a subscription whose new cursors expire too ends after pauses', async () => {
  await using server = await startTestServer();
  const delays: number[] = [];
  const retryDelay = (attempt: number) => {
    delays.push(attempt);
    return 10;
  };
  await using client = new SubscriptionClient({ url: server.graphqlUrl, token: server.key, retryDelay });
  await using opened = startClient(server);
  const cursor = await cursorOf(server, 'Task:1');
  const old = expired(cursor);
  const request = { query: eventSubscription(), variables: { on: 'Task:1', after: old } };
  let calls = 0;
  const onCursorExpired = () => (++calls < 3 ? old : cursor);
  const stop = client.subscribe<Events>(request, opened.sink, { onCursorExpired });
  await uploadFile(server, 'Task:1', 'one');
  await expect.poll(() => opened.received).toEqual(['one']);
  expect(calls).toBe(3);
  stop();
  calls = Number.NEGATIVE_INFINITY;
  delays.length = 0;
  client.subscribe<Events>(request, opened.sink, { onCursorExpired });
  await expect.poll(() => opened.endings).toMatchObject([{ code: 'CURSOR_EXPIRED' }]);
  expect(delays).toEqual([0, 1, 2]);
});

test('a subscription that could not be resumed is refused at once', async () => {
  await using server = await startTestServer();
  await using opened = startClient(server);
  const { client, endings, sink } = opened;
  const withoutAfter = 'subscription ($on: ID!) { event: fileEvents(on: $on) { cursor } }';
  expect(() => client.subscribe({ query: withoutAfter, variables: { on: 'Task:1' } }, sink as never)).toThrow(
    /\$after/,
  );
  client.subscribe<Events>({ query: eventSubscription('file { name }'), variables: { on: 'Task:1' } }, sink);
  await expect.poll(() => client.status).toBe('connected');
  await uploadFile(server, 'Task:1', 'one');
  await expect.poll(() => endings).toMatchObject([{ message: expect.stringContaining('select its `cursor`') }]);
});

test('a key that the server does not know ends a subscription; a token function is called once more', async () => {
  await using server = await startTestServer();
  await using unknown = startClient({ url: server.url, key: 'att_unknown' });
  unknown.client.subscribe<Events>({ query: eventSubscription(), variables: { on: 'Task:1' } }, unknown.sink);
  await expect.poll(() => unknown.endings).toMatchObject([{ code: 4401 }]);
  expect(unknown.client.status).toBe('idle');

  const refusals: boolean[] = [];
  await using client = new SubscriptionClient({
    url: server.graphqlUrl,
    token({ isRefused }) {
      refusals.push(isRefused);
      return isRefused ? server.key : 'att_unknown';
    },
  });
  for (const on of ['Task:1', 'Project:1'])
    client.subscribe<Events>({ query: eventSubscription(), variables: { on } }, unknown.sink);
  await expect.poll(() => client.status).toBe('connected');
  expect(refusals).toEqual([false, true]);
  expect(unknown.endings.length).toBe(1);
});

test('a loop over a subscription ends it when it is left', async () => {
  await using server = await startTestServer();
  await using opened = startClient(server);
  const { client } = opened;
  const after = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'one');
  for await (const { data } of client.iterate<Events>({
    query: eventSubscription(),
    variables: { on: 'Task:1', after },
  })) {
    expect(data?.event.file.name).toBe('one');
    break;
  }
  expect(client.status).toBe('idle');
  const leaving = new AbortController();
  const loop = (async () => {
    for await (const _ of client.iterate(
      { query: eventSubscription(), variables: { on: 'Task:1' } },
      { signal: leaving.signal },
    ));
  })();
  await expect.poll(() => client.status).toBe('connected');
  leaving.abort();
  await loop;
  expect(client.status).toBe('idle');
  // The connection stays open for a moment, and then closes.
  await new Promise((resolve) => setTimeout(resolve, 700));
  client.subscribe({ query: eventSubscription(), variables: { on: 'Task:1' } }, opened.sink as never);
  expect(client.status).toBe('connecting');
});

test('a loop over a subscription ends when its client is disposed, and at once afterwards', async () => {
  await using server = await startTestServer();
  await using opened = startClient(server);
  const { client, endings, sink } = opened;
  const request = { query: eventSubscription(), variables: { on: 'Task:1' } };
  client.subscribe<Events>(request, sink);
  const waiting = client.iterate<Events>(request).next();
  await expect.poll(() => client.status).toBe('connected');
  await client[Symbol.asyncDispose]();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(endings).toEqual(['complete']);
  expect(await client.iterate<Events>(request).next()).toEqual({ done: true, value: undefined });
  expect(client.status).toBe('idle');
});

test('a slow loop pauses its subscription, and receives every event once', async () => {
  await using server = await startTestServer();
  const sent: string[] = [];
  let received = 0;
  class CountingSocket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      this.addEventListener('message', ({ data }) => {
        if (/"type":"next".*"event"/.test(String(data))) received += 1;
      });
    }
    override send(data: string) {
      const { type, payload } = JSON.parse(data) as { type: string; payload?: { query?: string } };
      if (type === 'complete' || payload?.query?.startsWith('subscription')) sent.push(type);
      super.send(data);
    }
  }
  await using client = new SubscriptionClient({
    url: server.graphqlUrl,
    token: server.key,
    webSocketImpl: CountingSocket,
    retryDelay: () => 20,
  });
  const after = await cursorOf(server, 'Task:1');
  const names = Array.from({ length: 120 }, (_, index) => `file ${index}`);
  const add = async (from: number) => {
    for (let at = from; at < from + 60; at += 20) await uploadFiles(server, 'Task:1', names.slice(at, at + 20));
  };
  await add(0);
  const seen: (string | undefined)[] = [];
  const request = { query: eventSubscription(), variables: { on: 'Task:1', after } };
  for await (const { data } of client.iterate<Events>(request, { maxWaiting: 10 })) {
    seen.push(data?.event.file.name);
    if (seen.length === 1) {
      await expect.poll(() => sent).toEqual(['subscribe', 'complete']);
      const before = received;
      await add(60);
      await new Promise((resolve) => setTimeout(resolve, 700)); // the connection closes meanwhile
      expect(received).toBe(before);
      expect(client.status).toBe('catching-up');
    }
    if (seen.length === names.length) break;
  }
  expect(seen).toEqual(names);
  expect(client.status).toBe('idle');
});
