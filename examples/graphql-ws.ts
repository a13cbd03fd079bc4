/**
 * Prints the new files of a project until it is stopped. When it is started again, it first prints
 * what it missed: it keeps the last cursor in a file.
 * ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… npm run example examples/graphql-ws.ts cursor.txt
 */
import { readFile, writeFile } from 'node:fs/promises';
import { SubscriptionClient } from 'attache-client/subscriptions';
import type { ExampleAddedSubscription } from './generated/graphql.ts';

const { ATTACHE_URL = 'http://127.0.0.1:4000', ATTACHE_KEY = '' } = process.env;
const [cursorPath = 'cursor.txt', on = 'Project:1'] = process.argv.slice(2);

const query = /* GraphQL */ `
  subscription ExampleAdded($on: ID!, $after: String) {
    fileAdded(on: $on, after: $after) { cursor file { id name size } }
  }
`;

await using client = new SubscriptionClient({
  url: `${ATTACHE_URL}/graphql`,
  token: ATTACHE_KEY,
  onStatus: (status) => console.log('status', status),
});

const after = await readFile(cursorPath, 'utf8').catch(() => undefined);
for await (const { data, errors } of client.iterate<ExampleAddedSubscription>(
  { query, variables: { on, after } },
  // Events after the cursor are no longer in the log: start with what happens from now on.
  { onCursorExpired: () => currentCursor() },
)) {
  if (!data) throw new Error(JSON.stringify(errors));
  console.log('added', data.fileAdded.file.name);
  await writeFile(cursorPath, data.fileAdded.cursor);
}

/** An application reads its list again here. */
async function currentCursor(): Promise<string> {
  const response = await fetch(`${ATTACHE_URL}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ATTACHE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'query ($on: ID!) { node(id: $on) { ... on Attachable { files(first: 1) { eventCursor } } } }',
      variables: { on },
    }),
  });
  return (await response.json()).data.node.files.eventCursor;
}
