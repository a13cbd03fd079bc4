import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, subscriptionExchange } from '@urql/core';
import type { Sink } from 'graphql-ws';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { KEY } from '../support/durability-files.ts';
import { cursorOf, eventsOf, past, socketOf, type Told } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';

/** The time after which a test fails. No result depends on it. */
const patience = { timeout: 30_000 };

test('a graphql-ws client that advances its cursor receives every event once over restarts and kills', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-events-'));
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
  const payload = { query: eventsOf(), variables: { on: 'Task:1', after: await cursorOf(server, 'Task:1') } };
  const heard: string[] = [];
  const endings: unknown[] = [];
  client.subscribe<{ told: Told }>(payload, {
    next({ data }) {
      if (!data) return;
      payload.variables.after = data.told.cursor;
      heard.push(data.told.file.name);
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
    if (signal === 'SIGTERM') await expect.poll(() => heard.length, patience).toBe(expected.length);
    await running.end(signal);
    running = await startProcess({ ...env, PORT: port });
  }
  await uploadFile(server, 'Task:1', 'last');
  await expect.poll(() => heard.at(-1), patience).toBe('last');
  expect(heard).toEqual([...expected, 'last']);
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
  const heard: (string | undefined)[] = [];
  const subscription = client
    .subscribe<{ told: Told }>({ query: gql(eventsOf()), variables: { on: 'Task:1', after } })
    .subscribe(({ data, error }) => void heard.push(error ? String(error) : data?.told.file.name));
  await expect.poll(() => heard, patience).toEqual(['a', 'b']);
  await uploadFile(server, 'Task:1', 'c');
  await expect.poll(() => heard, patience).toEqual(['a', 'b', 'c']);
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
  const heard: string[] = [];
  const { unsubscribe } = client
    .subscription<{ told: Told }>(eventsOf(), { on: 'Task:1', after })
    .subscribe(({ data, error }) => void heard.push(error ? String(error) : (data?.told.file.name ?? '')));
  await expect.poll(() => heard, patience).toEqual(['a', 'b']);
  await uploadFile(server, 'Task:1', 'c');
  await expect.poll(() => heard, patience).toEqual(['a', 'b', 'c']);
  unsubscribe();
  await sockets.dispose();
  expect((await past(server, 'Task:1', { after })).length).toBe(3);
});
