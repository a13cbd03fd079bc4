import { EventEmitter } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { BodyBudget } from '../../../src/http/body/body-budget.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const KIB = 1024;
const FIRST = 256 * KIB;
const body = () => new EventEmitter();

test('two bodies of one user do not deadlock: the younger waits until the older is released', async () => {
  const budget = new BodyBudget({ total: 1000 * KIB, perUser: 300 * KIB });
  const [older, younger] = [body(), body()];
  expect(budget.reserve(older, 1, FIRST)).toBeUndefined();
  const begun = budget.reserve(younger, 1, FIRST);
  expect(begun).toBeInstanceOf(Promise);
  expect(budget.reserve(older, 1, 900 * KIB)).toBeUndefined();
  budget.release(older);
  await begun;
  expect(budget.reserve(younger, 1, 900 * KIB)).toBeUndefined();
  budget.release(younger);
});

test('a body over the budget of its user does not block other users, and fails with RATE_LIMITED after waitMs', async () => {
  const budget = new BodyBudget({ total: 1000 * KIB, perUser: 300 * KIB, waitMs: 50 });
  const own = body();
  budget.reserve(own, 1, FIRST);
  budget.reserve(own, 1, 300 * KIB);
  const second = body();
  await expect(budget.reserve(second, 1, 100 * KIB)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(budget.reserve(body(), 2, 100 * KIB)).toBeUndefined();
});

test('a body that waits for budget is rejected when its client disconnects', async () => {
  const budget = new BodyBudget({ total: 1000 * KIB, perUser: 300 * KIB });
  budget.reserve(body(), 1, FIRST);
  const gone = body();
  const waiting = budget.reserve(gone, 1, 200 * KIB);
  gone.emit('close');
  await expect(waiting).rejects.toMatchObject({ code: 'RATE_LIMITED' });
});

/** Announces a long body and sends one byte of it. */
function announce({ url }: TestServer, key: string) {
  const { port, host } = new URL(url);
  const socket = connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => {});
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\n` +
      'content-type: application/json\r\ncontent-length: 16777216\r\n\r\n{',
  );
  return socket;
}

test('bodies that are announced but not sent block neither uploads nor chunked queries', async () => {
  await using server = await startTestServer();
  const people = await Promise.all(['Ada', 'Bob'].map((name) => newPerson(server, name)));
  const sockets = people.flatMap(({ key }) => Array.from({ length: 20 }, () => announce(server, key)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const authorization = `Bearer ${server.key}`;
  const form = new FormData();
  const query =
    'mutation ($file: Upload!) { uploadTaskFiles(input: { taskId: "Task:1", files: [$file] }) { filesCount } }';
  form.set('operations', JSON.stringify({ query, variables: { file: null } }));
  form.set('map', '{"0":["variables.file"]}');
  form.set('0', new Blob(['12345']), 'a.txt');
  const upload = await fetch(server.graphqlUrl, { method: 'POST', headers: { authorization }, body: form });
  expect(await upload.json()).toEqual({ data: { uploadTaskFiles: { filesCount: 1 } } });
  const chunked = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: new Blob(['{"query":"{ viewer { id } }"}']).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(await chunked.json()).toEqual({ data: { viewer: { id: 'User:1' } } });
  for (const socket of sockets) socket.destroy();
});
