import { expect, test } from 'vitest';
import { closing, field, file, post, preface, uploadToTask } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored, listed } from './aftermath.ts';

const big = 'b'.repeat(200_000);
const aFile = file('0', 'a.txt', big);

const unmatched: Record<string, Uint8Array[]> = {
  'two parts of the same name': [preface(1), aFile, file('0', 'again.txt', 'again')],
  'two large parts of the same name': [preface(1), aFile, file('0', 'again.txt', big)],
  'two parts of the same name with another between': [
    preface(2),
    aFile,
    file('1', 'b.txt', big),
    file('0', 'again.txt', big),
  ],
  'an entry of the map without a part': [preface(2), aFile],
  'a map of files without any part': [preface(2)],
};

test.for(Object.entries(unmatched))('rejects %s with 400 and stores nothing', async ([, parts]) => {
  await using server = await startTestServer();
  const { status, body } = await post(server, Buffer.concat([...parts, closing()]));
  expect(status).toBe(400);
  expect(body.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  await expectStored(server, []);
});

test('a map entry without a part prevents the files of every field from being stored', async () => {
  await using server = await startTestServer();
  const query = `
    mutation ($x: Upload!, $y: Upload!) {
      a: uploadTaskFiles(input: { taskId: "Task:1", files: [$x] }) { files { name } }
      b: uploadTaskFiles(input: { taskId: "Task:2", files: [$y] }) { files { name } }
    }
  `;
  const form = [
    field('operations', { query, variables: { x: null, y: null } }),
    field('map', { x: ['variables.x'], y: ['variables.y'] }),
    file('x', 'x.txt', big),
    closing(),
  ];
  const { status, body } = await post(server, Buffer.concat(form));
  expect(status).toBe(400);
  expect(body.data).toBeNull();
  await expectStored(server, []);
});

test('ignores parts that the map does not name, wherever they stand, and stores the others', async () => {
  await using server = await startTestServer();
  const unmapped = (name: string) => file(name, 'unmapped.txt', big);
  const form = [
    preface(2),
    unmapped('before'),
    aFile,
    unmapped('between'),
    file('1', 'b.txt', 'small'),
    unmapped('after'),
    closing(),
  ];
  const { body } = await post(server, Buffer.concat(form));
  expect(body.data?.uploadTaskFiles?.errors).toEqual([]);
  expect((await listed(server)).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  await expectStored(server, [big, 'small']);
});

test('ignores two parts of the same name that the map does not name', async () => {
  await using server = await startTestServer();
  const form = [preface(1), file('x', 'x', 'x'), file('x', 'x', 'x'), aFile, closing()];
  expect((await post(server, Buffer.concat(form))).status).toBe(200);
  await expectStored(server, [big]);
});

test('accepts property names of Object.prototype as names of parts', async () => {
  await using server = await startTestServer();
  const form = [
    field('operations', { query: uploadToTask, variables: { taskId: 'Task:1', files: [null, null, null] } }),
    field(
      'map',
      '{ "__proto__": ["variables.files.0"], "constructor": ["variables.files.1"], "toString": ["variables.files.2"] }',
    ),
    file('toString', 'a.txt', 'a'),
    file('__proto__', 'b.txt', 'b'),
    file('constructor', 'c.txt', 'c'),
    closing(),
  ];
  const { body } = await post(server, Buffer.concat(form));
  expect(body.data?.uploadTaskFiles?.files.map(({ name }) => name)).toEqual(['b.txt', 'c.txt', 'a.txt']);
  await expectStored(server, ['a', 'b', 'c']);
});
