import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const taskQuery = graphql(`
  query ApolloTask($id: ID!) {
    task(id: $id) {
      id
      title
      files(first: 50) { totalCount edges { cursor node { id name size } } }
    }
  }
`);

const uploadMutation = graphql(`
  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {
      task { id }
      fileEdges { cursor node { id name size } }
      filesCount
      errors { filename code }
    }
  }
`);

const removeMutation = graphql(`
  mutation ApolloRemove($fileId: ID!) {
    removeFile(input: { fileId: $fileId }) { removedFileId }
  }
`);

const addedSubscription = graphql(`
  subscription ApolloFileAdded($on: ID!) {
    fileAdded(on: $on) {
      file { id name size }
      fileEdge { cursor node { id name size } }
      on { id }
    }
  }
`);

/** Apollo Client as in its documentation: HTTP for operations, WebSocket for subscriptions. */
function startApollo(server: TestServer) {
  const authorization = `Bearer ${server.key}`;
  const sockets = createClient({ url: server.wsUrl, connectionParams: { authorization } });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(sockets),
      new UploadHttpLink({ uri: server.graphqlUrl, headers: { authorization } }),
    ),
  });
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.stop();
      await sockets.dispose();
    },
  };
}

const file = (name: string) => new File([`the content of ${name}`], name, { type: 'text/plain' });

test('Apollo Client uploads files', async () => {
  await using server = await startTestServer();
  await using apollo = startApollo(server);
  const { data } = await apollo.client.mutate({
    mutation: uploadMutation,
    variables: { taskId: 'Task:1', files: [file('Grüße.txt'), file('two.txt')] },
  });
  expect(data?.uploadTaskFiles).toMatchObject({ task: { id: 'Task:1' }, filesCount: 2, errors: [] });
  expect(data?.uploadTaskFiles.fileEdges.map(({ node }) => node.name)).toEqual(['Grüße.txt', 'two.txt']);
});

test('the cache of Apollo Client updated from mutation payloads equals a fresh query', async () => {
  await using server = await startTestServer();
  await using apollo = startApollo(server);
  const { client } = apollo;
  const variables = { id: 'Task:1' };
  const seen: (string[] | undefined)[] = [];
  const watching = client.watchQuery({ query: taskQuery, variables, fetchPolicy: 'cache-first' });
  const subscription = watching.subscribe(({ data, dataState }) => {
    if (dataState === 'complete') seen.push(data.task?.files.edges.map(({ node }) => node.name));
  });
  await client.query({ query: taskQuery, variables });

  for (const name of ['one.txt', 'two.txt']) {
    await client.mutate({
      mutation: uploadMutation,
      variables: { taskId: 'Task:1', files: [file(name)] },
      update(cache, { data }) {
        const payload = data?.uploadTaskFiles;
        cache.updateQuery({ query: taskQuery, variables }, (current) => {
          if (!current?.task || !payload) return current;
          const { files } = current.task;
          const edges = [...files.edges, ...payload.fileEdges];
          return { ...current, task: { ...current.task, files: { ...files, totalCount: payload.filesCount, edges } } };
        });
      },
    });
  }
  await expectCacheToBeFresh();
  expect(seen.at(-1)).toEqual(['one.txt', 'two.txt']);

  const [first] = client.readQuery({ query: taskQuery, variables })?.task?.files.edges ?? [];
  await client.mutate({
    mutation: removeMutation,
    variables: { fileId: first?.node.id ?? '' },
    update(cache, { data }) {
      cache.updateQuery({ query: taskQuery, variables }, (current) => {
        if (!current?.task) return current;
        const { files } = current.task;
        const edges = files.edges.filter(({ node }) => node.id !== data?.removeFile.removedFileId);
        return { ...current, task: { ...current.task, files: { ...files, totalCount: edges.length, edges } } };
      });
    },
  });
  await expectCacheToBeFresh();
  expect(seen.at(-1)).toEqual(['two.txt']);
  subscription.unsubscribe();

  async function expectCacheToBeFresh() {
    const cached = client.readQuery({ query: taskQuery, variables });
    const fresh = await client.query({ query: taskQuery, variables, fetchPolicy: 'no-cache' });
    expect(cached).toEqual(fresh.data);
  }
});

test('Apollo Client receives fileAdded over WebSocket with the edge that the list returns', async () => {
  await using server = await startTestServer();
  await using apollo = startApollo(server);
  const { client } = apollo;
  const received: string[] = [];
  const added = Promise.withResolvers<unknown>();
  const subscription = client.subscribe({ query: addedSubscription, variables: { on: 'Project:1' } }).subscribe({
    next({ data, error }) {
      if (error) added.reject(error);
      received.push(data?.fileAdded.file.id ?? '');
      added.resolve(data?.fileAdded);
    },
    error: added.reject,
  });
  // The protocol does not report when a subscription is open, so this uploads until one arrives.
  while (received.length === 0) {
    await client.mutate({ mutation: uploadMutation, variables: { taskId: 'Task:1', files: [file('received.txt')] } });
  }
  subscription.unsubscribe();
  const { data } = await client.query({ query: taskQuery, variables: { id: 'Task:1' } });
  const edge = data?.task?.files.edges.find(({ node }) => node.id === received[0]);
  expect(await added.promise).toMatchObject({ file: { name: 'received.txt' }, on: { id: 'Task:1' }, fileEdge: edge });
});

test('Apollo Client receives the error of a rejected file beside the stored files', async () => {
  await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
  await using apollo = startApollo(server);
  const { data } = await apollo.client.mutate({
    mutation: uploadMutation,
    variables: { taskId: 'Task:1', files: [file('good.txt'), file('bad.exe')] },
  });
  expect(data?.uploadTaskFiles).toMatchObject({
    filesCount: 1,
    errors: [{ filename: 'bad.exe', code: 'UNSUPPORTED_MEDIA_TYPE' }],
  });
});

test('Apollo Client receives the UNAUTHENTICATED error with the message of the server', async () => {
  await using server = await startTestServer();
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: server.graphqlUrl, headers: { authorization: 'Bearer revoked' } }),
  });
  const error = await client.query({ query: taskQuery, variables: { id: 'Task:1' } }).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    message: expect.stringContaining('No valid API key was given'),
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  client.stop();
});
