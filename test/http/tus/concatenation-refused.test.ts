import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import { openDiskStorage } from '../../../src/storage/disk.ts';
import { deleteExpiredUploads } from '../../../src/uploads/resumable/terminate-upload.ts';
import { ask } from '../../support/client.ts';
import { kind, placeOf, runSql } from '../../support/database.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer } from '../../support/server.ts';
import { begin, metadata, type Place, piece, tus } from './client.ts';
import { forbidFiles } from './forbid-files.ts';
import { concat, filesOn, first, messageOf, part, second, temporaryBytes, unfinished } from './parts.ts';

describe('rejected final uploads', () => {
  test.each<[what: string, list: (place: Place) => Promise<string[]>, status: number, why: RegExp]>([
    ['of nothing', async () => [], 400, /Name the partial uploads/],
    [
      'of what is not there',
      async () => ['/uploads/00000000-0000-4000-8000-000000000000'],
      404,
      /Not found: \/uploads\/0/,
    ],
    ['of what is no upload', async () => ['/files/1/content'], 400, /no address of an upload/],
    [
      'of an upload of its own',
      async (place) => [await begin(place, 0)],
      400,
      /did not begin with "Upload-Concat: part/,
    ],
    [
      'of another final upload',
      async (place) => [(await concat(place, [await part(place, first)])).headers.get('location') ?? ''],
      400,
      /did not begin with "Upload-Concat: partial"/,
    ],
    [
      'of a part that is not finished',
      async (place) => [await part(place, first, first.subarray(0, 300))],
      400,
      /has 300 of 1000 bytes/,
    ],
    ['of a part twice', async (place) => Array(2).fill(await part(place, first)), 400, /is named twice/],
    [
      'of too many',
      async () =>
        Array.from({ length: 201 }, (_, index) => `uploads/00000000-0000-4000-8000-${`${index}`.padStart(12, '0')}`),
      400,
      /at most 200/,
    ],
    [
      'of a part that was joined already',
      async (place) => {
        const path = await part(place, first);
        expect((await concat(place, [path])).status).toBe(201);
        return [path, await part(place, second)];
      },
      409,
      /was joined into/,
    ],
  ])('rejects a final upload %s, and leaves its parts unchanged', async (_what, list, status, why) => {
    await using server = await startTestServer({ MAX_FILE_SIZE: '2500' });
    const paths = await list(server);
    const before = await unfinished(server);
    const answer = await concat(server, paths);
    expect([answer.status, await messageOf(answer)]).toEqual([status, expect.stringMatching(why)]);
    expect(await unfinished(server)).toEqual(before);
  });

  test.each<[what: string, pairs: Record<string, string>, status: number]>([
    ['larger than a file may be', {}, 413],
    ['for a place that is not there', { on: 'Task:999' }, 404],
    ['of a name that is refused', { filename: 'a.exe' }, 415],
  ])('rejects a final upload %s, and its parts can still be joined', async (_what, pairs, status) => {
    await using server = await startTestServer({ MAX_FILE_SIZE: '2500', REFUSED_EXTENSIONS: 'exe' });
    const paths = [await part(server, first), await part(server, second)];
    expect((await concat(server, paths, pairs)).status).toBe(status);
    expect(await unfinished(server)).toHaveLength(2);
    expect((await concat(server, [paths[0] as string])).status).toBe(201);
  });

  test('rejects a final upload with a length, with a body or with an invalid Upload-Concat header', async () => {
    await using server = await startTestServer();
    const list = { 'upload-concat': `final;${await part(server, first)}` };
    expect((await tus(server, 'POST', '/uploads', { ...list, 'upload-length': '1000' })).status).toBe(400);
    expect((await tus(server, 'POST', '/uploads', { ...list, ...piece(0) }, first)).status).toBe(400);
    expect((await tus(server, 'POST', '/uploads', { 'upload-concat': 'whole', 'upload-length': '1' })).status).toBe(
      400,
    );
    expect(await filesOn(server)).toEqual([]);
  });

  test('rejects a final upload of parts of another user with 404, and leaves the parts unchanged', async () => {
    await using server = await startTestServer();
    const eve = await newPerson(server, 'Eve', { role: 'EDITOR' });
    const path = await part(server, first);
    const answer = await concat({ url: server.url, key: eve.key }, [path]);
    expect([answer.status, await messageOf(answer)]).toEqual([404, expect.stringContaining(path)]);
    expect((await concat(server, [path])).status).toBe(201);
  });

  test('rejects a repeated final upload with other metadata with 409', async () => {
    await using server = await startTestServer();
    const path = await part(server, first);
    expect((await concat(server, [path])).status).toBe(201);
    expect((await concat(server, [path], { filename: 'whole.bin', on: 'Task:2' })).status).toBe(409);
    expect(await filesOn(server, 'Task:2')).toEqual([]);
  });
});

describe('partial uploads', () => {
  test('create no file, and their metadata is neither checked nor used', async () => {
    await using server = await startTestServer({ ALLOWED_EXTENSIONS: 'bin' });
    const headers = {
      'upload-concat': 'partial',
      'upload-length': '1000',
      'upload-metadata': metadata({ on: 'Task:999', status: 'none', filename: 'a.exe' }),
    };
    const created = await tus(server, 'POST', '/uploads', { ...headers, ...piece(0) }, first);
    expect([created.status, created.headers.get('upload-offset')]).toEqual([201, '1000']);
    const path = created.headers.get('location') ?? '';
    expect(await (await tus(server, 'GET', path)).json()).toMatchObject({
      file: null,
      isFinished: false,
      offset: 1000,
    });
    expect((await tus(server, 'HEAD', path)).headers.get('upload-metadata')).toBe(headers['upload-metadata']);
    expect((await ask<{ files: { totalCount: number } }>(server, '{ files { totalCount } }')).files.totalCount).toBe(0);
    expect((await tus(server, 'DELETE', path)).status).toBe(204);
    expect(await unfinished(server)).toEqual([]);
  });

  test('count towards the limits of unfinished uploads until a final upload joins them', async () => {
    await using server = await startTestServer({ MAX_UNFINISHED_UPLOADS: '2', MAX_USER_UNFINISHED_BYTES: '10000' });
    const paths = [await part(server, first), await part(server, second)];
    const third = { 'upload-concat': 'partial', 'upload-length': '1' };
    expect((await tus(server, 'POST', '/uploads', third)).status).toBe(429);
    expect((await concat(server, paths)).status).toBe(201);
    const fourth = { 'upload-concat': 'partial', 'upload-length': '9000' };
    expect((await tus(server, 'POST', '/uploads', fourth)).status).toBe(201);
    expect((await tus(server, 'POST', '/uploads', third)).status).toBe(507);
    expect(await temporaryBytes(server)).toBe(9000);
  });

  test('cannot be joined to a file that would exceed MAX_PROJECT_BYTES', async () => {
    await using server = await startTestServer({ MAX_PROJECT_BYTES: '2500' });
    const paths = [await part(server, first), await part(server, second)];
    expect((await concat(server, paths)).status).toBe(507);
    expect((await concat(server, [paths[1] as string])).status).toBe(201);
    expect(await temporaryBytes(server)).toBe(4096);
  });

  test('expire, and the sweep deletes them and an incomplete final upload', async () => {
    await using server = await startTestServer();
    const paths = [await part(server, first), await part(server, second)];
    await part(server, first);
    await forbidFiles(server, true);
    expect((await concat(server, paths)).status).toBe(500);
    const past = kind === 'sqlite' ? Date.now() - 1000 : new Date(Date.now() - 1000).toISOString();
    await runSql(server.dataDir, 'update resumable_uploads set expires_at = ?', past);
    await using database = await openDatabase(await placeOf(server.dataDir));
    await using storage = await openDiskStorage(join(server.dataDir, 'files'));
    expect(await deleteExpiredUploads({ em: database.em(), storage }, new Date())).toBe(2);
    expect(await runSql(server.dataDir, 'select id from resumable_uploads')).toEqual([]);
    expect(await unfinished(server)).toEqual([]);
    expect((await server.stored()).blobs).toEqual([]);
    expect(await temporaryBytes(server)).toBe(0);
  });
});
