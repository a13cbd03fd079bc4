import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

async function openSilent(server: TestServer): Promise<WebSocket> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

const closeCode = async (socket: WebSocket) => (await once(socket, 'close'))[0] as number;

test('a connection without connection_init is closed with 4408 after three seconds', async () => {
  await using server = await startTestServer();
  const since = performance.now();
  expect(await closeCode(await openSilent(server))).toBe(4408);
  expect(performance.now() - since).toBeLessThan(5000);
});

test('a connection may send at most 16 KiB before it authenticates, in one message or many', async () => {
  await using server = await startTestServer();
  const one = await openSilent(server);
  const closed = closeCode(one);
  one.send(JSON.stringify({ type: 'connection_init', payload: { padding: 'x'.repeat(17 * 1024) } }));
  expect(await closed).toBe(1009);
  const many = await openSilent(server);
  const manyClosed = closeCode(many);
  for (let times = 0; times < 20; times++)
    many.send(JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(1000) } }));
  expect(await manyClosed).toBe(1009);
  // An authenticated connection may send more.
  await using known = await openProtocolSocket(server, server.key);
  known.subscribe('long', `{ viewer { id } }${' '.repeat(100 * 1024)}`);
  expect(JSON.stringify(await known.next('long'))).toContain('User:1');
});

test('of more than 1,000 unauthenticated connections the oldest is closed, and others are served', async () => {
  await using server = await startTestServer();
  const first = await openSilent(server);
  const firstClosed = closeCode(first);
  const others: WebSocket[] = [];
  for (let index = 0; index < 1000; index += 100)
    others.push(...(await Promise.all(Array.from({ length: 100 }, () => openSilent(server)))));
  expect(await firstClosed).toBe(1006);
  await using known = await openProtocolSocket(server, server.key);
  expect(known.received[0]?.type).toBe('connection_ack');
  for (const socket of others) socket.terminate();
});
