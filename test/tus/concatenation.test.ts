import { randomBytes } from 'node:crypto';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'graphql';
import { Upload } from 'tus-js-client';
import { describe, expect, test } from 'vitest';
import { expireUploads } from '../../src/attachments/unfinished.ts';
import { openDatabase } from '../../src/database/open.ts';
import { openDiskStorage } from '../../src/storage/disk.ts';
import { say } from '../files/requests.ts';
import { databaseEnv, kind, placeOf, runSql } from '../support/database.ts';
import { startPathProxy } from '../support/path-proxy.ts';
import { newPerson } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';
import { begin, bytesOf, metadata, type Place, piece, sha256, tus, uploadByTus } from './client.ts';
import { forbidFiles } from './forbid-files.ts';

const bytes = bytesOf(3000);
const [first, second] = [bytes.subarray(0, 1000), bytes.subarray(1000)];
/** So many that a part is joined in several steps. */
const PART_BYTES = 25_000_000;

interface Listed {
  name: string;
  size: number;
  sha256: string;
}

async function filesOn(server: TestServer, task = 'Task:1'): Promise<Listed[]> {
  const query = 'query ($id: ID!) { task(id: $id) { files(first: 50) { nodes { name size sha256 } } } }';
  return (await say<{ task: { files: { nodes: Listed[] } } }>(server, query, { id: task })).task.files.nodes;
}

const unfinished = ({ dataDir }: TestServer) => readdir(join(dataDir, 'files', 'unfinished'));

/** Uploads a part, and answers its path. */
async function part(place: Place, content: Uint8Array<ArrayBuffer>, sent = content): Promise<string> {
  const headers = { 'upload-concat': 'partial', 'upload-length': String(content.length) };
  const created = await tus(place, 'POST', '/uploads', headers);
  expect(created.status).toBe(201);
  const path = created.headers.get('location') ?? '';
  if (sent.length > 0) expect((await tus(place, 'PATCH', path, piece(0), sent)).status).toBe(204);
  return path;
}

const concat = (
  place: Place,
  paths: string[],
  pairs: Record<string, string> = { filename: 'whole.bin', on: 'Task:1' },
) =>
  tus(place, 'POST', '/uploads', {
    'upload-concat': `final;${paths.join(' ')}`,
    'upload-metadata': metadata(pairs),
  });

const messageOf = async (response: Response) =>
  ((await response.json()) as { error: { message: string } }).error.message;

describe('tus-js-client with parallelUploads', () => {
  test.each([
    ['of some megabytes', 5_000_000, {}],
    ['in many requests', 1_234_567, { chunkSize: 100_000 }],
    ['of fewer bytes than parts', 2, {}],
    ['with the first bytes in the creation', 300_000, { chunkSize: 50_000, uploadDataDuringCreation: true }],
    ['with metadata of the parts', 300_000, { metadataForPartialUploads: { filename: 'part.exe', on: 'Task:999' } }],
  ])('makes one file %s, and leaves nothing else', async (_what, size, options) => {
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

  test('works behind a proxy that serves the server below a path', async () => {
    await using proxy = await startPathProxy('/attache');
    await using server = await startTestServer({ PUBLIC_URL: proxy.url });
    proxy.target = server.url;
    const place = { url: proxy.url, key: server.key };
    const content = bytesOf(300_000);
    await uploadByTus(place, content, { filename: 'whole.bin', on: 'Task:1' }, { parallelUploads: 3 });
    expect(await filesOn(server)).toMatchObject([{ sha256: sha256(content) }]);
  });

  test('makes one file when the answer to the last request is lost', async () => {
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
    // It does not send the last request again by itself: its user presses a button.
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
  test('is announced by the server, and tells what it is', async () => {
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

  test('is joined in the order of the list, of addresses in any form', async () => {
    await using server = await startTestServer();
    const [later, earlier] = [await part(server, second), await part(server, first)];
    const list = [`https://files.example.com/below${earlier}/`, later.slice(1)];
    expect((await concat(server, list)).status).toBe(201);
    expect(await filesOn(server)).toMatchObject([{ sha256: sha256(bytes) }]);
  });

  test('takes no bytes: PATCH is 403', async () => {
    await using server = await startTestServer();
    const path = (await concat(server, [await part(server, first)])).headers.get('location') ?? '';
    expect((await tus(server, 'PATCH', path, piece(1000), second)).status).toBe(403);
    expect((await tus(server, 'PATCH', path)).status).toBe(403);
    expect(await filesOn(server)).toMatchObject([{ size: 1000, sha256: sha256(first) }]);
  });

  test('is one file however often it is asked for, also at once', async () => {
    await using server = await startTestServer();
    const paths = [await part(server, first), await part(server, second)];
    const answers = await Promise.all(Array.from({ length: 5 }, () => concat(server, paths)));
    answers.push(await concat(server, paths));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ headers }) => headers.get('attache-file-id'))).size).toBe(1);
    expect(await filesOn(server)).toHaveLength(1);
    // A client that lost the answer looks at the parts first.
    expect((await tus(server, 'HEAD', paths[0] as string)).headers.get('upload-offset')).toBe('1000');
  });

  test('goes on after a failure, where it was', async () => {
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

  test('whose server is killed while it is joined is joined when it is asked for again', {
    timeout: 120_000,
  }, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-join-'));
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
    const asked = concat(killed.place, paths).catch(() => 'lost');
    const joined = async () => {
      const sql = "select received from unfinished_uploads where concat like 'final%'";
      return Number((await runSql<{ received: number | string }>(folder.path, sql))[0]?.received ?? 0);
    };
    while ((await joined()) === 0) await setTimeout(1);
    await killed.process.end('SIGKILL');
    expect([await asked, (await joined()) < content.length]).toEqual(['lost', true]);
    const next = await start();
    const answer = await concat(next.place, paths);
    expect(answer.status).toBe(201);
    const id = answer.headers.get('attache-file-id')?.replace('File:', '');
    const sent = await tus(next.place, 'GET', `/files/${id}/content`);
    expect(sha256(Buffer.from(await sent.arrayBuffer()))).toBe(sha256(content));
    expect(await readdir(join(folder.path, 'files', 'unfinished'))).toEqual([]);
    await next.process.end('SIGTERM');
  });

  test('that is deleted takes its parts along', async () => {
    await using server = await startTestServer();
    const paths = [await part(server, first), await part(server, second)];
    const path = (await concat(server, paths)).headers.get('location') ?? '';
    expect((await tus(server, 'DELETE', path)).status).toBe(204);
    for (const gone of [path, ...paths]) expect((await tus(server, 'HEAD', gone)).status).toBe(404);
    expect(await filesOn(server)).toHaveLength(1);
  });
});

describe('a final upload is refused, and its parts stay,', () => {
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
  ])('%s', async (_what, list, status, why) => {
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
  ])('%s', async (_what, pairs, status) => {
    await using server = await startTestServer({ MAX_FILE_SIZE: '2500', REFUSED_EXTENSIONS: 'exe' });
    const paths = [await part(server, first), await part(server, second)];
    expect((await concat(server, paths, pairs)).status).toBe(status);
    expect(await unfinished(server)).toHaveLength(2);
    expect((await concat(server, [paths[0] as string])).status).toBe(201);
  });

  test('with a length, with bytes, and without its semicolon', async () => {
    await using server = await startTestServer();
    const list = { 'upload-concat': `final;${await part(server, first)}` };
    expect((await tus(server, 'POST', '/uploads', { ...list, 'upload-length': '1000' })).status).toBe(400);
    expect((await tus(server, 'POST', '/uploads', { ...list, ...piece(0) }, first)).status).toBe(400);
    expect((await tus(server, 'POST', '/uploads', { 'upload-concat': 'whole', 'upload-length': '1' })).status).toBe(
      400,
    );
    expect(await filesOn(server)).toEqual([]);
  });

  test('of parts of another user, who finds them as they were', async () => {
    await using server = await startTestServer();
    const eve = await newPerson(server, 'Eve', { role: 'EDITOR' });
    const path = await part(server, first);
    const answer = await concat({ url: server.url, key: eve.key }, [path]);
    expect([answer.status, await messageOf(answer)]).toEqual([404, expect.stringContaining(path)]);
    expect((await concat(server, [path])).status).toBe(201);
  });

  test('again with other metadata', async () => {
    await using server = await startTestServer();
    const path = await part(server, first);
    expect((await concat(server, [path])).status).toBe(201);
    expect((await concat(server, [path], { filename: 'whole.bin', on: 'Task:2' })).status).toBe(409);
    expect(await filesOn(server, 'Task:2')).toEqual([]);
  });
});

describe('partial uploads', () => {
  test('become no files, and hang on nothing, whatever their metadata says', async () => {
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
    expect((await say<{ files: { totalCount: number } }>(server, '{ files { totalCount } }')).files.totalCount).toBe(0);
    expect((await tus(server, 'DELETE', path)).status).toBe(204);
    expect(await unfinished(server)).toEqual([]);
  });

  test('count in the limits of unfinished uploads, and a final upload takes their place', async () => {
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

  test('are refused where the project has no room for what they become', async () => {
    await using server = await startTestServer({ MAX_PROJECT_BYTES: '2500' });
    const paths = [await part(server, first), await part(server, second)];
    expect((await concat(server, paths)).status).toBe(507);
    expect((await concat(server, [paths[1] as string])).status).toBe(201);
    expect(await temporaryBytes(server)).toBe(4096);
  });

  test('expire, and a sweep leaves nothing of them, nor of a final upload that is not finished', async () => {
    await using server = await startTestServer();
    const paths = [await part(server, first), await part(server, second)];
    await part(server, first);
    await forbidFiles(server, true);
    expect((await concat(server, paths)).status).toBe(500);
    const past = kind === 'sqlite' ? Date.now() - 1000 : new Date(Date.now() - 1000).toISOString();
    await runSql(server.dataDir, 'update unfinished_uploads set expires_at = ?', past);
    await using database = await openDatabase(await placeOf(server.dataDir));
    await using storage = await openDiskStorage(join(server.dataDir, 'files'));
    expect(await expireUploads({ em: database.em(), storage }, new Date())).toBe(2);
    expect(await runSql(server.dataDir, 'select id from unfinished_uploads')).toEqual([]);
    expect(await unfinished(server)).toEqual([]);
    expect((await server.stored()).blobs).toEqual([]);
    expect(await temporaryBytes(server)).toBe(0);
  });
});

async function temporaryBytes({ dataDir }: TestServer): Promise<number> {
  const [row] = await runSql<{ bytes: number | string }>(
    dataDir,
    'select bytes from temporary_usage where user_id = 0',
  );
  return Number(row?.bytes ?? 0);
}
