import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import { openDiskStorage } from '../../../src/storage/disk.ts';
import { deleteExpiredUploads } from '../../../src/uploads/resumable/terminate-upload.ts';
import { kind, placeOf, runSql } from '../../support/database.ts';
import { cursorOf, readEvents, subscribeToEvents } from '../../support/events.ts';
import { newKey } from '../../support/people.ts';
import { startTestServer } from '../../support/server.ts';
import { finish, sessionToken } from '../../support/upload-session.ts';
import { begin, bytesOf, offsetOf, type Place, piece, tus } from './client.ts';
import { forbidFiles } from './forbid-files.ts';

const bytes = bytesOf(1000);
const half = bytes.subarray(0, 500);

/** Sends a PATCH that stays open after the server has received its first half. */
async function sendHalf(place: Place, dataDir: string, path: string): Promise<ClientRequest> {
  const sending = request(new URL(path, place.url), {
    method: 'PATCH',
    headers: { authorization: `Bearer ${place.key}`, 'tus-resumable': '1.0.0', ...piece(0), 'content-length': 1000 },
  });
  sending.write(half);
  // The row of the upload holds a lease as soon as the server reads the body.
  for (let taken = false; !taken; ) {
    const rows = await runSql(dataDir, 'select 1 from resumable_uploads where lease is not null');
    taken = rows.length > 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sending;
}

async function answerTo(sending: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(sending, 'response');
  return response.resume();
}

test('OPTIONS reports the tus version with CORS enabled, with and without an Origin header', async () => {
  await using server = await startTestServer({ CORS_ORIGINS: 'https://a.example.com' });
  for (const headers of [{}, { origin: 'https://a.example.com' }] as Record<string, string>[]) {
    const response = await fetch(`${server.url}/uploads`, { method: 'OPTIONS', headers });
    expect([response.status, response.headers.get('tus-version')]).toEqual([204, '1.0.0']);
  }
});

test('a GET for the offset of an upload does not interrupt a PATCH in progress', async () => {
  await using server = await startTestServer();
  const path = await begin(server, 1000, { on: 'Task:1' });
  const sending = await sendHalf(server, server.dataDir, path);
  expect((await tus(server, 'GET', path)).status).toBe(200);
  const answered = answerTo(sending);
  sending.end(bytes.subarray(500));
  const { statusCode, headers } = await answered;
  expect([statusCode, headers['attache-file-id']]).toEqual([204, expect.stringMatching(/^File:/)]);
});

test('a read-only key cannot change, delete or complete an upload', async () => {
  await using server = await startTestServer();
  const path = await begin(server, 1000, { on: 'Task:1' });
  const { key } = await newKey(server, 'User:1', 'READ');
  const reading = { url: server.url, key };
  expect((await tus(reading, 'PATCH', path, piece(0), bytes)).status).toBe(403);
  expect((await tus(reading, 'DELETE', path)).status).toBe(403);
  await forbidFiles(server, true);
  expect((await tus(server, 'PATCH', path, piece(0), bytes)).status).toBe(500);
  await forbidFiles(server, false);
  expect(await offsetOf(reading, path)).toBe(1000);
  expect(await (await tus(reading, 'GET', path)).json()).toMatchObject({ file: null, offset: 1000 });
  expect((await tus(server, 'HEAD', path)).headers.get('attache-file-id')).toMatch(/^File:/);
});

test('an upload with a PATCH in progress does not expire', async () => {
  await using server = await startTestServer();
  const path = await begin(server, 1000, { on: 'Task:1' });
  const sending = await sendHalf(server, server.dataDir, path);
  const past = kind === 'sqlite' ? Date.now() - 1000 : new Date(Date.now() - 1000).toISOString();
  await runSql(server.dataDir, 'update resumable_uploads set expires_at = ?', past);
  await using database = await openDatabase(await placeOf(server.dataDir));
  await using storage = await openDiskStorage(join(server.dataDir, 'files'));
  expect(await deleteExpiredUploads({ em: database.em(), storage }, new Date())).toBe(0);
  const answered = answerTo(sending);
  sending.end(bytes.subarray(500));
  expect((await answered).headers['attache-file-id']).toMatch(/^File:/);
});

test('the bytes of a file remain after the record of its upload expires', async () => {
  await using server = await startTestServer();
  const path = await begin(server, 1000, { on: 'Task:1' });
  const file = (await tus(server, 'PATCH', path, piece(0), bytes)).headers.get('attache-file-id');
  await using database = await openDatabase(await placeOf(server.dataDir));
  await using storage = await openDiskStorage(join(server.dataDir, 'files'));
  const later = new Date(Date.now() + 2 * 24 * 60 * 60 * 1000);
  expect(await deleteExpiredUploads({ em: database.em(), storage }, later)).toBe(0);
  expect((await tus(server, 'HEAD', path)).status).toBe(404);
  const content = await tus(server, 'GET', `/files/${file?.replace('File:', '')}/content`);
  expect(Buffer.from(await content.arrayBuffer())).toEqual(bytes);
});

test('a subscriber receives the event of an upload when the upload is complete, and not before', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToEvents(server, 'Project:1');
  const path = await begin(server, 1000, { on: 'Task:1', filename: 'received.bin' });
  await tus(server, 'PATCH', path, piece(0), half);
  const last = await tus(server, 'PATCH', path, piece(500), bytes.subarray(500));
  const event = await listener.next();
  expect(event).toMatchObject({ type: 'FILE_ADDED', onId: 'Task:1', session: null, file: { name: 'received.bin' } });
  expect(event.file.id).toBe(last.headers.get('attache-file-id'));
});

test('the events of uploads in a session are emitted together when the session is finished', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  for (const filename of ['a.bin', 'b.bin']) {
    const path = await begin(server, 1000, { on: 'Task:1', filename, sessionToken });
    await tus(server, 'PATCH', path, piece(0), bytes);
  }
  expect(await readEvents(server, 'Task:1', { after })).toEqual([]);
  await finish(server);
  const events = await readEvents(server, 'Task:1', { after });
  expect(events.map(({ file, session }) => [file.name, session])).toEqual([
    ['a.bin', sessionToken],
    ['b.bin', sessionToken],
  ]);
});

test('concurrent PATCH requests with the same bytes create one file', async () => {
  await using server = await startTestServer();
  const path = await begin(server, 1000, { on: 'Task:1', filename: 'once.bin' });
  const after = await cursorOf(server, 'Task:1');
  const answers = await Promise.all(Array.from({ length: 8 }, () => tus(server, 'PATCH', path, piece(0), bytes)));
  for (const { status } of answers) expect([204, 409]).toContain(status);
  expect((await tus(server, 'HEAD', path)).headers.get('upload-offset')).toBe('1000');
  expect(await readEvents(server, 'Task:1', { after })).toHaveLength(1);
  expect(await readdir(join(server.dataDir, 'files', 'unfinished'))).toEqual([]);
});

test('a chunk with a wrong checksum is not part of the file, even if the length is declared afterwards', async () => {
  await using server = await startTestServer({ SMALL_FILE_SIZE: '0' });
  const headers = { 'upload-defer-length': '1' };
  const path = (await tus(server, 'POST', '/uploads', headers)).headers.get('location') ?? '';
  await tus(server, 'PATCH', path, piece(0), half);
  const checksum = { 'upload-checksum': 'md5 AAAAAAAAAAAAAAAAAAAAAA==' };
  expect((await tus(server, 'PATCH', path, { ...piece(500), ...checksum }, half)).status).toBe(460);
  const [held] = await runSql<object>(server.dataDir, 'select received, reserved from resumable_uploads');
  expect(Object.values(held ?? {}).map(Number)).toEqual([500, 500]);
  const last = await tus(server, 'PATCH', path, { ...piece(500), 'upload-length': '500' }, '');
  const file = last.headers.get('attache-file-id')?.replace('File:', '');
  const content = await tus(server, 'GET', `/files/${file}/content`);
  expect(Buffer.from(await content.arrayBuffer())).toEqual(half);
  const [blob = ''] = (await server.stored()).blobs;
  expect((await stat(blob)).size).toBe(500);
});

test('an expired upload that cannot be deleted keeps no other one, and goes when it can be', async () => {
  await using server = await startTestServer();
  for (const filename of ['a.bin', 'b.bin', 'c.bin']) await begin(server, 1000, { filename });
  const past = kind === 'sqlite' ? 0 : new Date(0).toISOString();
  await runSql(server.dataDir, 'update resumable_uploads set expires_at = ?', past);
  await using database = await openDatabase(await placeOf(server.dataDir));
  await using storage = await openDiskStorage(join(server.dataDir, 'files'));
  const [broken] = await runSql<{ key: string }>(server.dataDir, 'select blob_key as key from resumable_uploads');
  const stuck: typeof storage = {
    ...storage,
    async removePartial(key) {
      if (key === broken?.key) throw new Error('This one cannot be deleted.');
      return storage.removePartial(key);
    },
  };
  const sweep = (at: typeof storage, now: Date) => deleteExpiredUploads({ em: database.em(), storage: at }, now);
  await expect(sweep(stuck, new Date())).rejects.toThrow('1 expired uploads could not be deleted');
  const left = await runSql<{ key: string }>(server.dataDir, 'select blob_key as key from resumable_uploads');
  expect(left.map(({ key }) => key)).toEqual([broken?.key]);
  expect(await sweep(storage, new Date(Date.now() + 60_000))).toBe(1);
});
