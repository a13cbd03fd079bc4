import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { EventHub } from '../../../src/events/hub.ts';
import { cursorOf, readEvents, subscribeToEvents } from '../../support/events.ts';
import { attach, detach, ids, uploadFile, uploadFiles } from '../../support/files.ts';
import { few } from '../../support/length.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** Selects some 20 KiB per event. */
const aliases = Array.from({ length: 250 }, (_, index) => `sha256_${index}: sha256`).join(' ');
const heavy = `subscription ($on: ID!, $after: String) { event: fileEvents(on: $on, after: $after) { cursor file { ${aliases} } } }`;

/** Opens a socket that subscribes and then reads nothing until it is resumed. */
async function stall(server: TestServer, after: string) {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: server.key } }));
  await once(socket, 'message');
  const payload = { query: heavy, variables: { on: 'Task:1', after } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  await once(socket, 'message');
  socket.pause();
  const cursors: string[] = [];
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data));
    if (type === 'next') cursors.push(payload.data.event.cursor);
  });
  return { socket, cursors };
}

const cursorsOf = async (server: TestServer, after: string) =>
  (await readEvents(server, 'Task:1', { after })).map((event) => event.cursor);

/**
 * Attaches 100 files to the task and detaches them. Each round emits 200 events, which are 4 MB
 * for a subscriber that selects all fields.
 */
async function happen(server: TestServer, rounds: number): Promise<number> {
  const fileIds = ids(
    (
      await uploadFiles(
        server,
        null,
        Array.from({ length: 100 }, (_, index) => `${index}`),
      )
    ).files,
  );
  for (let round = 0; round < rounds; round++) {
    await attach(server, 'Task:1', fileIds);
    await detach(server, 'Task:1', fileIds);
  }
  return rounds * 200;
}

test('a stalled subscriber does not delay others, and receives all events in order once it reads', async () => {
  await using server = await startTestServer({ MAX_FILES: '100' });
  const begin = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'first');
  const first = await cursorOf(server, 'Task:1');
  const { socket, cursors } = await stall(server, begin);
  await using reader = await subscribeToEvents<{ cursor: string }>(server, 'Task:1', { after: first, query: heavy });
  const count = await happen(server, 8);
  const all = await cursorsOf(server, first);
  expect(all.length).toBe(count);
  expect((await reader.take(count)).map((event) => event.cursor)).toEqual(all);
  expect(cursors).toEqual([]);

  socket.resume();
  await expect.poll(() => cursors.length, { timeout: 50_000 }).toBe(count);
  expect(cursors).toEqual(all);
  await uploadFile(server, 'Task:1', 'live again');
  await expect.poll(() => cursors.length, { timeout: 50_000 }).toBe(count + 1);
  socket.terminate();
});

test('a subscriber that stalls too long is disconnected, and resumes with its cursor without loss', async () => {
  const opened = vi.spyOn(EventHub.prototype, 'subscribe');
  await using server = await startTestServer({ MAX_FILES: '100', SLOW_READER_SECONDS: '1' });
  const begin = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'first');
  const first = await cursorOf(server, 'Task:1');
  const { socket, cursors } = await stall(server, begin);
  const hub = opened.mock.contexts[0] as EventHub;
  await using reader = await subscribeToEvents<{ cursor: string }>(server, 'Task:1', { after: first, query: heavy });
  const count = await happen(server, 8);
  expect((await reader.take(count)).length).toBe(count);
  await expect.poll(() => hub.size, { timeout: 50_000 }).toBe(1);

  const closed = once(socket, 'close').then(([code]) => code);
  socket.resume();
  expect([4410, 1006]).toContain(await closed);
  const all = await cursorsOf(server, first);
  expect(cursors).toEqual(all.slice(0, cursors.length));
  expect(cursors.length).toBeLessThan(count);
  await using back = await subscribeToEvents<{ cursor: string }>(server, 'Task:1', {
    after: cursors.at(-1) ?? first,
    query: heavy,
  });
  expect((await back.take(count - cursors.length)).map((event) => event.cursor)).toEqual(all.slice(cursors.length));
});

test('the bytes buffered for stalled subscribers are bounded, however many events occur', async () => {
  const sent = vi.spyOn(WebSocket.prototype, 'send');
  await using server = await startTestServer({ MAX_FILES: '100' });
  const begin = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'first');
  const clientCount = few(8, 25);
  const stalled = await Promise.all(Array.from({ length: clientCount }, () => stall(server, begin)));
  const readers = await Promise.all(Array.from({ length: clientCount }, () => subscribeToEvents(server, 'Task:1')));
  const count = await happen(server, 8);
  for (const reader of readers) expect((await reader.take(count)).length).toBe(count);
  const clients = new Set(stalled.map(({ socket }) => socket));
  const sockets = [...new Set(sent.mock.contexts as WebSocket[])].filter((socket) => !clients.has(socket));
  const waiting = sockets.reduce((sum, socket) => sum + socket.bufferedAmount, 0);
  // The events are 32 MB. Each socket may buffer 1 MiB and the batch that exceeds it.
  expect(waiting).toBeLessThan(clientCount * 6 * 2 ** 20);
  for (const { socket } of stalled) socket.terminate();
  for (const reader of readers) await reader[Symbol.asyncDispose]();
  sent.mockRestore();
});
