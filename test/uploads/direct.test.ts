import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { startTestServer } from '../support/server.ts';

test('createUploadUrl and completeUpload fail with BAD_USER_INPUT and mention tus when files are stored on disk', async () => {
  await using server = await startTestServer();
  const sha256 = '0'.repeat(64);
  const create = parse(
    `mutation { createUploadUrl(input: { filename: "a", size: 1, sha256: "${sha256}" }) { uploadUrl } }`,
  );
  const complete = parse('mutation { completeUpload(input: { uploadId: "x" }) { file { id } } }');
  for (const document of [create, complete]) {
    const { errors } = await server.query(document as never);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('tus'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
});
