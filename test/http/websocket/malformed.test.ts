import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { print } from 'graphql';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { fileAdded } from '../../support/documents.ts';
import { uploadFile } from '../../support/files.ts';
import { subscribeToFileAdded } from '../../support/live.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** Opens a socket that sends only what a test makes it send. */
async function open(server: TestServer): Promise<WebSocket> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

/** Opens an authenticated socket. */
async function openKnown(server: TestServer): Promise<WebSocket> {
  const socket = await open(server);
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: server.key } }));
  expect(await nextMessage(socket)).toEqual({ type: 'connection_ack' });
  return socket;
}

/** Returns the next message, or the code with which the server closed the connection. */
function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (message) => resolve(JSON.parse(String(message))));
    socket.once('close', resolve);
  });
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

const subscribe = (id: string, query: unknown, variables: unknown = {}) =>
  JSON.stringify({ id, type: 'subscribe', payload: { query, variables } });

/** A message sent before the acknowledgement, and the close code that the protocol requires. */
const tooEarly: [string, string | Buffer, number][] = [
  ['what is not JSON', 'not json', 4400],
  ['an empty message', '', 4400],
  ['JSON null', 'null', 4400],
  ['a message of an unknown type', '{"type":"teapot"}', 4400],
  ['a subscription without an id', '{"type":"subscribe","payload":{"query":"{__typename}"}}', 4400],
  ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe]), 4400],
  ['a subscription before who it is for', subscribe('1', '{ __typename }'), 4401],
  ['a message of 2 MiB', JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(2 ** 21) } }), 1009],
];

test.each(tooEarly)('%s closes its own connection and no other', async (_what, message, code) => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const socket = await open(server);
  socket.send(message);
  expect(await closeCode(socket)).toBe(code);
  await uploadFile(server, 'Task:1', { name: 'after.txt', content: 'after' });
  expect((await listener.next()).file.name).toBe('after.txt');
});

test('a second connection_init closes the connection with 4429', async () => {
  await using server = await startTestServer();
  const socket = await openKnown(server);
  socket.send('{"type":"connection_init"}');
  expect(await closeCode(socket)).toBe(4429);
});

test('two subscriptions with one id close the connection with 4409', async () => {
  await using server = await startTestServer();
  const socket = await openKnown(server);
  socket.send(subscribe('1', print(fileAdded), { on: 'Task:1' }));
  socket.send(subscribe('1', print(fileAdded), { on: 'Task:1' }));
  expect(await closeCode(socket)).toBe(4409);
});

test.each([
  ['cannot be parsed', 'subscription {'],
  ['is empty', ''],
  ['asks for what there is not', 'subscription { nothing }'],
  ['has two operations and no name', 'query A { __typename } query B { __typename }'],
])('a query that %s is answered with an error, and the connection stays open', async (_what, query) => {
  await using server = await startTestServer();
  const socket = await openKnown(server);
  socket.send(subscribe('bad', query));
  expect(await nextMessage(socket)).toMatchObject({
    id: 'bad',
    type: 'error',
    payload: [{ message: expect.any(String) }],
  });
  socket.send(subscribe('good', '{ viewer { id } }'));
  expect(await nextMessage(socket)).toMatchObject({ id: 'good', payload: { data: { viewer: { id: 'User:1' } } } });
  socket.terminate();
});

test('a client without a supported subprotocol is closed with 4406', async () => {
  await using server = await startTestServer();
  expect(await closeCode(new WebSocket(server.wsUrl))).toBe(4406);
});

test('an upgrade at another address is answered with 404', async () => {
  await using server = await startTestServer();
  const socket = new WebSocket(`${server.wsUrl}/elsewhere`, 'graphql-transport-ws');
  const [error] = await once(socket, 'error');
  expect(error.message).toContain('404');
});

test('the server survives invalid frames, partial frames and resets', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const garbage = [
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), // reserved bits and an unknown opcode
    Buffer.from([0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f]), // not masked, as clients have to
    Buffer.from([0x81, 0xfe, 0x40, 0x00, 0x01, 0x02]), // claims 16 KiB and stops
    Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), // claims 2^63 bytes
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  ];
  for (const bytes of garbage) await writeAndReset(server, bytes);
  await uploadFile(server, 'Task:1', { name: 'after.txt', content: 'after' });
  expect((await listener.next()).file.name).toBe('after.txt');
});

/** Upgrades a bare TCP connection, writes the bytes and resets it. */
async function writeAndReset(server: TestServer, bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = dial(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(
    'GET /graphql HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('101 Switching Protocols');
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.resetAndDestroy();
  if (!socket.closed) await once(socket, 'close');
}
