import { expect, test, vi } from 'vitest';
import { EventHub } from '../../src/events/hub.ts';
import { UsageLimiter } from '../../src/events/usage-limiter.ts';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { testInFull } from '../support/length.ts';
import { newKey, newPerson } from '../support/people.ts';
import { openProtocolSocket, type ProtocolSocket } from '../support/protocol-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const plain = 'subscription { fileEvents(on: "Task:1") { cursor } }';
const distinct = (index: number) => `subscription { fileEvents(on: "Task:1") { a${index}: cursor } }`;

/** The usage that the limiter has counted for a user. */
function usageOf(userId: number) {
  const [limiter] = vi.mocked(UsageLimiter.prototype.acquire).mock.contexts as UsageLimiter[];
  return limiter?.usageOf(userId);
}

/** Spies on `acquire`, which gives access to the limiter of the server, until the test ends. */
const watchLimiter = () => vi.spyOn(UsageLimiter.prototype, 'acquire');

const userIdOf = (id: string) => Number(id.split(':')[1]);

const overSse = (server: TestServer, query: string, key: string, signal?: AbortSignal) =>
  fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    ...(signal ? { signal } : {}),
  });

/** Whether one more subscription is rejected. An accepted one is completed at once. */
async function isRefused(socket: ProtocolSocket, query: string): Promise<boolean> {
  const { mock } = vi.mocked(UsageLimiter.prototype.acquire);
  const call = mock.calls.length;
  socket.subscribe('probe', query);
  await expect.poll(() => mock.settledResults[call]?.type).toMatch(/fulfilled|rejected/);
  if (mock.settledResults[call]?.type === 'rejected') {
    expect(JSON.stringify(await socket.next('probe'))).toContain('RATE_LIMITED');
    expect((await socket.next('probe')).type).toBe('complete');
    return true;
  }
  socket.complete('probe');
  return false;
}

test('rejects the 101st distinct subscription of a key over WebSocket and SSE, and keeps the first 100', async () => {
  using _watch = watchLimiter();
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  await using one = await openProtocolSocket(server, bob.key);
  await using other = await openProtocolSocket(server, bob.key);
  for (let index = 0; index < 100; index++) (index % 2 ? one : other).subscribe(`${index}`, distinct(index));
  await expect.poll(() => usageOf(userIdOf(bob.id))?.distinct).toBe(100);
  expect(await isRefused(one, distinct(100))).toBe(true);
  // An equal subscription shares the execution of the open one.
  expect(await isRefused(one, distinct(99))).toBe(false);
  const refused = await overSse(server, distinct(100), bob.key);
  expect(await refused.text()).toContain('RATE_LIMITED');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  // The limit does not affect another user, and the first 100 still receive events.
  await using admin = await openProtocolSocket(server, server.key);
  expect(await isRefused(admin, distinct(100))).toBe(false);
  await uploadFile(server, 'Task:1', 'received');
  for (let index = 0; index < 100; index++) {
    const { type, payload } = await (index % 2 ? one : other).next(`${index}`);
    expect({ type, payload }).toMatchObject({ type: 'next', payload: { data: { fileEvents: {} } } });
  }
  one.complete('1');
  await expect.poll(() => isRefused(one, distinct(100))).toBe(false);
});

test('two keys of one user may exceed MAX_SUBSCRIPTIONS_PER_KEY together, up to MAX_SUBSCRIPTIONS_PER_USER', async () => {
  using _watch = watchLimiter();
  await using server = await startTestServer({
    MAX_SUBSCRIPTIONS_PER_KEY: '3',
    MAX_SUBSCRIPTIONS_PER_USER: '5',
  });
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const second = await newKey(server, bob.id, 'READ');
  await using one = await openProtocolSocket(server, bob.key);
  await using other = await openProtocolSocket(server, second.key);
  for (const id of ['a', 'b', 'c']) one.subscribe(id, plain);
  await expect.poll(() => usageOf(userIdOf(bob.id))?.subscriptions).toBe(3);
  expect(await isRefused(one, plain)).toBe(true);
  for (const id of ['a', 'b']) other.subscribe(id, plain);
  await expect.poll(() => usageOf(userIdOf(bob.id))?.subscriptions).toBe(5);
  expect(await isRefused(other, plain)).toBe(true);
});

testInFull('a subscription stops counting however it ends', async () => {
  using _watch = watchLimiter();
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const userId = userIdOf(bob.id);
  const nothing = { connections: 0, subscriptions: 0, distinct: 0 };
  const open = async (key: string) => {
    const socket = await openProtocolSocket(server, key);
    for (const id of ['a', 'b']) socket.subscribe(id, plain);
    socket.subscribe('c', distinct(0));
    const leaving = new AbortController();
    const response = await overSse(server, plain, key, leaving.signal);
    await expect.poll(() => usageOf(userId)).toEqual({ connections: 2, subscriptions: 4, distinct: 2 });
    const body = response.text().catch(() => '');
    return { socket, leaving, body };
  };
  const first = await open(bob.key);
  for (const id of ['a', 'b', 'c']) first.socket.complete(id);
  await expect.poll(() => usageOf(userId)).toEqual({ connections: 2, subscriptions: 1, distinct: 1 });
  first.socket.subscribe('gone', 'subscription { fileEvents(on: "Task:99999") { cursor } }');
  first.socket.subscribe('expired', 'subscription { fileEvents(on: "Task:1", after: "nonsense") { cursor } }');
  expect(JSON.stringify(await first.socket.next('gone'))).toContain('NOT_FOUND');
  expect(JSON.stringify(await first.socket.next('expired'))).toContain('BAD_USER_INPUT');
  await expect.poll(() => usageOf(userId)).toEqual({ connections: 2, subscriptions: 1, distinct: 1 });
  first.leaving.abort();
  await expect.poll(() => usageOf(userId)).toEqual({ connections: 1, subscriptions: 0, distinct: 0 });
  first.socket.socket.terminate();
  await expect.poll(() => usageOf(userId)).toEqual(nothing);

  // The server ends a subscription when the member is removed and when the key is revoked.
  const second = await open(bob.key);
  await ask(
    server,
    `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${bob.id}" }) { removedUserId } }`,
  );
  await expect.poll(() => usageOf(userId)).toEqual({ connections: 1, subscriptions: 0, distinct: 0 });
  await second.body;
  second.socket.socket.close();
  await ask(
    server,
    `mutation { addProjectMember(input: { projectId: "Project:1", userId: "${bob.id}", role: VIEWER }) { project { id } } }`,
  );
  await expect.poll(() => usageOf(userId)).toEqual(nothing);
  const third = await open(bob.key);
  await ask(server, `mutation { revokeApiKey(input: { apiKeyId: "${bob.keyId}" }) { apiKey { id } } }`);
  expect(await third.socket.closed).toBe(4401);
  await third.body;
  await expect.poll(() => usageOf(userId)).toEqual(nothing);
});

test('closes a connection above MAX_CONNECTIONS_PER_USER with 1013, and accepts one after another has ended', async () => {
  await using server = await startTestServer({ MAX_CONNECTIONS_PER_USER: '2' });
  const one = await openProtocolSocket(server, server.key);
  const leaving = new AbortController();
  expect((await overSse(server, plain, server.key, leaving.signal)).status).toBe(200);
  const third = await openProtocolSocket(server, server.key);
  expect(await third.closed).toBe(1013);
  const refused = await overSse(server, plain, server.key);
  expect([refused.status, await refused.text()]).toEqual([429, expect.stringContaining('RATE_LIMITED')]);
  one.socket.terminate();
  await expect
    .poll(async () => {
      await using again = await openProtocolSocket(server, server.key);
      return again.received[0]?.type;
    })
    .toBe('connection_ack');
  leaving.abort();
});

test('rejects a subscription with more than 8 KiB of query and variables, and keeps the connection open', async () => {
  await using server = await startTestServer();
  await using socket = await openProtocolSocket(server, server.key);
  const padding = ' '.repeat(9000);
  socket.subscribe('query', `${plain}${padding}`);
  socket.subscribe('variables', 'subscription ($on: ID!) { fileEvents(on: $on) { cursor } }', {
    on: 'Task:1',
    padding,
  });
  socket.subscribe('message', plain, { padding: padding.repeat(10) });
  for (const id of ['query', 'variables', 'message'])
    expect(JSON.stringify(await socket.next(id))).toContain('PAYLOAD_TOO_LARGE');
  const response = await overSse(server, `${plain}${padding}`, server.key);
  expect(await response.text()).toContain('PAYLOAD_TOO_LARGE');
  socket.subscribe('query after', `{ viewer { id } }${padding}`);
  expect(JSON.stringify(await socket.next('query after'))).toContain('User:1');
});

test('an event above 1 MiB is delivered as a PAYLOAD_TOO_LARGE error, and the next event follows', async () => {
  await using server = await startTestServer();
  await using socket = await openProtocolSocket(server, server.key);
  socket.subscribe('big', 'subscription { fileAdded(on: "Task:1") { file { name content } } }');
  socket.subscribe('after', '{ viewer { id } }');
  await socket.next('after');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await uploadFile(server, 'Task:1', { name: 'big.bin', content: 'x'.repeat(1024 * 1024) });
  expect(await socket.next('big')).toMatchObject({
    type: 'next',
    payload: { data: null, errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] },
  });
  await uploadFile(server, 'Task:1', 'small.bin');
  expect(await socket.next('big')).toMatchObject({ payload: { data: { fileAdded: { file: { name: 'small.bin' } } } } });
});

testInFull('throttles a socket that subscribes and completes in a loop, and counts nothing afterwards', async () => {
  using _watch = watchLimiter();
  const open = vi.spyOn(EventHub.prototype, 'subscribe');
  await using server = await startTestServer();
  await using socket = await openProtocolSocket(server, server.key);
  for (let index = 0; index < 300; index++) {
    socket.subscribe(`${index}`, plain);
    socket.complete(`${index}`);
  }
  socket.subscribe('last', '{ viewer { id } }');
  const since = performance.now();
  expect(JSON.stringify(await socket.next('last'))).toContain('User:1');
  // 600 messages: 300 pass at once, and then 100 a second.
  expect(performance.now() - since).toBeGreaterThan(2000);
  expect(open.mock.calls.length).toBeGreaterThan(50);
  await expect.poll(() => usageOf(1)).toEqual({ connections: 1, subscriptions: 0, distinct: 0 });
  for (let index = 0; index < 2000; index++) socket.subscribe(`${index}`, plain);
  expect(await socket.closed).toBe(1008);
  await expect.poll(() => usageOf(1)).toEqual({ connections: 0, subscriptions: 0, distinct: 0 });
});
