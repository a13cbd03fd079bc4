/**
 * Uploads a file, lists the files of a task with graphql-request, and downloads each.
 * ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… npm run example examples/graphql-request.ts photo.jpg Task:1 copies
 */
import { openAsBlob } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { uploadFile } from 'attache-client/uploads';
import { GraphQLClient } from 'graphql-request';
import { graphql } from './generated/gql.ts';

const { ATTACHE_URL = 'http://127.0.0.1:4000', ATTACHE_KEY = '' } = process.env;
const [path = 'hello.txt', taskId = 'Task:1', folder = 'copies'] = process.argv.slice(2);

const url = `${ATTACHE_URL}/graphql`;
// An API key, or the current token of an identity provider. It is read for each request.
const token = async () => ATTACHE_KEY;
const client = new GraphQLClient(url, {
  async requestMiddleware(request) {
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${await token()}`);
    return { ...request, headers };
  },
});

// graphql-request has no uploads of its own.
const { id } = await uploadFile({ url, token }, await openAsBlob(path), {
  on: taskId,
  name: basename(path),
  onProgress: (sent, total) => console.log('sent', sent, 'of', total),
});
console.log('uploaded', id);

const listQuery = graphql(`
  query RequestList($taskId: ID!, $after: String) {
    task(id: $taskId) {
      files(first: 20, after: $after) {
        nodes { databaseId name size url }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

await mkdir(folder, { recursive: true });
let after: string | null | undefined;
do {
  const { task } = await client.request(listQuery, { taskId, after });
  for (const { databaseId, name, url } of task?.files.nodes ?? []) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${await token()}` } });
    if (!response.ok || !response.body) throw new Error(`${name}: ${response.status}`);
    await writeFile(join(folder, `${databaseId}-${basename(name)}`), response.body);
    console.log('downloaded', name);
  }
  const page = task?.files.pageInfo;
  after = page?.hasNextPage ? page.endCursor : undefined;
} while (after);
