import { expect, test } from 'vitest';
import { cursorOf } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { openProtocolSocket } from '../support/protocol-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Receives every event after now, whenever the server begins to deliver them. */
const subscriptionOf = async (server: TestServer) =>
  `subscription { fileEvents(on: "Task:1", after: "${await cursorOf(server, 'Task:1')}") { file { name } } }`;

test.concurrent('a client that comes back at its limit takes the place of its own dead connection', async () => {
  await using server = await startTestServer({ MAX_SUBSCRIPTIONS_PER_KEY: '3' });
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  await using old = await openProtocolSocket(server, bob.key);
  const subscription = await subscriptionOf(server);
  for (const id of ['a', 'b', 'c']) old.subscribe(id, subscription);
  await uploadFile(server, 'Task:1', 'first');
  for (const id of ['a', 'b', 'c']) expect((await old.next(id)).type).toBe('next');
  old.socket.pause(); // it receives no ping, as when its network is gone
  await using back = await openProtocolSocket(server, bob.key);
  const again = await subscriptionOf(server);
  for (const id of ['a', 'b', 'c']) back.subscribe(id, again);
  await new Promise((resolve) => setTimeout(resolve, 5500));
  expect(back.received.map(({ type }) => type)).toEqual(['connection_ack']);
  await uploadFile(server, 'Task:1', 'later');
  for (const id of ['a', 'b', 'c'])
    expect(await back.next(id)).toMatchObject({ payload: { data: { fileEvents: { file: { name: 'later' } } } } });
});

test.concurrent('a client with connections that respond is refused at its limit', async () => {
  await using server = await startTestServer({ MAX_SUBSCRIPTIONS_PER_KEY: '1' });
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  await using first = await openProtocolSocket(server, bob.key);
  const subscription = await subscriptionOf(server);
  first.subscribe('a', subscription);
  await uploadFile(server, 'Task:1', 'first');
  await first.next('a');
  await using second = await openProtocolSocket(server, bob.key);
  second.subscribe('b', subscription);
  expect(await second.next('b')).toMatchObject({
    payload: { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 } }] },
  });
  await uploadFile(server, 'Task:1', 'second');
  expect((await first.next('a')).type).toBe('next');
});

test.concurrent('a connection at the limit of connections takes the place of a dead one', async () => {
  await using server = await startTestServer({ MAX_CONNECTIONS_PER_USER: '1' });
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  await using old = await openProtocolSocket(server, bob.key);
  await using refused = await openProtocolSocket(server, bob.key);
  expect(await refused.closed).toBe(1013);
  old.socket.pause();
  // The result of the probe before holds for a few seconds.
  await new Promise((resolve) => setTimeout(resolve, 5500));
  await using back = await openProtocolSocket(server, bob.key);
  expect(back.received[0]?.type).toBe('connection_ack');
});
