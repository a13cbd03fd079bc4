import { Client } from 'pg';
import { expect, test, vi } from 'vitest';
import { askWithFiles, type Endpoint } from '../support/client.ts';
import { createPostgresDatabase } from '../support/database.ts';
import { newPerson } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { openProtocolSocket, type ProtocolSocket } from '../support/protocol-socket.ts';
import { rowsInPostgres } from '../support/read-rows.ts';
import { ADMIN_KEY, startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LIMIT = 8;

/** Two servers on one database and one folder. The second is a process that can be killed. */
async function twoNodes() {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await createPostgresDatabase());
  const folder = stack.use(await temporaryFolder('two'));
  const env = {
    DATA_DIR: folder.path,
    DATABASE_URL: url,
    MAX_DISTINCT_SUBSCRIPTIONS_PER_USER: String(LIMIT),
    MAX_CONNECTIONS_PER_USER: '1000',
  };
  const one = stack.use(await startTestServer(env));
  const other = stack.use(await startProcess({ ...env, ATTACHE_ADMIN_KEY: ADMIN_KEY }));
  const moved = stack.move();
  return { one, other, url, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

const distinct = (index: number) => `subscription { fileEvents(on: "Task:1") { a${index}: cursor } }`;

/**
 * Subscribes, and uploads until each subscription has received an event or was rejected. Returns
 * the number of rejected ones. The others stay open.
 */
async function refusedOf(server: Endpoint, socket: ProtocolSocket, indexes: number[]) {
  for (const index of indexes) socket.subscribe(`s${index}`, distinct(index));
  let answered = false;
  const answers = Promise.all(
    indexes.map(async (index) => {
      for (;;) {
        const message = await socket.next(`s${index}`);
        // A "complete" belongs to an earlier subscription with this id that was rejected.
        if (message.type !== 'complete') return message;
      }
    }),
  ).finally(() => {
    answered = true;
  });
  while (!answered) {
    await askWithFiles(server, upload, {}, [{ name: 'x', content: 'x' }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const refused = (await answers).map((message) => JSON.stringify(message)).filter((text) => text.includes('"errors"'));
  for (const text of refused) expect(text).toContain('RATE_LIMITED');
  return refused.length;
}

const upload = `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id } }
}`;

const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

test('subscriptions of a user at two nodes count together, also when opened at once, until they end', async () => {
  await using nodes = await twoNodes();
  const { one, other, url } = nodes;
  const bob = await newPerson(one, 'Bob', { role: 'VIEWER' });
  await using atOne = await openProtocolSocket(one, bob.key);
  const atOther = await openProtocolSocket(other, bob.key);
  // Both nodes at the same moment: at least one subscription opens, and never more than the limit.
  const [a, b] = await Promise.all([
    refusedOf(one, atOne, from(0, LIMIT)),
    refusedOf(other, atOther, from(100, LIMIT)),
  ]);
  const open = 2 * LIMIT - a - b;
  expect(open).toBeLessThanOrEqual(LIMIT);
  expect(open).toBeGreaterThan(0);
  for (const socket of [atOne, atOther]) socket.socket.terminate();

  await using first = await openProtocolSocket(one, bob.key);
  const second = await openProtocolSocket(other, bob.key);
  const free = () => rowsInPostgres(url, `select holder from event_usage where subscriptions > 0`);
  await expect.poll(free, { timeout: 5000 }).toEqual([]);
  expect(await refusedOf(other, second, from(200, LIMIT - 2))).toBe(0);
  expect(await refusedOf(one, first, from(300, 4))).toBe(2);
  second.socket.terminate();
  await expect.poll(() => refusedOf(one, first, [400]), { timeout: 10_000, interval: 500 }).toBe(0);
});

test('the subscriptions of a killed node stop counting after some seconds, and its rows are deleted', async () => {
  await using nodes = await twoNodes();
  const { one, other, url } = nodes;
  const bob = await newPerson(one, 'Bob', { role: 'VIEWER' });
  await using atOther = await openProtocolSocket(other, bob.key);
  expect(await refusedOf(other, atOther, from(0, LIMIT))).toBe(0);
  await using atOne = await openProtocolSocket(one, bob.key);
  await expect.poll(() => refusedOf(one, atOne, [100]), { timeout: 5000 }).toBe(1);
  await other.end('SIGKILL');
  await expect.poll(() => refusedOf(one, atOne, [100]), { timeout: 30_000, interval: 1000 }).toBe(0);
  await expect
    .poll(() => rowsInPostgres(url, 'select count(distinct node)::int as nodes from event_usage'), { timeout: 10_000 })
    .toEqual([{ nodes: 1 }]);
});

test('200 clients that connect at once cost fewer than 200 limit statements, and a stopped node leaves no row', async () => {
  await using database = await createPostgresDatabase();
  await using folder = await temporaryFolder('one');
  const env = { DATA_DIR: folder.path, DATABASE_URL: database.url, MAX_CONNECTIONS_PER_USER: '1000' };
  const server = await startTestServer(env);
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const plain = 'subscription { fileEvents(on: "Task:1") { cursor } }';
  const sockets: ProtocolSocket[] = [];
  using sent = vi.spyOn(Client.prototype, 'query');
  await Promise.all(
    Array.from({ length: 200 }, async () => {
      const socket = await openProtocolSocket(server, bob.key);
      sockets.push(socket);
      socket.subscribe('a', plain);
      socket.subscribe('b', '{ viewer { id } }');
      await socket.next('b');
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const statements = sent.mock.calls.map(([statement]) => JSON.stringify(statement));
  // Updates are batched by time. One statement per connection and subscription would exceed 800.
  expect(statements.filter((sql) => /event_usage|event_nodes/.test(sql)).length).toBeLessThan(200);
  const published = () =>
    rowsInPostgres(database.url, "select subscriptions from event_usage where holder like 'user:%'");
  await expect.poll(published, { timeout: 5000 }).toEqual([{ subscriptions: 200 }]);
  for (const socket of sockets) socket.socket.terminate();
  await server[Symbol.asyncDispose]();
  expect(await rowsInPostgres(database.url, 'select holder from event_usage')).toEqual([]);
  expect(await rowsInPostgres(database.url, 'select id from event_nodes')).toEqual([]);
});
