import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'graphql';
import { Upload } from 'tus-js-client';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import { databaseEnv, placeOf } from '../../support/database.ts';
import { testInFull } from '../../support/length.ts';
import { startPathProxy } from '../../support/path-proxy.ts';
import { startProcess } from '../../support/process.ts';
import { ADMIN_KEY, startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { bytesOf, piece, sha256, tus, uploadByTus } from './client.ts';
import { forbidFiles } from './forbid-files.ts';
import { bytes, concat, filesOn, first, messageOf, part, second, unfinished } from './parts.ts';

/** The bytes of one part, enough for the server to join it in several steps. */
const PART_BYTES = 25_000_000;

describe('tus-js-client with parallelUploads', () => {
  test.each([
    ['of some megabytes', 5_000_000, {}],
    ['in many requests', 1_234_567, { chunkSize: 100_000 }],
    ['of fewer bytes than parts', 2, {}],
    ['with the first bytes in the creation', 300_000, { chunkSize: 50_000, uploadDataDuringCreation: true }],
    ['with metadata of the parts', 300_000, { metadataForPartialUploads: { filename: 'part.exe', on: 'Task:999' } }],
  ])('creates one file %s, and leaves no unfinished upload', async (_what, size, options) => {
    await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
    const content = bytesOf(size);
    const pairs = { filename: 'whole.bin', on: 'Task:1' };
    const { fileId } = await uploadByTus(server, content, pairs, { parallelUploads: 3, ...options });
    expect(fileId).toMatch(/^File:\d+$/);
    expect(await filesOn(server)).toEqual([{ name: 'whole.bin', size, sha256: sha256(content) }]);
    expect(await unfinished(server)).toEqual([]);
    expect((await server.stored()).blobs).toHaveLength(1);
    const all = parse('{ files(first: 50) { totalCount } }');
    expect((await server.query(all as never)).data).toEqual({ files: { totalCount: 1 } });
  });

  test('works behind a proxy with a path prefix', async () => {
    await using proxy = await startPathProxy('/attache');
    await using server = await startTestServer({ PUBLIC_URL: proxy.url });
    proxy.target = server.url;
    const place = { url: proxy.url, key: server.key };
    const content = bytesOf(300_000);
    await uploadByTus(place, content, { filename: 'whole.bin', on: 'Task:1' }, { parallelUploads: 3 });
    expect(await filesOn(server)).toMatchObject([{ sha256: sha256(content) }]);
  });

  test('creates one file when the response to the last request is lost', async () => {
    await using proxy = await startPathProxy('');
    await using server = await startTestServer();
    proxy.target = server.url;
    let lost = 0;
    proxy.loses = ({ headers }) => {
      const isLost = `${headers['upload-concat']}`.startsWith('final') && lost < 2;
      lost += Number(isLost);
      return isLost;
    };
    const content = bytesOf(300_000);
    let attempts = 0;
    // tus-js-client does not retry the last request: the application starts the upload again.
    const fileId = await new Promise<string | undefined>((resolve, reject) => {
      const upload = new Upload(content as never, {
        endpoint: `${proxy.url}/uploads`,
        headers: { authorization: `Bearer ${server.key}` },
        metadata: { filename: 'whole.bin', on: 'Task:1' },
        parallelUploads: 3,
        onError: (error) => (++attempts < 4 ? upload.start() : reject(error)),
        onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader('attache-file-id')),
      });
      upload.start();
    });
    expect([lost, fileId]).toEqual([2, expect.stringMatching(/^File:\d+$/)]);
    expect(await filesOn(server)).toEqual([{ name: 'whole.bin', size: 300_000, sha256: sha256(content) }]);
    expect(await unfinished(server)).toEqual([]);
  });
});

describe('a final upload', () => {
  test('is announced by OPTIONS, and HEAD reports its parts, offset, length and file', async () => {
    await using server = await startTestServer();
    const options = await fetch(`${server.url}/uploads`, { method: 'OPTIONS' });
    expect(options.headers.get('tus-extension')?.split(',')).toContain('concatenation');
    const paths = [await part(server, first), await part(server, second)];
    const head = await tus(server, 'HEAD', paths[1] as string);
    expect(Object.fromEntries(head.headers)).toMatchObject({
      'upload-concat': 'partial',
      'upload-offset': '2000',
      'upload-length': '2000',
    });
    const answer = await concat(server, paths);
    expect(answer.status).toBe(201);
    const path = answer.headers.get('location') ?? '';
    const final = await tus(server, 'HEAD', path);
    expect(Object.fromEntries(final.headers)).toMatchObject({
      'upload-concat': `final;${paths.join(' ')}`,
      'upload-offset': '3000',
      'upload-length': '3000',
      'attache-file-id': answer.headers.get('attache-file-id'),
    });
    expect(await filesOn(server)).toEqual([{ name: 'whole.bin', size: 3000, sha256: sha256(bytes) }]);
  });

  test.each([',', ';', '%20', '/'])(
    'with %j between the addresses of its parts is rejected, and no part is lost',
    async (separator) => {
      await using server = await startTestServer();
      const paths = [await part(server, first), await part(server, second)];
      const answer = await tus(server, 'POST', '/uploads', { 'upload-concat': `final;${paths.join(separator)}` });
      expect(answer.status).toBe(400);
      expect(await filesOn(server)).toEqual([]);
      for (const path of paths) expect((await tus(server, 'HEAD', path)).status).toBe(200);
    },
  );

  test('can be created and read by other origins through CORS', async () => {
    await using server = await startTestServer({ CORS_ORIGINS: 'https://a.example.com' });
    const origin = 'https://a.example.com';
    const preflight = await fetch(`${server.url}/uploads`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'upload-concat',
      },
    });
    expect(preflight.headers.get('access-control-allow-headers')?.split(', ')).toContain('upload-concat');
    const answer = await tus(server, 'POST', '/uploads', {
      origin,
      'upload-concat': 'partial',
      'upload-length': '1',
    });
    expect(answer.headers.get('access-control-expose-headers')?.split(', ')).toContain('upload-concat');
  });

  test('joins its parts in the order of the list, whatever the form of their addresses', async () => {
    await using server = await startTestServer();
    const [later, earlier] = [await part(server, second), await part(server, first)];
    const list = [`https://files.example.com/below${earlier}/`, later.slice(1)];
    expect((await concat(server, list)).status).toBe(201);
    expect(await filesOn(server)).toMatchObject([{ sha256: sha256(bytes) }]);
  });

  test('rejects PATCH with 403', async () => {
    await using server = await startTestServer();
    const path = (await concat(server, [await part(server, first)])).headers.get('location') ?? '';
    expect((await tus(server, 'PATCH', path, piece(1000), second)).status).toBe(403);
    expect((await tus(server, 'PATCH', path)).status).toBe(403);
    expect(await filesOn(server)).toMatchObject([{ size: 1000, sha256: sha256(first) }]);
  });

  test('creates one file however often it is requested, also concurrently', async () => {
    await using server = await startTestServer();
    const paths = [await part(server, first), await part(server, second)];
    const answers = await Promise.all(Array.from({ length: 5 }, () => concat(server, paths)));
    answers.push(await concat(server, paths));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ headers }) => headers.get('attache-file-id'))).size).toBe(1);
    expect(await filesOn(server)).toHaveLength(1);
    // A client that did not receive the response first requests the offsets of the parts.
    expect((await tus(server, 'HEAD', paths[0] as string)).headers.get('upload-offset')).toBe('1000');
  });

  test('resumes where it stopped after a failure', async () => {
    await using server = await startTestServer();
    const paths = [await part(server, first), await part(server, second)];
    await forbidFiles(server, true);
    expect((await concat(server, paths)).status).toBe(500);
    const left = await tus(server, 'DELETE', paths[0] as string);
    expect([left.status, await messageOf(left)]).toEqual([409, expect.stringMatching(/joined into \/uploads\//)]);
    await forbidFiles(server, false);
    expect((await concat(server, paths)).status).toBe(201);
    expect(await filesOn(server)).toMatchObject([{ sha256: sha256(bytes) }]);
    expect(await unfinished(server)).toEqual([]);
  });

  testInFull(
    'is joined by the next request after the server was killed while joining it',
    {
      timeout: 120_000,
    },
    async () => {
      await using folder = await temporaryFolder('join');
      const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, ...(await databaseEnv(folder.path)) };
      const start = async () => {
        const process = await startProcess(env);
        return { process, place: { url: new URL(process.graphqlUrl).origin, key: ADMIN_KEY } };
      };
      const killed = await start();
      const content = randomBytes(PART_BYTES * 4);
      const paths: string[] = [];
      for (let from = 0; from < content.length; from += PART_BYTES)
        paths.push(await part(killed.place, content.subarray(from, from + PART_BYTES)));
      await using database = await openDatabase(await placeOf(folder.path));
      const joined = async () => {
        const sql = "select received from resumable_uploads where concat like 'final%'";
        return Number((await database.em().execute(sql))[0]?.received ?? 0);
      };
      const joining = concat(killed.place, paths).catch(() => 'lost');
      while ((await joined()) === 0) await setTimeout(1);
      await killed.process.end('SIGKILL');
      expect([await joining, (await joined()) < content.length]).toEqual(['lost', true]);
      const next = await start();
      const answer = await concat(next.place, paths);
      expect(answer.status).toBe(201);
      const id = answer.headers.get('attache-file-id')?.replace('File:', '');
      const sent = await tus(next.place, 'GET', `/files/${id}/content`);
      expect(sha256(Buffer.from(await sent.arrayBuffer()))).toBe(sha256(content));
      expect(await readdir(join(folder.path, 'files', 'unfinished'))).toEqual([]);
      await next.process.end('SIGTERM');
    },
  );

  test('deletes its parts when it is deleted', async () => {
    await using server = await startTestServer();
    const paths = [await part(server, first), await part(server, second)];
    const path = (await concat(server, paths)).headers.get('location') ?? '';
    expect((await tus(server, 'DELETE', path)).status).toBe(204);
    for (const gone of [path, ...paths]) expect((await tus(server, 'HEAD', gone)).status).toBe(404);
    expect(await filesOn(server)).toHaveLength(1);
  });
});
