import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestServer } from '../support/server.ts';

test('the server shuts down without waiting for uploads whose clients disconnected early', async () => {
  await using server = await startTestServer({ UPLOAD_IDLE_SECONDS: '86400' });
  const { hostname, port } = new URL(server.url);
  const begin = async () => {
    const socket = connect(Number(port), hostname).on('error', () => {});
    await once(socket, 'connect');
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.key}\r\ncontent-length: 1000\r\n` +
        'content-type: multipart/form-data; boundary=x\r\n\r\n--x\r\n',
    );
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    socket.resetAndDestroy();
  };
  await Promise.all(Array.from({ length: 200 }, begin));
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  // Disposing of the server waits for requests in progress: none may be left.
});
