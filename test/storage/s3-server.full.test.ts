import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { parse } from 'graphql';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openS3Storage } from '../../src/storage/s3.ts';
import { parseS3Url } from '../../src/storage/s3-url.ts';
import { bytesOf, sha256, uploadByTus } from '../http/tus/client.ts';
import { type Ceph, startCeph } from '../support/ceph.ts';
import { ask, executeWithFiles } from '../support/client.ts';
import { removeFile } from '../support/documents.ts';
import { type FaultyStore, startFaultyStore } from '../support/faulty-store.ts';
import { uploadFiles } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** The status of a request with these headers alone: `fetch` sets `Sec-Fetch-Mode` by itself. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const sent = request(url, { headers });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const MIB = 1024 * 1024;
const uploaded = (content: Buffer, name = 'a.bin') => [{ name, content: new Blob([new Uint8Array(content)]) }];

describe.runIf(isInstalled('Ceph'))('a server on S3', { timeout: 120_000 }, () => {
  let ceph: Ceph;
  beforeAll(async () => {
    ceph = await startCeph();
  }, 180_000);
  afterAll(() => ceph?.[Symbol.asyncDispose]());

  /**
   * A server with its own bucket, which it reaches through a proxy that can simulate faults. Small
   * files are in the bucket, too, unless `env` says otherwise.
   */
  async function start(env: Record<string, string> = {}) {
    await using stack = new AsyncDisposableStack();
    const store: FaultyStore = stack.use(await startFaultyStore(ceph.endpoint));
    const { bucket, url: plain } = await ceph.createBucket(store.endpoint);
    const url = plain.replace('some/where', 'some/wh%3Fere+%C3%A4%20b');
    const server = stack.use(
      await startTestServer({ STORAGE_URL: `${url}&timeoutSeconds=2`, SMALL_FILE_SIZE: '0', ...env }),
    );
    const running = stack.move();
    return {
      server,
      store,
      url,
      async kept() {
        const { Contents = [] } = await ceph.client.send(new ListObjectsV2Command({ Bucket: bucket }));
        const { Uploads = [] } = await ceph.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
        return [...Contents.map(({ Key }) => `${Key}`), ...Uploads.map(({ Key }) => `parts of ${Key}`)];
      },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  }

  const get = (server: TestServer, path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { authorization: `Bearer ${server.key}`, ...init.headers } });
  const contentOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  test('stores uploads in the bucket, serves them whole and in ranges, and deletes removed files', async () => {
    await using at = await start();
    const { server } = at;
    const content = bytesOf(20 * MIB + 17);
    const { files } = await uploadFiles(server, 'Task:1', uploaded(content));
    const path = `/files/${files[0]?.id.replace('File:', '')}/content`;
    expect(await at.kept()).toHaveLength(1);
    const whole = await get(server, path);
    expect(whole.headers.get('etag')).toBe(`"${sha256(content)}"`);
    expect(sha256(await contentOf(whole))).toBe(sha256(content));
    const range = await get(server, path, { headers: { range: `bytes=${9 * MIB}-${9 * MIB + 9}` } });
    expect([range.status, await contentOf(range)]).toEqual([206, content.subarray(9 * MIB, 9 * MIB + 10)]);
    expect((await get(server, path, { method: 'HEAD' })).headers.get('content-length')).toBe(String(content.length));
    const zip = await contentOf(await get(server, '/files/zip?on=Task:1'));
    expect(zip.includes(content.subarray(0, 1000))).toBe(true);
    await ask(server, removeFile, { fileId: files[0]?.id ?? '' });
    await expect.poll(() => at.kept()).toEqual([]);
  });

  test('stores small files in the database without a request, sends them itself, and only their thumbnails are in the bucket', async () => {
    await using at = await start({ SMALL_FILE_SIZE: '64 KiB', DOWNLOADS: 'redirect' });
    const { server } = at;
    const picture = sharp({ create: { width: 500, height: 500, channels: 3, background: '#36c' } });
    const content = await picture.png().toBuffer();
    const { files } = await uploadFiles(server, 'Task:1', [
      ...uploaded(content, 'small.png'),
      ...uploaded(bytesOf(100_000), 'large.bin'),
    ]);
    const [small, large] = files.map(({ id }) => `/files/${id.replace('File:', '')}`);
    expect(await at.kept()).toHaveLength(1);
    const sent = await get(server, `${small}/content`, { redirect: 'manual' });
    expect([sent.status, (await contentOf(sent)).equals(content)]).toEqual([200, true]);
    expect((await get(server, `${large}/content`, { redirect: 'manual' })).status).toBe(307);
    for (const _again of [1, 2]) {
      const { format } = await sharp(await contentOf(await get(server, `${small}/thumbnail`))).metadata();
      expect(format).toBe('webp');
    }
    expect(await at.kept()).toHaveLength(2);
    for (const { id } of files) await ask(server, removeFile, { fileId: id });
    await expect.poll(() => at.kept()).toEqual([]);
  });

  test('accepts tus uploads, and makes thumbnails that are deleted with their file', async () => {
    await using at = await start();
    const { server } = at;
    const content = bytesOf(11 * MIB);
    const { fileId } = await uploadByTus(server, content, { on: 'Task:1' }, { chunkSize: 3 * MIB });
    const sent = await get(server, `/files/${fileId?.replace('File:', '')}/content`);
    expect(sha256(await contentOf(sent))).toBe(sha256(content));
    const picture = sharp({ create: { width: 500, height: 500, channels: 3, background: '#36c' } });
    const { files } = await uploadFiles(server, 'Task:1', uploaded(await picture.png().toBuffer(), 'a.png'));
    const thumbnail = `/files/${files[0]?.id.replace('File:', '')}/thumbnail`;
    for (const _again of [1, 2]) {
      const { width } = await sharp(await contentOf(await get(server, thumbnail))).metadata();
      expect(width).toBe(256);
    }
    expect(await at.kept()).toHaveLength(3);
    await ask(server, removeFile, { fileId: files[0]?.id ?? '' });
    await expect.poll(() => at.kept()).toHaveLength(1);
  });

  test('redirects downloads to a presigned URL that serves active content as an attachment', async () => {
    await using at = await start({ DOWNLOADS: 'redirect' });
    const { files } = await uploadFiles(at.server, 'Task:1', uploaded(Buffer.from('<b>hi</b>'), 'ä.html'));
    const path = `/files/${files[0]?.id.replace('File:', '')}/content`;
    const sent = await get(at.server, path, { redirect: 'manual' });
    expect(sent.status).toBe(307);
    expect(sent.headers.get('cache-control')).toBe('no-store');
    expect(sent.headers.get('etag')).toBeNull();
    for (const [mode, status] of [
      ['no-cors', 200],
      ['cors', 200],
      ['navigate', 307],
    ] as const) {
      const headers = {
        authorization: `Bearer ${at.server.key}`,
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': mode,
      };
      expect(await statusOf(`${at.server.url}${path}`, headers)).toBe(status);
    }
    const head = await get(at.server, path, { method: 'HEAD', redirect: 'manual' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '9']);
    const there = await fetch(sent.headers.get('location') ?? '');
    expect(await there.text()).toBe('<b>hi</b>');
    expect(there.headers.get('content-disposition')).toBe(sent.headers.get('content-disposition'));
    expect(there.headers.get('content-disposition')).toContain('attachment');
    expect((await get(at.server, path, { redirect: 'manual', headers: { authorization: '' } })).status).toBe(401);
    const forged = (sent.headers.get('location') ?? '').replace(/(X-Amz-Signature=)./, '$1_');
    expect((await fetch(forged)).status).toBe(403);
  });

  describe('direct uploads', () => {
    const content = bytesOf(5 * MIB);
    const create = parse(`mutation ($input: CreateUploadUrlInput!) {
      createUploadUrl(input: $input) { uploadId uploadUrl method headers { name value } expiresAt }
    }`);
    const complete = parse(
      `mutation ($id: ID!) { completeUpload(input: { uploadId: $id }) { file { id sha256 contentType } } }`,
    );
    interface Created {
      createUploadUrl: { uploadId: string; uploadUrl: string; headers: { name: string; value: string }[] };
    }
    const declared = { filename: 'big.bin', size: content.length, sha256: sha256(content), on: 'Task:1' };
    const ask = (server: TestServer, document: object, variables: object) =>
      server.query<unknown, unknown>(document as never, variables);
    const begin = async (server: TestServer, input: object = {}) =>
      ((await ask(server, create, { input: { ...declared, ...input } })).data as unknown as Created).createUploadUrl;
    const put = ({ uploadUrl, headers }: Created['createUploadUrl'], body: Buffer<ArrayBuffer>) =>
      fetch(uploadUrl, {
        method: 'PUT',
        body,
        headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      });
    const completed = (server: TestServer, { uploadId }: { uploadId: string }) =>
      ask(server, complete, { id: uploadId });

    test('completing an upload repeatedly creates one file and leaves one object', async () => {
      await using at = await start();
      const upload = await begin(at.server);
      expect((await completed(at.server, upload)).errors?.[0]?.extensions.code).toBe('CONFLICT');
      expect((await put(upload, content)).status).toBe(200);
      const all = await Promise.all([1, 2, 3].map(() => completed(at.server, upload)));
      for (const one of all)
        expect(one).toMatchObject({ data: { completeUpload: { file: { sha256: declared.sha256 } } } });
      expect(await completed(at.server, upload)).toEqual(all[0]);
      expect(await filesOn(at.server)).toBe(1);
      expect(await at.kept()).toHaveLength(1);
    });

    test('a text file has its declared charset, or UTF-8 when its first bytes are UTF-8', async () => {
      await using at = await start();
      const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
      const texts = [
        [Buffer.from('Привет'), 'text/plain', 'text/plain; charset=utf-8'],
        [Buffer.from('Привет '.repeat(20_000)), 'text/plain', 'text/plain; charset=utf-8'],
        [cyrillic, 'text/plain', 'text/plain'],
        [cyrillic, 'text/plain; charset=windows-1251', 'text/plain; charset=windows-1251'],
      ] as const;
      for (const [text, contentType, answered] of texts) {
        const about = { filename: 'a.txt', size: text.length, sha256: sha256(text), contentType };
        const upload = await begin(at.server, about);
        await put(upload, text);
        const { data } = await completed(at.server, upload);
        const { id } = (data as { completeUpload: { file: { id: string } } }).completeUpload.file;
        const response = await get(at.server, `/files/${id.replace('File:', '')}/content`);
        expect(response.headers.get('content-type')).toBe(answered);
      }
    });

    test('another PUT after the completion does not change the file', async () => {
      await using at = await start();
      const upload = await begin(at.server);
      await put(upload, content);
      const { data } = await completed(at.server, upload);
      await put(upload, bytesOf(content.length, 9));
      const id = (data as unknown as { completeUpload: { file: { id: string } } }).completeUpload.file.id;
      const sent = await get(at.server, `/files/${id.replace('File:', '')}/content`);
      expect(sha256(await contentOf(sent))).toBe(declared.sha256);
    });

    test('a concurrent completion does not copy the object a second time', async () => {
      await using at = await start();
      const upload = await begin(at.server);
      await put(upload, content);
      const copying = Promise.withResolvers<void>();
      let headRequests = 0;
      // The second completion starts while the first copies. Then a PUT replaces the bytes.
      at.store.conduct = ({ method, url }) => {
        if (method === 'HEAD' && url.includes('/incoming/')) headRequests += 1;
        if (method === 'PUT' && url.includes('/blobs/')) copying.resolve();
        return 'works';
      };
      const first = completed(at.server, upload);
      await copying.promise;
      const second = completed(at.server, upload);
      await put(upload, bytesOf(content.length, 9));
      const [one, two] = await Promise.all([first, second]);
      expect(two).toEqual(one);
      expect(headRequests).toBe(1);
    });

    test('a tus PATCH to a direct upload is 404', async () => {
      await using at = await start();
      const { uploadId } = await begin(at.server);
      const sent = await get(at.server, `/uploads/${uploadId}`, {
        method: 'PATCH',
        headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
        body: new Uint8Array(content),
      });
      expect(sent.status).toBe(404);
    });

    test('rejects a size above the 5 GiB of one PUT, and limits the URL to UNFINISHED_UPLOAD_SECONDS', async () => {
      await using at = await start({ MAX_FILE_SIZE: '6 GiB', UNFINISHED_UPLOAD_SECONDS: '60' });
      const { errors } = await ask(at.server, create, { input: { ...declared, size: 5 * 1024 ** 3 + 1 } });
      expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('tus') });
      expect((await begin(at.server)).uploadUrl).toContain('X-Amz-Expires=60&');
    });

    test('a sweep removes an object that was put after the completion', async () => {
      await using at = await start();
      const upload = await begin(at.server);
      await put(upload, content);
      await completed(at.server, upload);
      await put(upload, content);
      expect(await at.kept()).toHaveLength(2);
      await using storage = await openS3Storage({
        ...parseS3Url(at.url),
        partialFilesIn: `${at.server.dataDir}/files/x`,
      });
      expect(await storage.removeStaged(new Date(Date.now() + 60_000))).toBe(1);
      expect(await at.kept()).toHaveLength(1);
    });

    test('rejects bytes with another checksum, and accepts another PUT with the right ones', async () => {
      await using at = await start();
      const upload = await begin(at.server);
      await put(upload, bytesOf(content.length, 7));
      expect((await completed(at.server, upload)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(await at.kept()).toEqual([]);
      await put(upload, content);
      expect((await completed(at.server, upload)).errors).toBeUndefined();
    });

    test('createUploadUrl rejects a size above MAX_FILE_SIZE, a bad checksum and a missing task', async () => {
      await using at = await start({ MAX_FILE_SIZE: '1 MiB' });
      const code = async (input: object) =>
        (await ask(at.server, create, { input: { ...declared, ...input } })).errors?.[0]?.extensions.code;
      expect(await code({})).toBe('PAYLOAD_TOO_LARGE');
      expect(await code({ size: 5, sha256: 'x' })).toBe('BAD_USER_INPUT');
      expect(await code({ size: 5, on: 'Task:999' })).toBe('NOT_FOUND');
    });
  });

  describe('store faults', () => {
    const small = bytesOf(1000);
    const large = bytesOf(20 * MIB);
    const isWrite = ({ method }: { method: string }) => method === 'PUT' || method === 'POST';

    test.each([
      ['answers 500', { status: 500 }],
      ['has no space', { status: 507, code: 'InsufficientStorage' }],
      ['refuses the key', { status: 403, code: 'AccessDenied' }],
      ['ends connections', 'resets'],
      ['never answers', 'stalls'],
    ] as const)(
      'an upload is STORAGE_UNAVAILABLE and leaves no file and no object when the store %s',
      async (_how, conduct) => {
        await using at = await start();
        at.store.conduct = (request) => (isWrite(request) ? conduct : 'works');
        for (const content of [small, large]) {
          const { data, errors } = await tryUpload(at.server, content);
          const code = errors?.[0]?.extensions.code ?? data?.uploadTaskFiles.errors[0]?.code;
          expect(code).toBe('STORAGE_UNAVAILABLE');
        }
        expect(await filesOn(at.server)).toBe(0);
        expect(await at.kept()).toEqual([]);
        at.store.conduct = () => 'works';
        expect((await tryUpload(at.server, small)).data?.uploadTaskFiles.errors).toEqual([]);
      },
    );

    test('a large upload whose second part fails is not listed, and a sweep removes its parts', async () => {
      await using at = await start();
      let parts = 0;
      at.store.conduct = ({ method, url }) => {
        if (method === 'PUT' && url.includes('partNumber') && ++parts > 1) return { status: 500 };
        return method === 'DELETE' ? { status: 500 } : 'works';
      };
      const { data } = await tryUpload(at.server, large);
      expect(data?.uploadTaskFiles.errors[0]?.code).toBe('STORAGE_UNAVAILABLE');
      expect(await filesOn(at.server)).toBe(0);
      at.store.conduct = () => 'works';
      await using storage = await openS3Storage({
        ...parseS3Url(at.url),
        partialFilesIn: `${at.server.dataDir}/files/x`,
      });
      await storage.removeStaged(new Date(Date.now() + 60_000));
      expect(await at.kept()).toEqual([]);
    });

    test('an upload succeeds by retries when the store answers SlowDown twice', async () => {
      await using at = await start();
      let refusals = 2;
      at.store.conduct = (request) =>
        isWrite(request) && refusals-- > 0 ? { status: 503, code: 'SlowDown' } : 'works';
      expect((await tryUpload(at.server, small)).data?.uploadTaskFiles.errors).toEqual([]);
    });

    test('a download ends with an error when the store stalls in the middle', async () => {
      await using at = await start();
      const { files } = await uploadFiles(at.server, 'Task:1', uploaded(large));
      at.store.conduct = ({ method }) => (method === 'GET' ? { stallsAfter: 3 * MIB } : 'works');
      const sent = await get(at.server, `/files/${files[0]?.id.replace('File:', '')}/content`);
      expect(sent.status).toBe(200);
      await expect(sent.arrayBuffer()).rejects.toThrow();
    });

    test('a download fails at the client when the store closes the connection in the middle', async () => {
      await using at = await start();
      const { files } = await uploadFiles(at.server, 'Task:1', uploaded(large));
      at.store.conduct = ({ method }) => (method === 'GET' ? { breaksAfter: 3 * MIB } : 'works');
      const sent = await get(at.server, `/files/${files[0]?.id.replace('File:', '')}/content`);
      expect(sent.status).toBe(200);
      await expect(sent.arrayBuffer()).rejects.toThrow();
    });

    test.each([{ status: 500 }, 'resets', 'stalls'] as const)(
      'a download and /health/ready answer 503 when the store is unavailable (%s)',
      async (conduct) => {
        await using at = await start();
        const { files } = await uploadFiles(at.server, 'Task:1', uploaded(small));
        at.store.conduct = () => conduct;
        const sent = await get(at.server, `/files/${files[0]?.id.replace('File:', '')}/content`);
        expect(sent.status).toBe(503);
        expect(await sent.json()).toMatchObject({ error: { code: 'STORAGE_UNAVAILABLE' } });
        expect((await get(at.server, '/health/ready')).status).toBe(503);
      },
    );
  });
});

const upload = parse(`mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id } errors { code } }
}`);

async function tryUpload(server: TestServer, content: Buffer) {
  type Answer = { uploadTaskFiles: { files: { id: string }[]; errors: { code: string }[] } };
  return executeWithFiles<Answer>(server, upload, {}, uploaded(content));
}

async function filesOn(server: TestServer): Promise<number> {
  const { data } = await server.query(parse('{ task(id: "Task:1") { files { totalCount } } }') as never);
  return (data as unknown as { task: { files: { totalCount: number } } }).task.files.totalCount;
}
