import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { closing, field, file, post, type RawAnswer, uploadToTask } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

/** Sends a form whose map assigns its only file to `path`. */
function sendTo(server: TestServer, path: string): Promise<RawAnswer> {
  const form = [
    field('operations', { query: uploadToTask, variables: { taskId: 'Task:1', files: [null] } }),
    field('map', { 0: [path] }),
    file('0', 'a.txt', 'content'),
    closing(),
  ];
  return post(server, Buffer.concat(form));
}

test.for([
  'nowhere',
  'nowhere.at.all',
  'variables.nowhere',
  'variables.nowhere.0',
  'variables..files',
  '.variables.files.0',
  'variables.files.0.',
  'variables.taskId.0',
  'query.0',
  'variables.files.length',
  'variables.files.0.promise.then',
  '__proto__',
  '__proto__.polluted',
  'variables.__proto__.polluted',
  'variables.files.__proto__.polluted',
  'constructor.prototype.polluted',
  'variables.constructor.prototype.polluted',
])('rejects the map path %s with 400, and stores and changes nothing', async (path) => {
  await using server = await startTestServer();
  const { status, body } = await sendTo(server, path);
  expect(status).toBe(400);
  expect(body.errors).toHaveLength(1);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  await expectStored(server, []);
});

test.for<[path: string, inherited: object]>([
  ['variables.toString.call', Object.prototype.toString],
  ['variables.hasOwnProperty.call', Object.prototype.hasOwnProperty],
  ['variables.files.push.apply', Array.prototype.push],
])('a map path to a member that every object inherits, %s, does not change it', async ([path, inherited]) => {
  await using server = await startTestServer();
  const member = path.split('.').at(-1) ?? '';
  const answered = sendTo(server, path).then(
    ({ status }) => status,
    () => 'no answer',
  );
  let changed = false;
  const watching = (async () => {
    while (!changed && (await Promise.race([answered, sleep(1)])) === undefined)
      changed = Object.hasOwn(inherited, member);
  })();
  try {
    await watching;
  } finally {
    Reflect.deleteProperty(inherited, member); // the server runs in this process
  }
  expect(changed).toBe(false);
  expect(await answered).toBe(400);
  await expectStored(server, []);
});

test('rejects a map path far beyond the end of a list without counting up to it', async () => {
  await using server = await startTestServer();
  const { status, body } = await sendTo(server, 'variables.files.300000000');
  expect(body.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  expect(status).toBe(400);
  await expectStored(server, []);
});

test.for<[where: string, map: object]>([
  ['under two keys', { 0: ['variables.files.0'], 1: ['variables.files.0'] }],
  ['twice under one key', { 0: ['variables.files.0', 'variables.files.0'], 1: ['variables.files.1'] }],
])('rejects a map that has a path %s with 400 and stores nothing', async ([, map]) => {
  await using server = await startTestServer();
  const form = [
    field('operations', { query: uploadToTask, variables: { taskId: 'Task:1', files: [null, null] } }),
    field('map', map),
    file('0', 'first.txt', 'first'),
    file('1', 'second.txt', 'second'),
    closing(),
  ];
  const { status, body } = await post(server, Buffer.concat(form));
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([
    { message: expect.stringMatching(/"variables\.files\.0" twice/), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  await expectStored(server, []);
});
