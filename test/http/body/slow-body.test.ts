import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BodyBudget } from '../../../src/http/body/body-budget.ts';
import { readBody } from '../../../src/http/body/read-body.ts';
import type { Pace } from '../../../src/http/body/transfer-clock.ts';
import { readLegacyForm } from '../../../src/http/multipart/legacy-form.ts';
import { MultipartForm } from '../../../src/http/multipart/multipart-form.ts';

/** The client is never silent for `idleMs`, but sends 100 of the required 1000 bytes a second. */
const pace: Pace = { idleMs: 60_000, graceMs: 300, bytesPerSecond: 1000 };
const limits = { maxFiles: 1, maxFileSize: 1e9, allowedExtensions: [], refusedExtensions: [] } as never;
const options = { createReceiver: undefined as never, limits, maxFieldSize: 1e6, pace, budget: new BodyBudget() };

/** Reads a body that its client sends byte by byte, and returns the error that ended it. */
async function sendSlowly(head: string, read: (request: never) => Promise<unknown>): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port).on('error', () => {});
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n${head}`);
  const [request] = await once(server, 'request');
  const reading = read(request as never).then(
    () => 'it was read',
    (error) => `${error.extensions?.code ?? error.code}: ${error.message}`,
  );
  let isOver = false;
  reading.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    socket.write(' ');
    await pause(10);
  }
  socket.destroy();
  server.close();
  return reading;
}

const tooSlow = /^REQUEST_TIMEOUT: .*less than 1000 bytes a second/;
const multipart = 'content-type: multipart/form-data; boundary=x\r\n\r\n';
const field = '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n';

test('a JSON body below the minimum rate is rejected with REQUEST_TIMEOUT', async () => {
  expect(await sendSlowly('\r\n', (request) => readBody(request, { limit: 1e6, pace }))).toMatch(tooSlow);
});

test('a legacy form below the minimum rate is rejected with REQUEST_TIMEOUT', async () => {
  expect(
    await sendSlowly(`${multipart}${field}`, (request) => readLegacyForm(request, { ...options, userId: 1 })),
  ).toMatch(tooSlow);
});

test('a GraphQL multipart request below the minimum rate is rejected with REQUEST_TIMEOUT', async () => {
  const read = async (request: never) => {
    await using form = new MultipartForm(request, 1, options);
    return await form.operations();
  };
  expect(await sendSlowly(`${multipart}${field}`, read)).toMatch(tooSlow);
});
