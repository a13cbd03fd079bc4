import { once } from 'node:events';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { cursorOf } from '../../support/events.ts';
import { attach, detach, ids, uploadFiles } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

/** Selects some 20 KiB per event. */
const aliases = Array.from({ length: 250 }, (_, index) => `sha256_${index}: sha256`).join(' ');
const heavy = `subscription ($on: ID!, $after: String) { event: fileEvents(on: $on, after: $after) { file { ${aliases} } } }`;

// Buffered events (up to 1024) and pages (256) are available at once: only the limit of bytes
// bounds what is written.
test('at most 256 KiB and one event are buffered for a socket that is not read', async () => {
  await using server = await startTestServer({ MAX_FILES: '100' });
  const { write } = Socket.prototype;
  const port = Number(new URL(server.url).port);
  let most = 0;
  Socket.prototype.write = function (this: Socket, ...args: unknown[]) {
    const hasCapacity = write.apply(this, args as never);
    if (this.localPort === port) most = Math.max(most, this.writableLength);
    return hasCapacity;
  } as never;
  const after = await cursorOf(server, 'Task:1');
  const fileIds = ids(
    (
      await uploadFiles(
        server,
        null,
        Array.from({ length: 100 }, (_, index) => `${index}`),
      )
    ).files,
  );
  for (let round = 0; round < 5; round++) {
    await attach(server, 'Task:1', fileIds);
    await detach(server, 'Task:1', fileIds);
  }
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: server.key } }));
  await once(socket, 'message');
  const payload = { query: heavy, variables: { on: 'Task:1', after } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  let received = 0;
  const all = Promise.withResolvers<void>();
  socket.on('message', () => {
    received += 1;
    if (received === 1000) all.resolve();
  });
  await all.promise;
  socket.terminate();
  Socket.prototype.write = write;
  expect(most).toBeGreaterThan(128 * 1024); // the test measures the buffer that fills
  expect(most).toBeLessThan(256 * 1024 + 50_000); // 256 events would be some 4.9 MB
});
