import { expect, test } from 'vitest';
import { closing, field, file, post, preface } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const twoFields = `
  mutation ($a: [Upload!]!, $b: [Upload!]!, $skipA: Boolean = false) {
    a: uploadTaskFiles(input: { taskId: "Task:1", files: $a }) @skip(if: $skipA) { files { name } errors { code } }
    b: uploadTaskFiles(input: { taskId: "Task:2", files: $b }) { files { name } errors { code } }
  }
`;
const big = (letter: string) => letter.repeat(300_000);

test('stores files in the order of the variables when their parts come in another order', async () => {
  await using server = await startTestServer();
  const contents = ['zero', big('1'), 'two', big('3')];
  const parts = [3, 1, 0, 2].map((index) => file(`${index}`, `${index}.txt`, contents[index] ?? ''));
  const { status, body } = await post(server, Buffer.concat([preface(4), ...parts, closing()]));
  expect(status).toBe(200);
  expect(body.data?.uploadTaskFiles?.files.map(({ name }) => name)).toEqual(['0.txt', '1.txt', '2.txt', '3.txt']);
  await expectStored(server, contents);
});

test('accepts a map that names the parts in another order than the body', async () => {
  await using server = await startTestServer();
  const operations = { query: twoFields, variables: { a: [null], b: [null] } };
  const form = [
    field('operations', operations),
    field('map', '{ "y": ["variables.b.0"], "x": ["variables.a.0"] }'),
    file('x', 'x.txt', big('x')),
    file('y', 'y.txt', big('y')),
    closing(),
  ];
  const { body } = await post(server, Buffer.concat(form));
  expect(body).toEqual({
    data: { a: { files: [{ name: 'x.txt' }], errors: [] }, b: { files: [{ name: 'y.txt' }], errors: [] } },
  });
  await expectStored(server, [big('x'), big('y')]);
});

test.for([
  ['small', 'a', 'b'],
  ['large', big('a'), big('b')],
])('two fields of one document may read %s files in the reverse order of the body', async ([, a = '', b = '']) => {
  await using server = await startTestServer();
  const form = [
    field('operations', { query: twoFields, variables: { a: [null], b: [null] } }),
    field('map', { x: ['variables.a.0'], y: ['variables.b.0'] }),
    file('y', 'b.txt', b),
    file('x', 'a.txt', a),
    closing(),
  ];
  const { body } = await post(server, Buffer.concat(form));
  expect(body).toEqual({
    data: { a: { files: [{ name: 'a.txt' }], errors: [] }, b: { files: [{ name: 'b.txt' }], errors: [] } },
  });
  await expectStored(server, [a, b]);
});

test('drops the file of a skipped field, and stores the one after it', async () => {
  await using server = await startTestServer();
  const form = [
    field('operations', { query: twoFields, variables: { a: [null], b: [null], skipA: true } }),
    field('map', { x: ['variables.a.0'], y: ['variables.b.0'] }),
    file('x', 'unread.txt', big('x')),
    file('y', 'read.txt', big('y')),
    closing(),
  ];
  const { body } = await post(server, Buffer.concat(form));
  expect(body).toEqual({ data: { b: { files: [{ name: 'read.txt' }], errors: [] } } });
  await expectStored(server, [big('y')]);
});

test.for([
  ['first', 'Task:1', []],
  ['last', 'Task:2', [big('a')]],
] as const)('drops the file of the %s of two fields when that field fails', async ([, task, kept]) => {
  await using server = await startTestServer();
  const form = [
    field('operations', { query: twoFields.replace(task, 'Task:99'), variables: { a: [null], b: [null] } }),
    field('map', { x: ['variables.a.0'], y: ['variables.b.0'] }),
    file('x', 'a.txt', big('a')),
    file('y', 'b.txt', big('b')),
    closing(),
  ];
  const { body } = await post(server, Buffer.concat(form));
  expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
  // Mutations run one after the other. An error in one with a non-null payload ends those after it:
  // https://spec.graphql.org/October2021/#sec-Handling-Field-Errors
  await expectStored(server, [...kept]);
});

test('answers a form whose files no field reads, and stores nothing', async () => {
  await using server = await startTestServer();
  const query = 'query ($files: [Upload!]!) { viewer { id ...Never @skip(if: true) } } fragment Never on User { id }';
  const unused = await post(server, Buffer.concat([preface(1, { query }), file('0', 'a.txt', big('a')), closing()]));
  expect(unused.body.errors?.[0]?.message).toContain('$files');

  const skipped = `mutation ($files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: "Task:1", files: $files }) @skip(if: true) { files { name } }
    __typename
  }`;
  const form = [preface(1, { query: skipped }), file('0', 'a.txt', big('a')), closing()];
  expect((await post(server, Buffer.concat(form))).body).toEqual({ data: { __typename: 'Mutation' } });
  await expectStored(server, []);
});
