import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { BodyBudget } from '../../../src/http/body/body-budget.ts';
import { GRAPHQL_JSON, readJson } from '../../../src/http/body/json-body.ts';
import { MultipartForm } from '../../../src/http/multipart/multipart-form.ts';

const budget = new BodyBudget();
const pace = { idleMs: 86_400_000, graceMs: 86_400_000, bytesPerSecond: 1 };

const form = '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{__typename}"}\r\n--x--\r\n';

/** Returns a request that arrived complete, but whose client disconnected before it was read. */
async function abandoned(): Promise<IncomingMessage> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port).on('error', () => {});
  socket.write(
    `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${form.length}\r\n` +
      `content-type: multipart/form-data; boundary=x\r\n\r\n${form}`,
  );
  const [request]: [IncomingMessage] = (await once(server, 'request')) as never;
  while (!request.complete) await new Promise((resolve) => setImmediate(resolve));
  request.on('error', () => {});
  const closed = new Promise((resolve) => request.once('close', resolve));
  socket.resetAndDestroy();
  await closed;
  server.close();
  expect(request).toMatchObject({ complete: true, destroyed: true, readableEnded: false });
  return request;
}

test('a complete form whose client disconnected before it was read is rejected', async () => {
  const options = { createReceiver: undefined as never, limits: { maxFiles: 1, maxFileSize: 1 } as never };
  await using form = new MultipartForm(await abandoned(), 1, { ...options, maxFieldSize: 1000, pace, budget });
  await expect(form.operations()).rejects.toThrow('disconnected');
});

test('a complete JSON query whose client disconnected before it was read is rejected', async () => {
  await expect(
    readJson(await abandoned(), { limit: 1000, bounds: GRAPHQL_JSON, pace, budget, userId: 1 }),
  ).rejects.toThrow('disconnected');
});
