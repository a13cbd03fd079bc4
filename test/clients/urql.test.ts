import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient, type Sink } from 'graphql-ws';
import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { fileAdded, taskFiles, uploadTaskFilesDocument } from '../support/documents.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const uploadOneOf = graphql(`
  mutation UrqlUpload($input: UploadTaskFilesInput!) {
    uploadTaskFiles(input: $input) { filesCount fileEdges { node { name } } errors { code } }
  }
`);

const unknownTask = graphql(`
  query UrqlUnknownTask { task(id: "Task:999") { title } }
`);

/** urql set up as in its documentation. */
function startUrql(server: TestServer) {
  const authorization = `Bearer ${server.key}`;
  const sockets = createClient({ url: server.wsUrl, connectionParams: { authorization } });
  const client = new Client({
    url: server.graphqlUrl,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: sockets.subscribe({ query, variables: variables ?? {} }, sink as Sink),
          }),
        }),
      }),
    ],
  });
  return { client, [Symbol.asyncDispose]: async () => sockets.dispose() };
}

const file = (name: string) => new File([`the content of ${name}`], name, { type: 'text/plain' });

test('urql uploads the files in its variables', async () => {
  await using server = await startTestServer();
  await using urql = startUrql(server);
  const files = [file('Grüße.txt'), file('two.txt')];
  const { data, error } = await urql.client.mutation(uploadTaskFilesDocument, { taskId: 'Task:1', files });
  expect(error).toBeUndefined();
  expect(data?.uploadTaskFiles).toMatchObject({ filesCount: 2, errors: [] });
  expect(data?.uploadTaskFiles.files.map(({ name, size }) => ({ name, size }))).toEqual([
    { name: 'Grüße.txt', size: files[0]?.size },
    { name: 'two.txt', size: files[1]?.size },
  ]);
});

test('urql uploads a file nested in an input object', async () => {
  await using server = await startTestServer();
  await using urql = startUrql(server);
  const input = { taskId: 'Task:1', files: [file('one.txt')] };
  const { data, error } = await urql.client.mutation(uploadOneOf, { input });
  expect(error).toBeUndefined();
  expect(data?.uploadTaskFiles).toMatchObject({
    filesCount: 1,
    fileEdges: [{ node: { name: 'one.txt' } }],
    errors: [],
  });
});

test('urql queries with GET and with POST', async () => {
  await using server = await startTestServer();
  await using urql = startUrql(server);
  await urql.client.mutation(uploadTaskFilesDocument, { taskId: 'Task:1', files: [file('one.txt')] });
  for (const preferGetMethod of ['force', false] as const) {
    const options = { preferGetMethod, requestPolicy: 'network-only' } as const;
    const { data, error } = await urql.client.query(taskFiles, { id: 'Task:1' }, options);
    expect(error).toBeUndefined();
    expect(data?.task?.files).toMatchObject({ totalCount: 1, edges: [{ node: { name: 'one.txt' } }] });
  }
});

test('urql receives NOT_FOUND with the path of the field', async () => {
  await using server = await startTestServer();
  await using urql = startUrql(server);
  const { data, error } = await urql.client.query(unknownTask, {});
  expect(data).toEqual({ task: null });
  expect(error?.graphQLErrors).toMatchObject([{ path: ['task'], extensions: { code: 'NOT_FOUND' } }]);
});

test('urql receives fileAdded over WebSocket', async () => {
  await using server = await startTestServer();
  await using urql = startUrql(server);
  const received: unknown[] = [];
  const { unsubscribe } = urql.client
    .subscription(fileAdded, { on: 'Project:1' })
    .subscribe(({ data, error }) => received.push(error ?? data?.fileAdded));
  // The protocol does not report when a subscription is open, so this uploads until one arrives.
  while (received.length === 0) {
    await urql.client.mutation(uploadTaskFilesDocument, { taskId: 'Task:1', files: [file('received.txt')] });
  }
  unsubscribe();
  expect(received[0]).toMatchObject({ file: { name: 'received.txt' }, on: { __typename: 'Task', id: 'Task:1' } });
});
