import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, sha256 } from '../http/tus/client.ts';
import { startOnBucket } from '../support/bucket-server.ts';
import { type Ceph, startCeph } from '../support/ceph.ts';
import { ask, errorOf } from '../support/client.ts';
import { kind, runSql } from '../support/database.ts';
import { removeFile } from '../support/documents.ts';
import { isInstalled } from '../support/programs.ts';
import { expectTemporary, temporaryOf } from '../support/project-usage.ts';
import type { TestServer } from '../support/server.ts';

interface Created {
  uploadId: string;
  uploadUrl: string;
  headers: { name: string; value: string }[];
}

const SIZE = 10_000;
const content = bytesOf(SIZE);

const create = `mutation ($size: ByteSize!, $sha256: String!) {
  createUploadUrl(input: { filename: "a.bin", size: $size, sha256: $sha256, on: "Task:1" }) {
    uploadId uploadUrl headers { name value }
  }
}`;
const complete = 'mutation ($id: ID!) { completeUpload(input: { uploadId: $id }) { file { id } } }';
const cancel = 'mutation ($id: ID!) { cancelUpload(input: { uploadId: $id }) { cancelledUploadId } }';
const unfinished = '{ viewer { unfinishedUploads { totalCount } } }';

const declared = { size: SIZE, sha256: sha256(content) };
const begin = async (server: TestServer) =>
  (await ask<{ createUploadUrl: Created }>(server, create, declared)).createUploadUrl;
const completed = async (server: TestServer, { uploadId }: Created) =>
  (await ask<{ completeUpload: { file: { id: string } } }>(server, complete, { id: uploadId })).completeUpload.file.id;

async function put({ uploadUrl, headers }: Created): Promise<number> {
  const sent = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  return (await fetch(uploadUrl, { method: 'PUT', body: content, headers: sent })).status;
}

/** Ends the URLs of all uploads a moment ago. */
async function expireUrls({ dataDir }: TestServer): Promise<void> {
  const past = kind === 'sqlite' ? Date.now() - 1000 : new Date(Date.now() - 1000).toISOString();
  await runSql(dataDir, 'update resumable_uploads set url_expires_at = ?', past);
}

describe.runIf(isInstalled('Ceph'))('the URLs of direct uploads', { timeout: 120_000 }, () => {
  let ceph: Ceph;
  beforeAll(async () => {
    ceph = await startCeph();
  }, 180_000);
  afterAll(() => ceph?.[Symbol.asyncDispose]());

  async function start(limits: Record<string, string> = {}) {
    const at = await startOnBucket(ceph, limits);
    return {
      ...at,
      sweep: async () => expect(await at.sweep(24)).toMatchObject({ code: 0 }),
    };
  }

  test('what is sent again after the upload is complete counts until the URL has expired, and is then removed', async () => {
    await using at = await start();
    const { server } = at;
    const upload = await begin(server);
    expect(await put(upload)).toBe(200);
    const id = await completed(server, upload);
    expect(await put(upload)).toBe(200);
    expect(await completed(server, upload)).toBe(id);
    await ask(server, removeFile, { fileId: id });
    expect(await put(upload)).toBe(200);
    expect(await temporaryOf(server, 1)).toBe(SIZE);
    await at.sweep();
    expect(await temporaryOf(server, 1)).toBe(SIZE);
    await expireUrls(server);
    await at.sweep();
    expect(await at.stored()).toEqual([]);
    expect(await temporaryOf(server, 1)).toBe(0);
    await expectTemporary(server);
  });

  test('a complete upload still returns its file when its URL has expired', async () => {
    await using at = await start();
    const upload = await begin(at.server);
    await put(upload);
    const id = await completed(at.server, upload);
    await expireUrls(at.server);
    await at.sweep();
    expect(await completed(at.server, upload)).toBe(id);
    expect(await at.stored()).toEqual(['blobs']);
  });

  test('a cancelled upload is listed no more, and counts until its URL has expired', async () => {
    await using at = await start({ MAX_USER_UNFINISHED_BYTES: '15000', MAX_FILE_SIZE: '12000' });
    const { server } = at;
    const upload = await begin(server);
    await ask(server, cancel, { id: upload.uploadId });
    expect(await ask(server, unfinished)).toEqual({ viewer: { unfinishedUploads: { totalCount: 0 } } });
    expect(await errorOf(server, complete, { id: upload.uploadId })).toMatch(/^NOT_FOUND: /);
    expect(await put(upload)).toBe(200);
    expect(await errorOf(server, create, declared)).toMatch(/^INSUFFICIENT_STORAGE: /);
    await at.sweep();
    expect(await errorOf(server, create, declared)).toMatch(/^INSUFFICIENT_STORAGE: /);
    await expireUrls(server);
    await at.sweep();
    expect(await at.stored()).toEqual([]);
    await begin(server);
    await expectTemporary(server);
  });

  test('cancelled uploads count towards MAX_UNFINISHED_UPLOADS until their URLs have expired', async () => {
    await using at = await start({ MAX_UNFINISHED_UPLOADS: '2' });
    const { server } = at;
    for (const _each of [1, 2]) await ask(server, cancel, { id: (await begin(server)).uploadId });
    expect(await errorOf(server, create, declared)).toMatch(/^RATE_LIMITED: /);
    await expireUrls(server);
    await begin(server);
  });
});
