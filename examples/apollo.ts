/**
 * Uploads a file with Apollo Client, lists the files of a task, and prints new ones as they arrive.
 * ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… npm run example examples/apollo.ts photo.jpg
 */
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { relayStylePagination } from '@apollo/client/utilities';
import { createSubscriptionLink, createUploadLink } from 'attache-client/apollo';
import { SubscriptionClient } from 'attache-client/subscriptions';
import { OperationTypeNode } from 'graphql';
import { graphql } from './generated/gql.ts';

const { ATTACHE_URL = 'http://127.0.0.1:4000', ATTACHE_KEY = '' } = process.env;
const [path = 'hello.txt', taskId = 'Task:1'] = process.argv.slice(2);

const url = `${ATTACHE_URL}/graphql`;
// An API key, or the current token of an identity provider. It is read for each request.
const token = async () => ATTACHE_KEY;
const subscriptions = new SubscriptionClient({ url, token, onStatus: (status) => console.log('status', status) });
const authorize = new SetContextLink(async () => ({ headers: { authorization: `Bearer ${await token()}` } }));
const client = new ApolloClient({
  cache: new InMemoryCache({ typePolicies: { Task: { fields: { files: relayStylePagination() } } } }),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    createSubscriptionLink(subscriptions),
    ApolloLink.from([createUploadLink({ url, token }), authorize, new HttpLink({ uri: url })]),
  ),
});

const uploadMutation = graphql(`
  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {
      files { id name size createdAt }
      errors { filename message }
    }
  }
`);

// In a browser, the files of <input type="file">.
const file = new File([await openAsBlob(path)], basename(path));
const onUploadProgress = (sent: number, total: number) => console.log('sent', sent, 'of', total);
const uploaded = await client.mutate({
  mutation: uploadMutation,
  variables: { taskId, files: [file] },
  context: { onUploadProgress },
});
const [refused] = uploaded.data?.uploadTaskFiles.errors ?? [];
if (refused) throw new Error(refused.message);
console.log('uploaded', uploaded.data?.uploadTaskFiles.files[0]?.id);

const listQuery = graphql(`
  query ApolloList($taskId: ID!, $after: String) {
    task(id: $taskId) {
      id
      files(first: 20, after: $after) {
        edges { cursor node { id name size } }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

const list = client.watchQuery({ query: listQuery, variables: { taskId } });
let page = (await client.query({ query: listQuery, variables: { taskId } })).data?.task?.files;
while (page?.pageInfo.hasNextPage)
  page = (await list.fetchMore({ variables: { after: page.pageInfo.endCursor } })).data?.task?.files;
for (const edge of client.readQuery({ query: listQuery, variables: { taskId } })?.task?.files.edges ?? [])
  console.log('listed', edge.node.name);

const addedSubscription = graphql(`
  subscription ApolloAdded($on: ID!, $after: String) {
    fileAdded(on: $on, after: $after) { cursor file { id name size } }
  }
`);

// Runs until the process ends, over lost connections and restarts of the server.
client.subscribe({ query: addedSubscription, variables: { on: taskId } }).subscribe(({ data, error }) => {
  if (error) throw error;
  console.log('added', data?.fileAdded.file.name);
});
