import { ask, executeWithFiles, type Part } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';

interface Created {
  token: string;
  uploadToken: { id: string };
}

/** Creates an upload token; `input` overrides that of one for `Task:1`. */
export async function createUploadToken(
  server: TestServer,
  input: Record<string, unknown> = {},
  key?: string,
): Promise<{ token: string; id: string }> {
  const query = `mutation ($input: CreateUploadTokenInput!) {
    createUploadToken(input: $input) { token uploadToken { id } }
  }`;
  const all = { on: 'Task:1', expiresIn: 3600, ...input };
  const { createUploadToken } = await ask<{ createUploadToken: Created }>(server, query, { input: all }, key);
  return { token: createUploadToken.token, id: createUploadToken.uploadToken.id };
}

export const uploadWithToken = `mutation ($files: [Upload!]!, $idempotencyKey: String) {
  uploadWithToken(input: { files: $files, idempotencyKey: $idempotencyKey }) {
    files { fileId name size sha256 contentType }
    errors { index filename code message }
  }
}`;

export interface GuestUpload {
  uploadWithToken: {
    files: { fileId: string; name: string; size: number; sha256: string; contentType: string }[];
    errors: { index: number; filename: string; code: string; message: string }[];
  };
}

/** Uploads files in one multipart request, and returns the result with any errors. */
export const uploadParts = (server: TestServer, token: string, parts: Part[], idempotencyKey?: string) =>
  executeWithFiles<GuestUpload>(server, uploadWithToken, { idempotencyKey }, parts, token);

/** Uploads one small text, and returns `stored`, the code of its error, or that of the request. */
export async function uploadOne(server: TestServer, token: string, name = 'a.txt', content = name): Promise<string> {
  const { data, errors } = await uploadParts(server, token, [{ name, content }]);
  if (errors) return errors[0]?.extensions.code ?? 'failed';
  return data?.uploadWithToken.errors[0]?.code ?? 'stored';
}

/** Of an upload token: what it has counted. */
export async function usage(server: TestServer, id: string): Promise<{ usedFiles: number; usedBytes: number }> {
  const query = 'query ($id: ID!) { node(id: $id) { ... on UploadToken { usedFiles usedBytes } } }';
  const { node } = await ask<{ node: { usedFiles: number; usedBytes: number } }>(server, query, { id });
  return node;
}
