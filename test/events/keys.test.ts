import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { ask } from '../support/client.ts';
import { cursorOf, subscribeToEvents } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { newKey, newPerson, revokeApiKey } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { stream } from '../support/sse-client.ts';

/** A socket that has authenticated and has no subscription. */
async function idleSocket(server: TestServer, key: string): Promise<{ closed: Promise<number>; socket: WebSocket }> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  const closed = once(socket, 'close').then(([code]) => code as number);
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: key } }));
  await once(socket, 'message');
  return { closed, socket };
}

/** The close code of the socket of a subscription, and its next event. */
async function closingOf(server: TestServer, key: string) {
  const closed = Promise.withResolvers<number>();
  const client = { on: { closed: (event: unknown) => closed.resolve((event as { code: number }).code) } };
  const events = await subscribeToEvents(server, 'Task:1', { key, client });
  const next = events.next();
  next.catch(() => {}); // rejects when the socket closes
  return { closed: closed.promise, next };
}

test('revoking a key closes its sockets with 4401, idle ones included, and ends its SSE streams', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const other = await newKey(server, bob.id, 'READ');
  const idle = await idleSocket(server, bob.key);
  const busy = await closingOf(server, bob.key);
  const staying = await idleSocket(server, other.key);
  await using stays = await subscribeToEvents(server, 'Task:1', { key: other.key });
  await using sse = await stream(server, 'Task:1', { key: bob.key });

  await ask(server, revokeApiKey, { apiKeyId: bob.keyId });
  await uploadFile(server, 'Task:1', 'after');
  expect([await idle.closed, await busy.closed]).toEqual([4401, 4401]);
  await expect(busy.next).rejects.toBeDefined();
  await expect(sse.nextEvent()).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect((await stays.next()).file.name).toBe('after');
  expect(staying.socket.readyState).toBe(WebSocket.OPEN);
  staying.socket.terminate();
});

test('an expiring key closes its sockets with 4401, idle ones included', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }`;
  const expiresAt = new Date(Date.now() + 4000).toISOString();
  const input = { userId: bob.id, name: 'short', scope: 'READ', expiresAt };
  const { key } = (await ask<{ createApiKey: { key: string } }>(server, create, { input })).createApiKey;
  const after = await cursorOf(server, 'Task:1');
  const idle = await idleSocket(server, key);
  await using subscriber = await subscribeToEvents(server, 'Task:1', { key, after });
  await uploadFile(server, 'Task:1', 'before');
  expect((await subscriber.next()).file.name).toBe('before');
  const busy = await closingOf(server, key);
  expect([await idle.closed, await busy.closed]).toEqual([4401, 4401]);
  while (Date.now() < Date.parse(expiresAt)) await pause(50);
  await uploadFile(server, 'Task:1', 'after');
  await expect(subscriber.next()).rejects.toBeDefined();
});
