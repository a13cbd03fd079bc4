import { expect, test } from 'vitest';
import { closing, field, file, post, preface, uploadToTask } from '../support/raw-http.ts';
import { startTestServer } from '../support/server.ts';
import { expectKept, listed } from './aftermath.ts';

const big = 'b'.repeat(200_000);
const operations = { query: uploadToTask, variables: { taskId: 'Task:1', files: [null] } };
const map = { 0: ['variables.files.0'] };
const aFile = file('0', 'a.txt', big);

const refused: Record<string, Uint8Array[]> = {
  'two parts of the same name': [preface(1), aFile, file('0', 'again.txt', 'again'), closing()],
  'two large parts of the same name': [preface(1), aFile, file('0', 'again.txt', big), closing()],
  'two parts of the same name with another between': [
    preface(2),
    aFile,
    file('1', 'b.txt', big),
    file('0', 'again.txt', big),
    closing(),
  ],
  'an entry of the map without a part': [preface(2), aFile, closing()],
  'a map of files without any part': [preface(2), closing()],
  'JSON in operations that is broken': [field('operations', '{ "query": '), field('map', map), aFile, closing()],
  'JSON in the map that is broken': [field('operations', operations), field('map', '{ "0": ['), aFile, closing()],
  'operations of null': [field('operations', 'null'), field('map', {}), closing()],
  'operations of null with a file': [field('operations', 'null'), field('map', map), aFile, closing()],
  'operations of a number': [field('operations', '1'), field('map', {}), closing()],
  'operations of a string': [field('operations', '"{ __typename }"'), field('map', {}), closing()],
  'operations of an empty object': [field('operations', {}), field('map', {}), closing()],
  'a list of operations': [
    field('operations', [operations]),
    field('map', { 0: ['0.variables.files.0'] }),
    aFile,
    closing(),
  ],
  'an empty list of operations': [field('operations', []), field('map', {}), closing()],
  'the map before the operations': [field('map', map), field('operations', operations), aFile, closing()],
  'a file before the map': [field('operations', operations), aFile, field('map', map), closing()],
  'a file before everything': [aFile, preface(1), closing()],
  'no map': [field('operations', operations), closing()],
  'no operations': [field('map', map), closing()],
  'a map of null': [field('operations', operations), field('map', 'null'), aFile, closing()],
  'a map that is a list': [field('operations', operations), field('map', [['variables.files.0']]), aFile, closing()],
  'a map that is a string': [field('operations', operations), field('map', '"0"'), aFile, closing()],
  'a map whose entry is no list': [
    field('operations', operations),
    field('map', { 0: 'variables.files.0' }),
    aFile,
    closing(),
  ],
  'a map whose path is a number': [field('operations', operations), field('map', { 0: [0] }), aFile, closing()],
  'a map whose path is empty': [field('operations', operations), field('map', { 0: [''] }), aFile, closing()],
  ...Object.fromEntries(
    [
      'variables.nowhere.0',
      'nowhere.at.all',
      'variables..files',
      'variables.taskId.0',
      'query.0',
      'query',
      'operationName',
      'variables.files.0.promise.then',
      '__proto__',
      '__proto__.polluted',
      'variables.__proto__.polluted',
      'variables.files.__proto__.polluted',
      'variables.files.0.__proto__.polluted',
      'constructor.prototype.polluted',
      'variables.constructor.prototype.polluted',
      'variables.files.length',
    ].map((path) => [
      `a path that leads to ${path}`,
      [field('operations', operations), field('map', { 0: [path] }), aFile, closing()],
    ]),
  ),
};

test.for(Object.entries(refused))('%s is answered with 400, and nothing is kept', async ([, form]) => {
  await using server = await startTestServer();
  const { status, body } = await post(server, Buffer.concat(form));
  expect(body.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  expect(status).toBe(400);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  await expectKept(server, []);
});

test.for(['variables.toString.call', 'variables.files.push.apply', 'variables.hasOwnProperty.call'])(
  'a path that leads into what every object inherits, %s, is refused and changes nothing there',
  async (path) => {
    await using server = await startTestServer();
    const [, inherited = '', member = ''] = /(\w+)\.(\w+)$/.exec(path) ?? [];
    const target = Reflect.get(inherited === 'push' ? [] : {}, inherited);
    const form = [field('operations', operations), field('map', { 0: [path] }), aFile, closing()];
    const answered = post(server, Buffer.concat(form)).catch((error: Error) => error);
    try {
      await expect.poll(() => Promise.race([answered.then(() => 'answered'), 'waiting']), { timeout: 10_000 }).toBe(
        'answered',
      );
      expect(Object.hasOwn(target, member)).toBe(false);
    } finally {
      delete target[member];
    }
    expect(await answered).toMatchObject({ status: 400 });
    await expectKept(server, []);
  },
);

test.for(['variables.files.4294967294', 'variables.files.300000000'])(
  'a path far beyond the end of a list, %s, is refused without counting up to it',
  async (path) => {
    await using server = await startTestServer();
    const form = [field('operations', operations), field('map', { 0: [path] }), aFile, closing()];
    const { body } = await post(server, Buffer.concat(form));
    expect(body.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    await expectKept(server, []);
  },
);

test('a part that the map does not speak of is ignored, wherever it stands, and the others are stored', async () => {
  await using server = await startTestServer();
  const stranger = (name: string) => file(name, 'stranger.txt', big);
  const form = [
    preface(2),
    stranger('before'),
    aFile,
    stranger('between'),
    file('1', 'b.txt', 'small'),
    stranger('after'),
    closing(),
  ];
  const { body } = await post(server, Buffer.concat(form));
  expect(body.data?.uploadTaskFiles?.errors).toEqual([]);
  expect((await listed(server)).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  await expectKept(server, [big, 'small']);
});

test('two parts of one name that the map does not speak of are ignored', async () => {
  await using server = await startTestServer();
  const form = [preface(1), file('x', 'x', 'x'), file('x', 'x', 'x'), aFile, closing()];
  expect((await post(server, Buffer.concat(form))).status).toBe(200);
  await expectKept(server, [big]);
});

test('names that every object has are good names of parts', async () => {
  await using server = await startTestServer();
  const form = [
    field('operations', { ...operations, variables: { taskId: 'Task:1', files: [null, null, null] } }),
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
  await expectKept(server, ['a', 'b', 'c']);
});

test('a form without files is a query like any other', async () => {
  await using server = await startTestServer();
  const form = [field('operations', { query: '{ __typename }' }), field('map', {}), closing()];
  const { status, body } = await post(server, Buffer.concat(form));
  expect({ status, body }).toEqual({ status: 200, body: { data: { __typename: 'Query' } } });
  await expectKept(server, []);
});
