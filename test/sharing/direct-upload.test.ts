import { expect, test } from 'vitest';
import { ask, errorOf } from '../support/client.ts';
import { startTestServer } from '../support/server.ts';
import { createUploadToken, usage } from './guests.ts';

test('a direct upload of a guest is counted when it begins, and nobody else completes it', async () => {
  // Nothing listens there: creating a URL sends no request to the store.
  await using server = await startTestServer({ STORAGE_URL: 's3://key:secret@bucket?endpoint=http://127.0.0.1:9' });
  const [one, other] = [
    await createUploadToken(server, { maxFiles: 2, maxBytes: 50 }),
    await createUploadToken(server),
  ];
  const create = `mutation ($size: ByteSize!) {
    createUploadUrlWithToken(input: { filename: "a", size: $size, sha256: "${'a'.repeat(64)}" }) {
      uploadId uploadUrl method headers { name }
    }
  }`;
  type Created = { createUploadUrlWithToken: { uploadId: string; uploadUrl: string; method: string } };
  const { createUploadUrlWithToken: made } = await ask<Created>(server, create, { size: 30 }, one.token);
  expect(made).toMatchObject({ method: 'PUT', uploadUrl: expect.stringContaining('X-Amz-Signature') });
  expect(await usage(server, one.id)).toEqual({ usedFiles: 1, usedBytes: 30 });
  expect(await errorOf(server, create, { size: 21 }, one.token)).toMatch(/^INSUFFICIENT_STORAGE: /);
  const complete = `mutation { completeUploadWithToken(input: { uploadId: "${made.uploadId}" }) { file { fileId } } }`;
  expect(await errorOf(server, complete, {}, other.token)).toMatch(/^NOT_FOUND: /);
  expect(await errorOf(server, complete.replace('WithToken', '').replace('fileId', 'id'))).toMatch(/^NOT_FOUND: /);
});
