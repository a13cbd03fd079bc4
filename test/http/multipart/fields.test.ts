import { expect, test } from 'vitest';
import { closing, field, file, post, uploadToTask } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const operations = { query: uploadToTask, variables: { taskId: 'Task:1', files: [null] } };
const map = { 0: ['variables.files.0'] };
const goodOperations = field('operations', operations);
const goodMap = field('map', map);
const aFile = file('0', 'a.txt', 'b'.repeat(200_000));

const unreadable: Record<string, Uint8Array[]> = {
  'broken JSON in operations': [field('operations', '{ "query": '), goodMap, aFile],
  'broken JSON in the map': [goodOperations, field('map', '{ "0": ['), aFile],
  'operations of null': [field('operations', 'null'), field('map', {})],
  'operations of null, with a file': [field('operations', 'null'), goodMap, aFile],
  'operations of a number': [field('operations', '1'), field('map', {})],
  'operations of a string': [field('operations', '"{ __typename }"'), field('map', {})],
  'the map before the operations': [goodMap, goodOperations, aFile],
  'a file before the map': [goodOperations, aFile, goodMap],
  'a file before everything': [aFile, goodOperations, goodMap],
  'no map': [goodOperations],
  'no operations': [goodMap],
  'a map of null': [goodOperations, field('map', 'null'), aFile],
  'a map that is a list': [goodOperations, field('map', [['variables.files.0']]), aFile],
  'a map that is a string': [goodOperations, field('map', '"0"'), aFile],
  'a map whose entry is no list': [goodOperations, field('map', { 0: 'variables.files.0' }), aFile],
  'a map whose entry is null': [goodOperations, field('map', { 0: null }), aFile],
  'a map whose path is a number': [goodOperations, field('map', { 0: [0] }), aFile],
  'a map whose path is empty': [goodOperations, field('map', { 0: [''] }), aFile],
};

test.for(Object.entries(unreadable))(
  'rejects an unreadable form (%s) with 400 and stores nothing',
  async ([, parts]) => {
    await using server = await startTestServer();
    const { status, body } = await post(server, Buffer.concat([...parts, closing()]));
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    await expectStored(server, []);
  },
);

const noGraphQL: Record<string, Uint8Array[]> = {
  'an empty object': [field('operations', {}), field('map', {})],
  'an empty list': [field('operations', []), field('map', {})],
  'a list of operations': [field('operations', [operations]), field('map', { 0: ['0.variables.files.0'] }), aFile],
  'a file in the place of the query': [goodOperations, field('map', { 0: ['query'] }), aFile],
  'a file in the place of the name of the operation': [goodOperations, field('map', { 0: ['operationName'] }), aFile],
  'a file in the place of the variables': [goodOperations, field('map', { 0: ['variables'] }), aFile],
};

// Under this media type the status says that nothing was executed:
// https://github.com/graphql/graphql-over-http
const headers = ['accept: application/graphql-response+json'];

test.for(Object.entries(noGraphQL))(
  'rejects invalid operations (%s) with 400 and stores nothing',
  async ([, parts]) => {
    await using server = await startTestServer();
    const { status, body } = await post(server, Buffer.concat([...parts, closing()]), { headers });
    expect(status).toBe(400);
    expect(body.errors).not.toHaveLength(0);
    expect(body.data).toBeUndefined();
    await expectStored(server, []);
  },
);

test('accepts operations of MAX_QUERY_SIZE bytes and rejects one more byte with 413', async () => {
  const limit = 4096;
  await using server = await startTestServer({ MAX_QUERY_SIZE: `${limit}` });
  const send = (length: number) => {
    const text = JSON.stringify(operations);
    return post(server, Buffer.concat([field('operations', text.padEnd(length)), goodMap, aFile, closing()]));
  };
  const over = await send(limit + 1);
  expect(over.body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['PAYLOAD_TOO_LARGE']);
  expect(over.status).toBe(413);
  await expectStored(server, []);

  expect((await send(limit)).body.errors).toBeUndefined();
  await expectStored(server, ['b'.repeat(200_000)]);
});

test('answers a form without files like any other query', async () => {
  await using server = await startTestServer();
  const form = [field('operations', { query: '{ __typename }' }), field('map', {}), closing()];
  const { status, body } = await post(server, Buffer.concat(form));
  expect({ status, body }).toEqual({ status: 200, body: { data: { __typename: 'Query' } } });
  await expectStored(server, []);
});
