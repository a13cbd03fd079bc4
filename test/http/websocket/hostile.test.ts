import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { ask } from '../../support/client.ts';
import { cursorOf, subscribeToEvents } from '../../support/events.ts';
import { uploadFile } from '../../support/files.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

async function open(server: TestServer): Promise<{ socket: WebSocket; received: Record<string, unknown>[] }> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: server.key } }));
  await once(socket, 'message');
  const received: Record<string, unknown>[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  return { socket, received };
}

test('a reused operation id delivers each event once, from its last subscription', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  const { socket, received } = await open(server);
  const query = `subscription { fileAdded(on: "Task:1", after: "${after}") { file { name } } }`;
  for (let times = 0; times < 5; times++) {
    socket.send(JSON.stringify({ id: 'x', type: 'subscribe', payload: { query } }));
    socket.send(JSON.stringify({ id: 'x', type: 'complete' }));
  }
  socket.send(JSON.stringify({ id: 'x', type: 'subscribe', payload: { query } }));
  await using other = await subscribeToEvents(server, 'Task:1', { after });
  await uploadFile(server, 'Task:1', 'one');
  await uploadFile(server, 'Task:1', 'two');
  await other.next();
  await other.next();
  await expect.poll(() => JSON.stringify(received)).toContain('two');
  const names = received.flatMap((message) => JSON.stringify(message).match(/one|two/g) ?? []);
  expect(names).toEqual(['one', 'two']);
  socket.terminate();
});

test('a subscription whose only field is skipped is rejected, and the connection stays open', async () => {
  await using server = await startTestServer();
  const { socket, received } = await open(server);
  for (const [id, query] of [
    ['a', 'subscription { fileAdded(on: "Task:1") @skip(if: true) { cursor } }'],
    ['b', 'subscription ($s: Boolean = true) { fileAdded(on: "Task:1") @skip(if: $s) { cursor } }'],
    ['c', '{ viewer { id } }'],
  ]) {
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
  }
  await expect.poll(() => JSON.stringify(received)).toContain('User:1');
  expect(JSON.stringify(received)).toContain('BAD_USER_INPUT');
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
});

test('a replayed event omits an entity that the viewer can no longer see', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const after = await cursorOf(server, 'Task:1');
  const { id } = await uploadFile(server, 'Task:1', 'shared');
  const attach =
    'mutation ($id: ID!) { attachEntityFiles(input: { entityId: "Contact:1", fileIds: [$id] }) { filesCount } }';
  await ask(server, attach, { id });
  const query = `subscription ($on: ID!, $after: String) {
    event: fileAdded(on: $on, after: $after) { cursor file { attachedTo { id } } }
  }`;
  type Event = { cursor: string; file: { attachedTo: { id: string }[] } };
  const places = async () => {
    await using events = await subscribeToEvents<Event>(server, 'Task:1', { after, key: bob.key, query });
    return (await events.next()).file.attachedTo.map((place) => place.id);
  };
  expect(await places()).toContain('Contact:1');
  await ask(
    server,
    'mutation { updateContact(input: { contactId: "Contact:1", isPrivate: true }) { contact { id } } }',
  );
  expect(await places()).toEqual(['Task:1']);
});
