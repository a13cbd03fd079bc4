import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, subscriptionExchange } from '@urql/core';
import type { Sink } from 'graphql-ws';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { KEY } from '../support/durability-files.ts';
import { cursorOf, eventSubscription, type FileEvent, readEvents, socketOf } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The time after which a test fails. No result depends on it. */
const polling = { timeout: 30_000 };

test('a graphql-ws client that advances its cursor receives every event once over restarts and kills', async () => {
  await using folder = await temporaryFolder('events');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY };
  let running = await startProcess(env);
  const { port } = new URL(running.graphqlUrl);
  const server = running;
  const client = createClient({
    url: server.wsUrl,
    connectionParams: { authorization: KEY },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
  });
  const payload = { query: eventSubscription(), variables: { on: 'Task:1', after: await cursorOf(server, 'Task:1') } };
  const received: string[] = [];
  const endings: unknown[] = [];
  client.subscribe<{ event: FileEvent }>(payload, {
    next({ data }) {
      if (!data) return;
      payload.variables.after = data.event.cursor;
      received.push(data.event.file.name);
    },
    error: (error) => endings.push(error),
    complete: () => endings.push('complete'),
  });
  const expected: string[] = [];
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
    for (const name of [`before ${signal}`, `at ${signal}`]) {
      await uploadFile(server, 'Task:1', name);
      expected.push(name);
    }
    if (signal === 'SIGTERM') await expect.poll(() => received.length, polling).toBe(expected.length);
    await running.end(signal);
    running = await startProcess({ ...env, PORT: port });
  }
  await uploadFile(server, 'Task:1', 'last');
  await expect.poll(() => received.at(-1), polling).toBe('last');
  expect(received).toEqual([...expected, 'last']);
  expect(endings).toEqual([]);
  await client.dispose();
  await running[Symbol.asyncDispose]();
});

test('Apollo Client receives the events after a cursor and then live events', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  await uploadFiles(server, 'Task:1', ['a', 'b']);
  const sockets = socketOf(server);
  const client = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(sockets) });
  const received: (string | undefined)[] = [];
  const subscription = client
    .subscribe<{ event: FileEvent }>({ query: gql(eventSubscription()), variables: { on: 'Task:1', after } })
    .subscribe(({ data, error }) => void received.push(error ? String(error) : data?.event.file.name));
  await expect.poll(() => received, polling).toEqual(['a', 'b']);
  await uploadFile(server, 'Task:1', 'c');
  await expect.poll(() => received, polling).toEqual(['a', 'b', 'c']);
  subscription.unsubscribe();
  client.stop();
  await sockets.dispose();
});

test('urql receives the events after a cursor and then live events', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  await uploadFiles(server, 'Task:1', ['a', 'b']);
  const sockets = socketOf(server);
  const forwardSubscription = ({
    query = '',
    variables,
  }: {
    query?: string | undefined;
    variables?: object | undefined;
  }) => ({
    subscribe: (sink: object) => ({
      unsubscribe: sockets.subscribe({ query, variables: { ...variables } }, sink as Sink),
    }),
  });
  const client = new Client({ url: server.graphqlUrl, exchanges: [subscriptionExchange({ forwardSubscription })] });
  const received: string[] = [];
  const { unsubscribe } = client
    .subscription<{ event: FileEvent }>(eventSubscription(), { on: 'Task:1', after })
    .subscribe(({ data, error }) => void received.push(error ? String(error) : (data?.event.file.name ?? '')));
  await expect.poll(() => received, polling).toEqual(['a', 'b']);
  await uploadFile(server, 'Task:1', 'c');
  await expect.poll(() => received, polling).toEqual(['a', 'b', 'c']);
  unsubscribe();
  await sockets.dispose();
  expect((await readEvents(server, 'Task:1', { after })).length).toBe(3);
});
