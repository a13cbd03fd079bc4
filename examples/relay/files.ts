/**
 * Uploads a file with Relay, lists the files of a task, and prints new ones as they arrive.
 * ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… \
 *   npm run example -- --import ./examples/relay/plugin.ts examples/relay/files.ts photo.jpg
 */
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { SubscriptionClient } from 'attache-client/subscriptions';
import { executeUpload } from 'attache-client/uploads';
import {
  commitMutation,
  Environment,
  fetchQuery,
  type GraphQLResponse,
  graphql,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import type { filesAddedSubscription } from './__generated__/filesAddedSubscription.graphql.ts';
import type { filesListQuery } from './__generated__/filesListQuery.graphql.ts';
import type { filesUploadMutation } from './__generated__/filesUploadMutation.graphql.ts';

const { ATTACHE_URL = 'http://127.0.0.1:4000', ATTACHE_KEY = '' } = process.env;
const [path = 'hello.txt', taskId = 'Task:1'] = process.argv.slice(2);

const url = `${ATTACHE_URL}/graphql`;
// An API key, or the current token of an identity provider. It is read for each request.
const token = async () => ATTACHE_KEY;
const subscriptions = new SubscriptionClient({ url, token, onStatus: (status) => console.log('status', status) });
const onProgress = (sent: number, total: number) => total > 0 && console.log('sent', sent, 'of', total);
const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(
    // Queries and mutations, with or without files in their variables.
    ({ text }, variables) =>
      executeUpload({ url, token }, { query: text ?? '', variables }, { onProgress }) as Promise<GraphQLResponse>,
    ({ text }, variables) =>
      Observable.create<GraphQLResponse>((sink) =>
        subscriptions.subscribe(
          { query: text ?? '', variables },
          { ...sink, next: (result) => sink.next(result as GraphQLResponse) },
        ),
      ),
  ),
});

// In a browser, the files of <input type="file">.
const file = new File([await openAsBlob(path)], basename(path));
await new Promise<void>((resolve, reject) => {
  commitMutation<filesUploadMutation>(environment, {
    mutation: graphql`
      mutation filesUploadMutation($taskId: ID!, $files: [Upload!]!) {
        uploadTaskFiles(input: { taskId: $taskId, files: $files }) { files { id name } errors { filename message } }
      }
    `,
    variables: { taskId, files: [file] },
    onCompleted({ uploadTaskFiles: { files, errors } }) {
      if (errors[0]) reject(new Error(errors[0].message));
      else resolve(console.log('uploaded', files[0]?.id));
    },
    onError: reject,
  });
});

const listQuery = graphql`
  query filesListQuery($taskId: ID!, $after: String) {
    task(id: $taskId) { files(first: 20, after: $after) { nodes { id name } pageInfo { endCursor hasNextPage } } }
  }
`;
let after: string | null | undefined;
do {
  const data = await fetchQuery<filesListQuery>(environment, listQuery, { taskId, after }).toPromise();
  for (const { name } of data?.task?.files.nodes ?? []) console.log('listed', name);
  const page = data?.task?.files.pageInfo;
  after = page?.hasNextPage ? page.endCursor : undefined;
} while (after);

// Runs until the process ends, over lost connections and restarts of the server.
requestSubscription<filesAddedSubscription>(environment, {
  subscription: graphql`
    subscription filesAddedSubscription($on: ID!, $after: String) {
      fileAdded(on: $on, after: $after) { cursor file { id name } }
    }
  `,
  variables: { on: taskId },
  onNext: (data) => console.log('added', data?.fileAdded.file.name),
  onError(error) {
    throw error;
  },
});
