import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { startTestServer } from '../../support/server.ts';

const wrong: [what: string, query: string, variables?: object][] = [
  ['cannot be parsed', '{ viewer { id }'],
  ['is empty', ''],
  ['asks for what there is not', '{ nothing }'],
  ['asks for what there is not to subscribe to', 'subscription { nothing }'],
  ['has two operations and no name', 'query A { __typename } query B { __typename }'],
  ['has no operation', 'fragment F on Query { __typename }'],
  ['lacks a variable', 'query ($id: ID!) { task(id: $id) { id } }'],
  ['lacks a variable of a subscription', 'subscription ($on: ID!) { fileAdded(on: $on) { cursor } }'],
  ['has a wrong variable', 'query ($n: Int) { tasks(first: $n) { totalCount } }', { n: 'x' }],
  ['asks for too much', `{ ${Array.from({ length: 3000 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
  ['is too deep', `{ ${'task(id: "Task:1") { project { tasks { nodes { '.repeat(7)}id${' } } } }'.repeat(7)} }`],
  [
    'sends a file that is none',
    'mutation ($f: [Upload!]!) { uploadFiles(input: { files: $f }) { filesCount } }',
    { f: [null] },
  ],
  ['asks for what it may not see', '{ task(id: "Task:99") { id } }'],
  ['asks for a page that is too large', '{ tasks(first: 1000) { totalCount } }'],
  ['listens to what there is not', 'subscription { fileAdded(on: "Task:99") { cursor } }'],
  ['listens to what is no id', 'subscription { fileAdded(on: "x") { cursor } }'],
  ['listens with a cursor that is none', 'subscription { fileAdded(on: "Task:1", after: "x") { cursor } }'],
  ['leaves out its field', 'subscription { fileAdded(on: "Task:1") @skip(if: true) { cursor } }'],
  ['is deferred', '{ ... @defer { viewer { id } } }'],
];

test.each(wrong)(
  'over WebSocket, an operation that %s returns errors with codes and without HTTP extensions',
  async (_what, query, variables) => {
    await using server = await startTestServer();
    await using socket = await openProtocolSocket(server, server.key);
    socket.subscribe('1', query, variables);
    const { type, payload } = await socket.next('1');
    const errors = (type === 'error' ? payload : (payload as { errors: unknown }).errors) as {
      message: string;
      extensions: Record<string, unknown>;
    }[];
    expect(errors.length).toBeGreaterThan(0);
    for (const { message, extensions } of errors) {
      expect(message).toEqual(expect.any(String));
      expect(extensions.code).toEqual(expect.stringMatching(/^[A-Z_]+$/));
      expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
      expect(extensions).not.toHaveProperty('http');
    }
  },
);

test('graphql-ws passes errors with codes to its caller', async () => {
  await using server = await startTestServer();
  const client = createClient({ url: server.wsUrl, connectionParams: { authorization: server.key }, retryAttempts: 0 });
  const failed = await client
    .iterate({ query: '{ nothing }' })
    .next()
    .catch((error: unknown) => error);
  expect(failed).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  await client.dispose();
});
