/**
 * Uploads a file with urql, lists the files of a task, and prints new ones as they arrive.
 * ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… npm run example examples/urql.ts photo.jpg
 */
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { Client, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core';
import { SubscriptionClient } from 'attache-client/subscriptions';
import { createForwardSubscription, uploadExchange } from 'attache-client/urql';
import { graphql } from './generated/gql.ts';

const { ATTACHE_URL = 'http://127.0.0.1:4000', ATTACHE_KEY = '' } = process.env;
const [path = 'hello.txt', taskId = 'Task:1'] = process.argv.slice(2);

const url = `${ATTACHE_URL}/graphql`;
// An API key, or the current token of an identity provider. It is read for each request.
const token = async () => ATTACHE_KEY;
const subscriptions = new SubscriptionClient({ url, token, onStatus: (status) => console.log('status', status) });
const client = new Client({
  url,
  exchanges: [
    cacheExchange,
    mapExchange({
      async onOperation(operation) {
        const headers = { authorization: `Bearer ${await token()}` };
        return { ...operation, context: { ...operation.context, fetchOptions: { headers } } };
      },
    }),
    uploadExchange({ url, token }),
    fetchExchange,
    subscriptionExchange({ forwardSubscription: createForwardSubscription(subscriptions) }),
  ],
});

const uploadMutation = graphql(`
  mutation UrqlUpload($taskId: ID!, $files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {
      files { id name size createdAt }
      errors { filename message }
    }
  }
`);

// In a browser, the files of <input type="file">.
const file = new File([await openAsBlob(path)], basename(path));
const onUploadProgress = (sent: number, total: number) => console.log('sent', sent, 'of', total);
const uploaded = await client.mutation(uploadMutation, { taskId, files: [file] }, { onUploadProgress });
if (uploaded.error) throw uploaded.error;
const [refused] = uploaded.data?.uploadTaskFiles.errors ?? [];
if (refused) throw new Error(refused.message);
console.log('uploaded', uploaded.data?.uploadTaskFiles.files[0]?.id);

const listQuery = graphql(`
  query UrqlList($taskId: ID!, $after: String) {
    task(id: $taskId) {
      files(first: 20, after: $after) {
        nodes { id name size }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

let after: string | null | undefined;
do {
  const { data, error } = await client.query(listQuery, { taskId, after });
  if (error) throw error;
  for (const { name } of data?.task?.files.nodes ?? []) console.log('listed', name);
  const page = data?.task?.files.pageInfo;
  after = page?.hasNextPage ? page.endCursor : undefined;
} while (after);

const addedSubscription = graphql(`
  subscription UrqlAdded($on: ID!, $after: String) {
    fileAdded(on: $on, after: $after) { cursor file { id name size } }
  }
`);

// Runs until the process ends, over lost connections and restarts of the server.
client.subscription(addedSubscription, { on: taskId }).subscribe(({ data, error }) => {
  if (error) throw error;
  console.log('added', data?.fileAdded.file.name);
});
