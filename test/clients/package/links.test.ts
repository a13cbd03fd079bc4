import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { createSubscriptionLink, createUploadLink } from 'attache-client/apollo';
import { SubscriptionClient } from 'attache-client/subscriptions';
import { createForwardSubscription, uploadExchange } from 'attache-client/urql';
import { OperationTypeNode } from 'graphql';
import { expect, test } from 'vitest';
import { startProxy, type TcpProxy } from '../../../scripts/support/proxy.ts';
import { uploadTaskFilesDocument } from '../../support/documents.ts';
import { eventSubscription, type FileEvent } from '../../support/events.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** Both clients, as one: what is tested is the same. */
interface StartedClient extends AsyncDisposable {
  subscriptions: SubscriptionClient;
  upload(files: File[], onUploadProgress: (sent: number) => void): Promise<unknown>;
  listNames(): Promise<unknown>;
  subscribe(take: (name: string | undefined) => void): () => void;
}

const LIST = '{ task(id: "Task:1") { id files(first: 10) { nodes { id name } } } }';
const variables = (files: File[]) => ({ taskId: 'Task:1', files });

function startSubscriptions(server: TestServer, proxy: TcpProxy) {
  return new SubscriptionClient({
    url: server.graphqlUrl.replace(/:\d+/, `:${proxy.port}`),
    token: server.key,
    retryDelay: () => 10,
  });
}

function startApollo(server: TestServer, proxy: TcpProxy): StartedClient {
  const subscriptions = startSubscriptions(server, proxy);
  const at = { url: server.graphqlUrl, token: server.key, maxMultipartSize: 1000 };
  const http = new HttpLink({ uri: server.graphqlUrl, headers: { authorization: `Bearer ${server.key}` } });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      createSubscriptionLink(subscriptions),
      ApolloLink.from([createUploadLink(at), http]),
    ),
  });
  return {
    subscriptions,
    async upload(files, onUploadProgress) {
      const mutation = {
        mutation: uploadTaskFilesDocument,
        variables: variables(files),
        context: { onUploadProgress },
      };
      return (await client.mutate(mutation)).data;
    },
    listNames: async () => (await client.query({ query: gql(LIST), fetchPolicy: 'network-only' })).data,
    subscribe(take) {
      const query = gql(eventSubscription());
      const subscription = client
        .subscribe<{ event: FileEvent }>({ query, variables: { on: 'Task:1' } })
        .subscribe(({ data, error }) => take(error ? String(error) : data?.event.file.name));
      return () => subscription.unsubscribe();
    },
    async [Symbol.asyncDispose]() {
      client.stop();
      await subscriptions[Symbol.asyncDispose]();
    },
  };
}

function startUrql(server: TestServer, proxy: TcpProxy): StartedClient {
  const subscriptions = startSubscriptions(server, proxy);
  const at = { url: server.graphqlUrl, token: server.key, maxMultipartSize: 1000 };
  const client = new Client({
    url: server.graphqlUrl,
    fetchOptions: { headers: { authorization: `Bearer ${server.key}` } },
    exchanges: [
      cacheExchange,
      uploadExchange(at),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: createForwardSubscription(subscriptions) }),
    ],
  });
  return {
    subscriptions,
    async upload(files, onUploadProgress) {
      const result = await client.mutation(uploadTaskFilesDocument, variables(files), { onUploadProgress });
      if (result.error) throw result.error;
      return result.data;
    },
    listNames: async () => (await client.query(LIST, {}, { requestPolicy: 'network-only' })).data,
    subscribe(take) {
      const { unsubscribe } = client
        .subscription<{ event: FileEvent }>(eventSubscription(), { on: 'Task:1' })
        .subscribe(({ data, error }) => take(error ? String(error) : data?.event.file.name));
      return unsubscribe;
    },
    [Symbol.asyncDispose]: () => subscriptions[Symbol.asyncDispose](),
  };
}

const file = (name: string, size: number) => new File(['a'.repeat(size)], name);

test.each([
  ['Apollo Client', startApollo],
  ['urql', startUrql],
])('%s uploads small and large files with progress, and receives each event once', async (_name, start) => {
  await using server = await startTestServer();
  await using proxy = await startProxy(Number(new URL(server.url).port));
  await using client = start(server, proxy);
  const received: (string | undefined)[] = [];
  const unsubscribe = client.subscribe((name) => received.push(name));
  await expect.poll(() => client.subscriptions.status).toBe('connected');

  const sent: number[] = [];
  const small = await client.upload([file('one', 10), file('two', 20)], (bytes) => sent.push(bytes));
  expect(small).toMatchObject({
    uploadTaskFiles: { files: [{ name: 'one' }, { name: 'two' }], filesCount: 2, errors: [] },
  });
  proxy.cut(1);
  const large = await client.upload([file('three', 3000), file('four', 4000)], (bytes) => sent.push(bytes));
  expect(large).toMatchObject({
    uploadTaskFiles: { task: { id: 'Task:1' }, files: [{ name: 'three' }, { name: 'four' }], errors: [] },
  });
  expect(sent).toEqual([0, 30, 0, 3000, 3000, 7000]);

  await uploadFile(server, 'Task:1', 'five');
  await expect.poll(() => received).toEqual(['one', 'two', 'three', 'four', 'five']);
  unsubscribe();
  expect(client.subscriptions.status).toBe('idle');
  expect(await client.listNames()).toMatchObject({
    task: { files: { nodes: ['one', 'two', 'three', 'four', 'five'].map((name) => ({ name })) } },
  });
});

test.each([
  ['Apollo Client', startApollo],
  ['urql', startUrql],
])('%s reports an upload that is refused', async (_name, start) => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '1000' });
  await using proxy = await startProxy(Number(new URL(server.url).port));
  await using client = start(server, proxy);
  await expect(client.upload([file('too large', 2000)], () => {})).rejects.toThrow(/at most 1000 bytes/);
});
