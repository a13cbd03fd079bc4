import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphQLFormattedError } from 'graphql';
import { expect, test } from 'vitest';
import { begin, bytesOf, metadata, offsetOf, piece, tus, uploadByTus } from '../http/tus/client.ts';
import { ask, errorOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { remove, tryUploadFiles, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { expectTemporary, expectUsage, limit, newProject } from '../support/project-usage.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1024 * 1024;
const place = { 'upload-metadata': metadata({ filename: 'a.bin', on: 'Task:1' }) };

const codeOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string } };
  return `${response.status} ${error.code}`;
};
const FULL = '507 INSUFFICIENT_STORAGE';

const beginOn = (server: TestServer, length: number) =>
  tus(server, 'POST', '/uploads', { 'upload-length': String(length), ...place });
const beginDeferred = async (server: TestServer) =>
  (await tus(server, 'POST', '/uploads', { 'upload-defer-length': '1', ...place })).headers.get('location') ?? '';
const partialFiles = ({ dataDir }: TestServer) => readdir(join(dataDir, 'files', 'unfinished'));

test('a tus upload of 4 MB to a project that allows 10 bytes is rejected at creation', async () => {
  await using server = await startTestServer();
  await limit(server, { maxBytes: 10 });
  expect(await codeOf(await beginOn(server, 4_000_000))).toBe(FULL);
  expect(await runSql(server.dataDir, 'select id from resumable_uploads')).toEqual([]);
  expect((await beginOn(server, 10)).status).toBe(201);
  // The first upload has reserved all 10 bytes.
  expect(await codeOf(await beginOn(server, 1))).toBe(FULL);
  await expectTemporary(server);
});

test('the error of tus-js-client contains the number of bytes that fit', async () => {
  await using server = await startTestServer();
  await limit(server, { maxBytes: 10 });
  const upload = uploadByTus(server, bytesOf(4_000_000), { on: 'Task:1' }, { retryDelays: [] });
  await expect(upload).rejects.toThrow(/507.*it has 4000000 bytes, and the project may take 10 more/s);
});

test('a reservation is released when its upload is deleted and counts once when it is finished', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '2000', MAX_PROJECT_FILES: '2' });
  const first = await begin(server, 1000, { on: 'Task:1' });
  const second = await begin(server, 1000, { on: 'Task:2' });
  expect(await codeOf(await beginOn(server, 1))).toBe(FULL);
  expect((await tus(server, 'DELETE', second)).status).toBe(204);
  expect((await tus(server, 'PATCH', first, piece(0), bytesOf(1000))).status).toBe(204);
  await expectUsage(server, 1000, 1);
  expect(await codeOf(await beginOn(server, 1001))).toBe(FULL);
  const third = await begin(server, 0, { on: 'Task:1' });
  expect(await codeOf(await beginOn(server, 0))).toBe(FULL); // MAX_PROJECT_FILES is reached
  expect((await tus(server, 'HEAD', third)).headers.get('attache-file-id')).toMatch(/^File:/);
  await expectUsage(server, 1000, 2);
});

test('of fifty concurrent uploads to a project whose quota permits ten, ten are accepted', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '1000' });
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await beginOn(server, 100)).status));
  expect(statuses.filter((status) => status === 201)).toHaveLength(10);
  expect(statuses.filter((status) => status === 507)).toHaveLength(40);
  await expectTemporary(server);
});

test('a next version of a file counts in every project that the file is attached in', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '1000' });
  const file = await uploadFile(server, 'Task:1', 'four');
  const begun = (length: number) =>
    tus(server, 'POST', '/uploads', {
      'upload-length': String(length),
      'upload-metadata': metadata({ filename: 'a', parentId: file.id }),
    });
  expect(await codeOf(await begun(997))).toBe(FULL);
  expect((await begun(996)).status).toBe(201);
  expect(await codeOf(await begun(1))).toBe(FULL);
});

test('an upload of deferred length stops at the remaining quota of the project and keeps the received bytes', async () => {
  await using server = await startTestServer();
  await limit(server, { maxBytes: 9 * MIB });
  const path = await beginDeferred(server);
  expect((await tus(server, 'PATCH', path, piece(0), bytesOf(3 * MIB))).status).toBe(204);
  // Exactly the received bytes count.
  expect(await codeOf(await beginOn(server, 6 * MIB + 1))).toBe(FULL);
  const rest = await begin(server, 6 * MIB - 1, { on: 'Task:2' });
  expect(await codeOf(await tus(server, 'PATCH', path, piece(3 * MIB), bytesOf(2)))).toBe(FULL);
  expect((await tus(server, 'DELETE', rest)).status).toBe(204);
  await limit(server, { maxBytes: 5 * MIB });
  expect(await codeOf(await tus(server, 'PATCH', path, piece(3 * MIB), bytesOf(4 * MIB)))).toBe(FULL);
  const offset = await offsetOf(server, path);
  expect(offset).toBeGreaterThanOrEqual(3 * MIB);
  expect(offset).toBeLessThanOrEqual(5 * MIB);
  await expectTemporary(server);
});

test('an unattached upload of deferred length stops at MAX_USER_UNFINISHED_BYTES', async () => {
  await using server = await startTestServer({ MAX_USER_UNFINISHED_BYTES: '5 MiB' });
  const begun = await tus(server, 'POST', '/uploads', { 'upload-defer-length': '1' });
  const path = begun.headers.get('location') ?? '';
  expect(await codeOf(await tus(server, 'PATCH', path, piece(0), bytesOf(8 * MIB)))).toBe(FULL);
  expect(await offsetOf(server, path)).toBeLessThanOrEqual(5 * MIB);
  await expectTemporary(server);
});

test('a full project rejects the first byte of an upload of deferred length', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '5' });
  const path = await beginDeferred(server);
  await uploadFile(server, 'Task:1', '12345');
  expect(await codeOf(await tus(server, 'PATCH', path, piece(0), bytesOf(1)))).toBe(FULL);
  expect(await offsetOf(server, path)).toBe(0);
});

test('a deferred length is checked against the quota when it is declared', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '100' });
  const path = await beginDeferred(server);
  const declareLength = (length: number) => ({ ...piece(0), 'upload-length': String(length) });
  expect(await codeOf(await tus(server, 'PATCH', path, declareLength(101), bytesOf(10)))).toBe(FULL);
  expect(await offsetOf(server, path)).toBe(0);
  expect((await tus(server, 'PATCH', path, declareLength(100), bytesOf(10))).status).toBe(204);
  expect(await codeOf(await beginOn(server, 1))).toBe(FULL);
  await expectTemporary(server);
});

test('an upload of deferred length is limited by MAX_FILE_SIZE', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '1000' });
  const path = await beginDeferred(server);
  const response = await tus(server, 'PATCH', path, piece(0), bytesOf(1001));
  expect(await codeOf(response)).toBe('413 PAYLOAD_TOO_LARGE');
});

test('MAX_USER_UNFINISHED_BYTES limits unfinished and unattached bytes of each user together', async () => {
  await using server = await startTestServer({ MAX_USER_UNFINISHED_BYTES: '30000', MAX_UNFINISHED_BYTES: '50000' });
  const olga = await newPerson(server, 'Olga', { role: 'OWNER' });
  const other = { url: server.url, key: olga.key };
  const file = await uploadFile(server, null, { name: 'loose', content: 'x'.repeat(10_000) });
  const path = await begin(server, 20_000, { on: 'Task:1' });
  expect(await codeOf(await beginOn(server, 1))).toBe(FULL);
  const refused = await tryUploadFiles(server, null, ['y']);
  expect(refused.errors?.[0]?.extensions.code).toBe('INSUFFICIENT_STORAGE');
  expect(refused.errors?.[0]?.message).toContain('30000 bytes');
  expect(refused.errors?.[0]?.message).toContain('sets MAX_USER_UNFINISHED_BYTES');
  // An upload straight to a task is not an unattached one.
  await uploadFile(server, 'Task:1', { name: 'attached', content: 'x'.repeat(40_000) });
  await begin(other, 16_000);
  await expect(begin(other, 5000)).rejects.toThrow(
    /507.*all users together may have at most 50000.*sets MAX_UNFINISHED_BYTES/s,
  );
  await remove(server, file.id);
  await begin(other, 5000);
  expect((await tus(server, 'PATCH', path, piece(0), bytesOf(20_000))).status).toBe(204);
  await begin(server, 25_000);
  await expectTemporary(server);
});

test('finishing an unattached upload needs no second reservation', async () => {
  await using server = await startTestServer({ MAX_USER_UNFINISHED_BYTES: '10000' });
  const path = await begin(server, 10_000);
  expect((await tus(server, 'PATCH', path, piece(0), bytesOf(10_000))).status).toBe(204);
  expect(await codeOf(await tus(server, 'POST', '/uploads', { 'upload-length': '1' }))).toBe(FULL);
  expect(await partialFiles(server)).toEqual([]);
  await expectTemporary(server);
});

test('createUploadUrl checks the quota and the number and bytes of unfinished uploads', async () => {
  // Nothing listens there: creating a URL sends no request to the store.
  const STORAGE_URL = 's3://key:secret@bucket?endpoint=http://127.0.0.1:9';
  await using server = await startTestServer({
    STORAGE_URL,
    MAX_UNFINISHED_UPLOADS: '2',
    MAX_UNFINISHED_BYTES: '4 MiB',
  });
  await limit(server, { maxBytes: 10 });
  const query = `mutation ($size: ByteSize!, $on: ID) {
    createUploadUrl(input: { filename: "a", size: $size, sha256: "${'a'.repeat(64)}", on: $on }) { uploadId }
  }`;
  expect(await errorOf(server, query, { size: 4_000_000, on: 'Task:1' })).toMatch(/^INSUFFICIENT_STORAGE: /);
  await ask(server, query, { size: 10, on: 'Task:1' });
  expect(await errorOf(server, query, { size: 1, on: 'Task:2' })).toMatch(/^INSUFFICIENT_STORAGE: /);
  expect(await errorOf(server, query, { size: 5_000_000 })).toMatch(/^INSUFFICIENT_STORAGE: .*4194304 bytes/);
  await ask(server, query, { size: 10 });
  const refused = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { size: 10 } }),
  });
  const { errors, extensions } = (await refused.json()) as { errors: GraphQLFormattedError[]; extensions?: object };
  expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }]);
  expect(refused.headers.get('retry-after')).toBe(String(errors[0]?.extensions?.retryAfterSeconds));
  expect(extensions).toBeUndefined();
});

test('deleting a project releases the reservations of uploads to it', async () => {
  await using server = await startTestServer();
  const project = await newProject(server);
  await begin(server, 5000, { on: project });
  const query = `mutation { deleteProject(input: { projectId: "${project}" }) { deletedId } }`;
  await ask(server, query);
  expect(await runSql(server.dataDir, 'select upload_id from upload_reservations')).toEqual([]);
  await expectTemporary(server);
});

test('with default limits an upload of MAX_FILE_SIZE can be begun whatever the disk size', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '64 TiB' });
  await begin(server, 64 * 1024 ** 4);
  expect(await codeOf(await tus(server, 'POST', '/uploads', { 'upload-length': '1' }))).toBe(FULL);
});

test('a limit of unfinished bytes below MAX_FILE_SIZE is logged at startup', async () => {
  await using folder = await temporaryFolder('limits');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'info', MAX_FILE_SIZE: '1 GiB' };
  {
    await using server = await startProcess({ ...env, MAX_USER_UNFINISHED_BYTES: '1 GiB' });
    expect(server.logged()).not.toContain('below MAX_FILE_SIZE');
  }
  await using server = await startProcess({ ...env, MAX_USER_UNFINISHED_BYTES: '1 MiB' });
  const warnings = () => server.logged().match(/.*below MAX_FILE_SIZE.*/g) ?? [];
  // Log lines and printed lines arrive through different pipes.
  await expect.poll(warnings).toHaveLength(1);
  const lines = warnings();
  expect(lines[0]).toContain('"MAX_USER_UNFINISHED_BYTES"');
  expect(lines[0]).not.toContain('"MAX_UNFINISHED_BYTES"');
});

const minutesLeft = async (server: TestServer, path: string) => {
  const { headers } = await tus(server, 'HEAD', path);
  return (Date.parse(headers.get('upload-expires') ?? '') - Date.now()) / 60_000;
};

test('an upload without any byte expires after 15 minutes, and other uploads after their full lifetime', async () => {
  await using server = await startTestServer();
  const path = await begin(server, 1000);
  expect(await minutesLeft(server, path)).toBeLessThanOrEqual(15);
  expect((await tus(server, 'PATCH', path, piece(0), new Uint8Array())).status).toBe(204);
  expect(await minutesLeft(server, path)).toBeLessThanOrEqual(15);
  expect((await tus(server, 'PATCH', path, piece(0), bytesOf(1))).status).toBe(204);
  expect(await minutesLeft(server, path)).toBeGreaterThan(23 * 60);
  // An empty upload is complete from the start and keeps reporting the id of its file.
  expect(await minutesLeft(server, await begin(server, 0))).toBeGreaterThan(23 * 60);
});
