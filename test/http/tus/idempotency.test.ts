import { expect, test } from 'vitest';
import { ask } from '../../support/client.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { bytesOf, metadata, piece, tus } from './client.ts';

const bytes = bytesOf(1000);
const of = (idempotencyKey: string, name = 'a.bin') => metadata({ filename: name, on: 'Task:1', idempotencyKey });
const create = (server: TestServer, header: string, length = 1000) =>
  tus(server, 'POST', '/uploads', { 'upload-length': String(length), 'upload-metadata': header });
const append = (server: TestServer, at: string, from: number, to: number) =>
  tus(server, 'PATCH', at, piece(from), bytes.subarray(from, to));
const headersOf = ({ status, headers }: Response) => ({
  status,
  location: headers.get('location') ?? '',
  offset: headers.get('upload-offset'),
  file: headers.get('attache-file-id'),
});

test('a repeated creation with the same idempotency key returns the first upload and its offset', async () => {
  await using server = await startTestServer();
  const first = headersOf(await create(server, of('key')));
  expect(first).toMatchObject({ status: 201, offset: '0', file: null });
  await append(server, first.location, 0, 400);
  expect(headersOf(await create(server, of('key')))).toEqual({ ...first, offset: '400' });
  const file = (await append(server, first.location, 400, 1000)).headers.get('attache-file-id');
  expect(headersOf(await create(server, of('key')))).toEqual({ ...first, offset: '1000', file });
  expect(headersOf(await create(server, of('another'))).location).not.toBe(first.location);
});

test('of concurrent creations with one key, all return the same upload', async () => {
  await using server = await startTestServer();
  const all = await Promise.all(Array.from({ length: 5 }, () => create(server, of('key'))));
  expect(new Set(all.map((one) => headersOf(one).location)).size).toBe(1);
});

test('a key is for one upload: another name or length, and a removed file, are conflicts', async () => {
  await using server = await startTestServer();
  const { location } = headersOf(await create(server, of('key')));
  expect((await create(server, of('key', 'b.bin'))).status).toBe(409);
  expect((await create(server, of('key'), 999)).status).toBe(409);
  expect((await create(server, of('x'.repeat(256)))).status).toBe(400);
  const id = (await append(server, location, 0, 1000)).headers.get('attache-file-id');
  await ask(server, 'mutation ($id: ID!) { removeFile(input: { fileId: $id }) { removedFileId } }', { id });
  expect((await create(server, of('key'))).status).toBe(409);
});

test('the key of an upload that was deleted creates a new one', async () => {
  await using server = await startTestServer();
  const { location } = headersOf(await create(server, of('key')));
  expect((await tus(server, 'DELETE', location)).status).toBe(204);
  const again = headersOf(await create(server, of('key')));
  expect(again).toMatchObject({ status: 201, offset: '0' });
  expect(again.location).not.toBe(location);
});
