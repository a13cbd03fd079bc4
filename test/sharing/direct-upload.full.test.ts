import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, sha256 } from '../http/tus/client.ts';
import { startOnBucket } from '../support/bucket-server.ts';
import { type Ceph, startCeph } from '../support/ceph.ts';
import { ask, errorOf } from '../support/client.ts';
import { kind, runSql } from '../support/database.ts';
import { isInstalled } from '../support/programs.ts';
import { expectTemporary } from '../support/project-usage.ts';
import type { TestServer } from '../support/server.ts';
import { createUploadToken, usage } from './guests.ts';

interface DirectUpload {
  uploadId: string;
  uploadUrl: string;
  headers: { name: string; value: string }[];
}

const create = `mutation ($filename: String!, $size: ByteSize!, $sha256: String!, $contentType: String) {
  createUploadUrlWithToken(
    input: { filename: $filename, size: $size, sha256: $sha256, contentType: $contentType }
  ) { uploadId uploadUrl headers { name value } }
}`;
const complete = `mutation ($id: ID!) {
  completeUploadWithToken(input: { uploadId: $id }) { file { fileId size sha256 contentType } }
}`;

const declared = (content: Buffer, filename = 'a.bin', contentType?: string) => ({
  filename,
  size: content.length,
  sha256: sha256(content),
  contentType,
});

async function begin(server: TestServer, token: string, file: ReturnType<typeof declared>): Promise<DirectUpload> {
  const made = await ask<{ createUploadUrlWithToken: DirectUpload }>(server, create, file, token);
  return made.createUploadUrlWithToken;
}

/** Sends the bytes to the bucket, as a browser does: without the token. Returns the status. */
async function put({ uploadUrl, headers }: DirectUpload, body: Buffer<ArrayBuffer>): Promise<number> {
  const names = headers.map(({ name, value }) => [name, value]);
  const { status } = await fetch(uploadUrl, { method: 'PUT', body, headers: Object.fromEntries(names) });
  return status;
}

/** Sets the expiry of all uploads, and of their URLs, to a moment ago. */
async function expireUploads({ dataDir }: TestServer): Promise<void> {
  const past = kind === 'sqlite' ? Date.now() - 1000 : new Date(Date.now() - 1000).toISOString();
  await runSql(dataDir, 'update resumable_uploads set expires_at = ?, url_expires_at = ?', past, past);
}

const completeError = (server: TestServer, token: string, { uploadId }: DirectUpload) =>
  errorOf(server, complete, { id: uploadId }, token);

describe.runIf(isInstalled('Ceph'))('direct uploads of guests to S3', { timeout: 120_000 }, () => {
  let ceph: Ceph;
  beforeAll(async () => {
    ceph = await startCeph();
  }, 180_000);
  afterAll(() => ceph?.[Symbol.asyncDispose]());

  async function start() {
    const at = await startOnBucket(ceph);
    // As a day later: nothing is too new for it.
    return { ...at, sweep: () => at.sweep(0) };
  }

  test('a guest sends a file to the bucket, and completes it with the token', async () => {
    await using at = await start();
    const { server } = at;
    const { token, id } = await createUploadToken(server);
    const content = bytesOf(6 * 1024 ** 2);
    const upload = await begin(server, token, declared(content));
    expect(await completeError(server, token, upload)).toMatch(/^CONFLICT: /);
    expect(await put(upload, content)).toBe(200);
    // The URL does not permit reading what was uploaded.
    expect((await fetch(upload.uploadUrl)).status).toBe(403);
    const made = await ask<{ completeUploadWithToken: { file: { fileId: string } } }>(
      server,
      complete,
      { id: upload.uploadId },
      token,
    );
    const { file } = made.completeUploadWithToken;
    expect(file).toMatchObject({ size: content.length, sha256: sha256(content) });
    expect(await ask(server, complete, { id: upload.uploadId }, token)).toEqual(made);
    const query = 'query ($id: ID!) { file(id: $id) { createdBy { id } uploadTokenId attachedTo { id } url } }';
    expect(await ask(server, query, { id: file.fileId })).toMatchObject({
      file: { createdBy: { id: 'User:1' }, uploadTokenId: id, attachedTo: [{ id: 'Task:1' }] },
    });
    const path = `/files/${file.fileId.replace('File:', '')}/content`;
    const sent = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${server.key}` } });
    expect(sha256(Buffer.from(await sent.arrayBuffer()))).toBe(sha256(content));
    expect(await usage(server, id)).toEqual({ usedFiles: 1, usedBytes: content.length });
    expect(await at.stored()).toEqual(['blobs']);
  });

  test('maxFiles and maxBytes hold, also when the bytes differ from those declared', async () => {
    await using at = await start();
    const { server } = at;
    const { token, id } = await createUploadToken(server, { maxFiles: 2, maxBytes: 5000 });
    const content = bytesOf(2000);
    const upload = await begin(server, token, declared(content));
    // The store refuses another length than the signed one, and the server another hash.
    const larger = bytesOf(6000);
    const { uploadUrl, headers } = upload;
    const longer = headers.map((one) => (one.name === 'content-length' ? { ...one, value: '6000' } : one));
    expect(await put({ uploadId: '', uploadUrl, headers: longer }, larger)).toBe(403);
    expect(await put(upload, bytesOf(2000, 7))).toBe(200);
    expect(await completeError(server, token, upload)).toMatch(/^BAD_USER_INPUT: /);
    expect(await put(upload, content)).toBe(200);
    await ask(server, complete, { id: upload.uploadId }, token);
    const failed = (size: number) => errorOf(server, create, declared(bytesOf(size)), token);
    expect(await failed(3001)).toMatch(/^INSUFFICIENT_STORAGE: /);
    await begin(server, token, declared(bytesOf(3000)));
    expect(await failed(1)).toMatch(/^INSUFFICIENT_STORAGE: /);
    expect(await usage(server, id)).toEqual({ usedFiles: 2, usedBytes: 5000 });
    expect(await at.stored()).toEqual(['blobs']);
  });

  test('contentTypes hold for the declared type and for the content, which counts until its URL has expired', async () => {
    await using at = await start();
    const { server } = at;
    const { token, id } = await createUploadToken(server, { contentTypes: ['image/*'] });
    const page = Buffer.from('<script>alert(1)</script>');
    expect(await errorOf(server, create, declared(page, 'a.html', 'text/html'), token)).toMatch(
      /^UNSUPPORTED_MEDIA_TYPE: /,
    );
    const upload = await begin(server, token, declared(page, 'a.png', 'image/png'));
    expect(await put(upload, page)).toBe(200);
    expect(await completeError(server, token, upload)).toMatch(/^UNSUPPORTED_MEDIA_TYPE: /);
    expect(await completeError(server, token, upload)).toMatch(
      /^CONFLICT: This upload was refused: a\.png .*image\/\*/,
    );
    expect(await at.stored()).toEqual([]);
    expect(await usage(server, id)).toEqual({ usedFiles: 1, usedBytes: page.length });
    // The store knows nothing of it: what is sent again counts, and makes no file.
    expect(await put(upload, page)).toBe(200);
    expect(await completeError(server, token, upload)).toMatch(/^CONFLICT: This upload was refused/);
    expect(await at.stored()).toEqual(['incoming']);
    await at.sweep();
    expect(await usage(server, id)).toEqual({ usedFiles: 1, usedBytes: page.length });
    await expectTemporary(server);
    await expireUploads(server);
    expect(await at.sweep()).toMatchObject({ code: 0 });
    expect(await at.stored()).toEqual([]);
    expect(await usage(server, id)).toEqual({ usedFiles: 0, usedBytes: 0 });
    await expectTemporary(server);
  });

  test('the uploads of a token count towards maxFiles however often they are refused', async () => {
    await using at = await start();
    const { server } = at;
    const page = Buffer.from('<script>alert(1)</script>');
    const { token } = await createUploadToken(server, { contentTypes: ['image/*'], maxFiles: 2 });
    for (const filename of ['a.png', 'b.png']) {
      const upload = await begin(server, token, declared(page, filename));
      await put(upload, page);
      expect(await completeError(server, token, upload)).toMatch(/^UNSUPPORTED_MEDIA_TYPE: /);
    }
    expect(await errorOf(server, create, declared(page, 'c.png'), token)).toMatch(/^INSUFFICIENT_STORAGE: /);
  });

  test('a revoked token completes nothing, and a sweep removes what was sent', async () => {
    await using at = await start();
    const { server } = at;
    const { token, id } = await createUploadToken(server);
    const content = bytesOf(3000);
    const [sent, late] = [await begin(server, token, declared(content)), await begin(server, token, declared(content))];
    expect(await put(sent, content)).toBe(200);
    await ask(
      server,
      'mutation ($id: ID!) { revokeUploadToken(input: { uploadTokenId: $id }) { uploadToken { id } } }',
      {
        id,
      },
    );
    // The store does not know the token: the URL works until it expires, and makes no file.
    expect(await put(late, content)).toBe(200);
    for (const { uploadId } of [sent, late]) {
      const { status } = await fetch(server.graphqlUrl, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: complete, variables: { id: uploadId } }),
      });
      expect(status).toBe(401);
      // Nor does the creator complete it.
      const own = 'mutation ($id: ID!) { completeUpload(input: { uploadId: $id }) { file { id } } }';
      expect(await errorOf(server, own, { id: uploadId })).toMatch(/^NOT_FOUND: /);
    }
    expect(await at.stored()).toEqual(['incoming', 'incoming']);
    // Their URLs still work, so they count.
    await at.sweep();
    expect(await usage(server, id)).toEqual({ usedFiles: 2, usedBytes: 6000 });
    await expireUploads(server);
    expect(await at.sweep()).toMatchObject({ code: 0 });
    expect(await at.stored()).toEqual([]);
    expect(await runSql(server.dataDir, 'select id from resumable_uploads')).toEqual([]);
    expect(await usage(server, id)).toEqual({ usedFiles: 0, usedBytes: 0 });
    expect(await ask(server, '{ task(id: "Task:1") { files { totalCount } } }')).toEqual({
      task: { files: { totalCount: 0 } },
    });
    // What is sent after that has no row, and goes with the next sweep.
    expect(await put(sent, content)).toBe(200);
    await at.sweep();
    expect(await at.stored()).toEqual([]);
  });
});
