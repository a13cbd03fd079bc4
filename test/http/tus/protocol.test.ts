import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import { openDiskStorage } from '../../../src/storage/disk.ts';
import { deleteExpiredUploads } from '../../../src/uploads/resumable/terminate-upload.ts';
import { kind, placeOf, runSql } from '../../support/database.ts';
import { uploadFile } from '../../support/files.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { begin, bytesOf, metadata, offsetOf, piece, sha256, tus } from './client.ts';
import { forbidFiles } from './forbid-files.ts';
import { unfinished } from './parts.ts';

const bytes = bytesOf(1000);

async function filesOn(server: TestServer): Promise<{ name: string; version: number; status: string | null }[]> {
  const query = parse('{ task(id: "Task:1") { files(first: 100) { nodes { id name version status sha256 } } } }');
  const { data } = await server.query(query as never);
  return (data as unknown as { task: { files: { nodes: never[] } } }).task.files.nodes;
}

describe('OPTIONS /uploads', () => {
  test('reports versions, extensions and limits without a key', async () => {
    await using server = await startTestServer({ MAX_FILE_SIZE: '5000' });
    const response = await fetch(`${server.url}/uploads`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-max-size': '5000',
      'tus-checksum-algorithm': 'sha256,sha1,md5',
    });
    expect(response.headers.get('tus-extension')).toContain('creation-with-upload');
  });

  test('allows and exposes the tus headers to other origins through CORS', async () => {
    await using server = await startTestServer({ CORS_ORIGINS: 'https://a.example.com' });
    const preflight = await fetch(`${server.url}/uploads/x`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://a.example.com',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization, tus-resumable, upload-offset',
      },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('upload-offset');
    const headers = { origin: 'https://a.example.com', 'upload-length': '5' };
    const created = await tus(server, 'POST', '/uploads', headers);
    expect(created.headers.get('access-control-expose-headers')).toContain('location');
  });
});

describe('rejected requests', () => {
  test('rejects a request without a key with 401, and one of another tus version with 412', async () => {
    await using server = await startTestServer();
    const none = await fetch(`${server.url}/uploads`, { method: 'POST', headers: { 'tus-resumable': '1.0.0' } });
    expect(none.status).toBe(401);
    const other = await tus(server, 'POST', '/uploads', { 'tus-resumable': '0.2.2', 'upload-length': '5' });
    expect([other.status, other.headers.get('tus-version')]).toEqual([412, '1.0.0']);
  });

  test.each<[string, Record<string, string>, number]>([
    ['without a length', {}, 400],
    ['with two', { 'upload-length': '5', 'upload-defer-length': '1' }, 400],
    ['with a length that is none', { 'upload-length': 'five' }, 400],
    ['over the limit', { 'upload-length': '5001' }, 413],
    ['with metadata that are none', { 'upload-length': '5', 'upload-metadata': 'a b c' }, 400],
    ['with a refused name', { 'upload-length': '5', 'upload-metadata': metadata({ filename: 'a.exe' }) }, 415],
    ['for a task that does not exist', { 'upload-length': '5', 'upload-metadata': metadata({ on: 'Task:999' }) }, 404],
    ['for a type that has no files', { 'upload-length': '5', 'upload-metadata': metadata({ on: 'User:1' }) }, 400],
    [
      'as a version of a file that does not exist',
      { 'upload-length': '5', 'upload-metadata': metadata({ parentId: 'File:999' }) },
      404,
    ],
    [
      'that is neither available nor not',
      { 'upload-length': '5', 'upload-metadata': metadata({ available: 'no' }) },
      400,
    ],
    ['in no known state', { 'upload-length': '5', 'upload-metadata': metadata({ status: 'GOOD' }) }, 400],
  ])('rejects the creation of an upload %s before a byte is sent', async (_what, headers, status) => {
    await using server = await startTestServer({ MAX_FILE_SIZE: '5000', REFUSED_EXTENSIONS: 'exe' });
    const response = await tus(server, 'POST', '/uploads', headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('tus-resumable')).toBe('1.0.0');
    expect(response.headers.get('location')).toBeNull();
  });

  test.each<[string, Record<string, string>, number]>([
    ['without where they go', { 'content-type': 'application/offset+octet-stream' }, 400],
    ['of another kind', { 'content-type': 'application/octet-stream', 'upload-offset': '0' }, 415],
    ['at another place', piece(5), 409],
    ['with a checksum of a kind unknown', { ...piece(0), 'upload-checksum': 'crc1 eA==' }, 400],
  ])('rejects bytes %s, and stores none of them', async (_what, headers, status) => {
    await using server = await startTestServer();
    const path = await begin(server, 1000);
    expect((await tus(server, 'PATCH', path, headers, bytes)).status).toBe(status);
    expect(await offsetOf(server, path)).toBe(0);
  });

  test('rejects more bytes than the declared length with 413', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 500);
    expect((await tus(server, 'PATCH', path, piece(0), bytes)).status).toBe(413);
    expect(await filesOn(server)).toHaveLength(0);
  });

  test('answers every request for an upload of another user with 404', async () => {
    await using server = await startTestServer();
    const eve = await newPerson(server, 'Eve', { role: 'EDITOR' });
    const place = { url: server.url, key: eve.key };
    const path = await begin(server, 1000);
    for (const method of ['HEAD', 'GET', 'DELETE']) expect((await tus(place, method, path)).status).toBe(404);
    expect((await tus(place, 'PATCH', path, piece(0), bytes)).status).toBe(404);
    expect(await offsetOf(server, path)).toBe(0);
  });

  test('rejects bytes with 404 and deletes the upload when the user has lost access meanwhile', async () => {
    await using server = await startTestServer();
    const eve = await newPerson(server, 'Eve', { role: 'EDITOR' });
    const place = { url: server.url, key: eve.key };
    const path = await begin(place, 1000, { on: 'Task:1' });
    const remove = `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${eve.id}" }) { project { id } } }`;
    await server.query(parse(remove) as never);
    expect((await tus(place, 'PATCH', path, piece(0), bytes)).status).toBe(404);
    expect((await tus(place, 'HEAD', path)).status).toBe(404);
    expect(await unfinished(server)).toEqual([]);
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });
});

describe('an unfinished upload', () => {
  test('reports its offset, length, metadata and expiry', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 1000, { note: 'é' });
    await tus(server, 'PATCH', path, piece(0), bytes.subarray(0, 300));
    const { status, headers } = await tus(server, 'HEAD', path);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'upload-offset': '300',
      'upload-length': '1000',
      'upload-metadata': metadata({ filename: 'a.bin', note: 'é' }),
      'cache-control': 'no-store',
    });
    expect(Date.parse(headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now());
    const shown = await (await tus(server, 'GET', path)).json();
    expect(shown).toMatchObject({ file: null, isFinished: false, offset: 300, length: 1000 });
  });

  test('retains the bytes that were received before its connection broke', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 1000, { on: 'Task:1' });
    // HEAD is sent while the dead PATCH is still open. The server then aborts the PATCH and counts
    // the bytes it has read. If it has read none yet, the loop sends them again.
    for (let offset = 0; offset < 700; offset = await offsetOf(server, path)) {
      const sending = request(new URL(path, server.url), {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${server.key}`,
          'tus-resumable': '1.0.0',
          ...piece(offset),
          'content-length': 1000,
        },
      }).on('error', () => {});
      sending.write(bytes.subarray(offset, 700));
      await once(sending, 'socket');
      while (sending.socket?.bytesWritten === undefined || sending.socket.writableLength > 0) await tick();
    }
    expect(await offsetOf(server, path)).toBe(700);
    const last = await tus(server, 'PATCH', path, piece(700), bytes.subarray(700));
    expect(last.headers.get('attache-file-id')).toMatch(/^File:/);
    expect(await filesOn(server)).toMatchObject([{ sha256: sha256(bytes) }]);
  });

  test('accepts bytes with a matching checksum, and rejects others with 460', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 1000);
    const checksum = (algorithm: string, of: Uint8Array) => ({
      'upload-checksum': `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`,
    });
    const first = bytes.subarray(0, 400);
    const wrong = await tus(server, 'PATCH', path, { ...piece(0), ...checksum('sha1', bytes) }, first);
    expect(wrong.status).toBe(460);
    expect(await offsetOf(server, path)).toBe(0);
    for (const algorithm of ['sha1', 'md5', 'sha256']) {
      const from = await offsetOf(server, path);
      const some = bytes.subarray(from, from + 300);
      expect((await tus(server, 'PATCH', path, { ...piece(from), ...checksum(algorithm, some) }, some)).status).toBe(
        204,
      );
    }
    const bad = await tus(server, 'PATCH', path, { ...piece(900), ...checksum('md5', first) }, bytes.subarray(900));
    expect(bad.status).toBe(460);
    const last = await tus(server, 'PATCH', path, piece(900), bytes.subarray(900));
    const file = last.headers.get('attache-file-id')?.replace('File:', '');
    const content = await fetch(`${server.url}/files/${file}/content`, {
      headers: { authorization: `Bearer ${server.key}` },
    });
    expect(sha256(Buffer.from(await content.arrayBuffer()))).toBe(sha256(bytes));
  });

  test('is deleted with its bytes when its owner sends DELETE', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 1000);
    await tus(server, 'PATCH', path, piece(0), bytes.subarray(0, 300));
    expect((await tus(server, 'DELETE', path)).status).toBe(204);
    expect((await tus(server, 'HEAD', path)).status).toBe(404);
    expect(await unfinished(server)).toEqual([]);
  });

  test('expires, and the sweep deletes its bytes', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 1000);
    await tus(server, 'PATCH', path, piece(0), bytes.subarray(0, 300));
    const past = kind === 'sqlite' ? Date.now() - 1000 : new Date(Date.now() - 1000).toISOString();
    await runSql(server.dataDir, 'update resumable_uploads set expires_at = ?', past);
    expect((await tus(server, 'HEAD', path)).status).toBe(404);
    await using database = await openDatabase(await placeOf(server.dataDir));
    await using storage = await openDiskStorage(join(server.dataDir, 'files'));
    expect(await deleteExpiredUploads({ em: database.em(), storage }, new Date())).toBe(1);
    expect(await unfinished(server)).toEqual([]);
  });
});

describe('a complete upload', () => {
  test('becomes the next version of a file, with the requested status', async () => {
    await using server = await startTestServer();
    const send = async (pairs: Record<string, string>) => {
      const path = await begin(server, 1000, pairs);
      return (await tus(server, 'PATCH', path, piece(0), bytes)).headers.get('attache-file-id') ?? '';
    };
    const first = await send({ on: 'Task:1', filename: 'v.bin' });
    await send({ parentId: first, filename: 'v.bin', status: 'pending' });
    expect(await filesOn(server)).toMatchObject([{ name: 'v.bin', version: 2, status: 'PENDING' }]);
  });

  test('reports its file to a client that repeats its requests, and creates no second file', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 1000, { on: 'Task:1' });
    const sent = await tus(server, 'PATCH', path, piece(0), bytes);
    const fileId = sent.headers.get('attache-file-id');
    const again = await Promise.all(Array.from({ length: 10 }, () => tus(server, 'HEAD', path)));
    for (const { headers } of again) expect(headers.get('attache-file-id')).toBe(fileId);
    expect(again[0]?.headers.get('upload-offset')).toBe('1000');
    const empty = await tus(server, 'PATCH', path, piece(1000), '');
    expect([empty.status, empty.headers.get('attache-file-id')]).toEqual([204, fileId]);
    expect(await filesOn(server)).toHaveLength(1);
  });

  test('becomes a file on the next request when creating the file failed at first', async () => {
    await using server = await startTestServer();
    const path = await begin(server, 1000, { on: 'Task:1' });
    await forbidFiles(server, true);
    expect((await tus(server, 'PATCH', path, piece(0), bytes)).status).toBe(500);
    expect((await tus(server, 'HEAD', path)).status).toBe(500);
    await forbidFiles(server, false);
    const head = await tus(server, 'HEAD', path);
    expect(head.headers.get('attache-file-id')).toMatch(/^File:/);
    expect(await filesOn(server)).toMatchObject([{ sha256: sha256(bytes) }]);
    expect(await unfinished(server)).toEqual([]);
  });

  test('is rejected with 507 and deleted when it no longer fits MAX_PROJECT_BYTES', async () => {
    await using server = await startTestServer({ MAX_PROJECT_BYTES: '1000' });
    const path = await begin(server, 1000, { on: 'Task:1' });
    // Another upload uses part of the quota that was free when this one began.
    await uploadFile(server, 'Task:2', 'x');
    expect((await tus(server, 'PATCH', path, piece(0), bytes)).status).toBe(507);
    expect((await tus(server, 'HEAD', path)).status).toBe(404);
    expect((await server.stored()).blobs).toHaveLength(1);
    expect(await unfinished(server)).toEqual([]);
  });
});

const tick = () => new Promise((resolve) => setImmediate(resolve));

test.each([
  ['false', false],
  ['False', false],
  ['0', false],
  ['true', true],
  ['TRUE', true],
  ['1', true],
])('a file whose metadata has available: %s is available: %s', async (available, expected) => {
  await using server = await startTestServer();
  const headers = {
    'upload-length': '1',
    'upload-metadata': metadata({ filename: 'a.bin', on: 'Task:1', available }),
    'content-type': 'application/offset+octet-stream',
  };
  expect((await tus(server, 'POST', '/uploads', headers, 'x')).status).toBe(201);
  const query = parse('{ task(id: "Task:1") { files(first: 1) { nodes { available } } } }');
  const { data } = await server.query(query as never);
  expect(data).toEqual({ task: { files: { nodes: [{ available: expected }] } } });
});
