import { createHash } from 'node:crypto';
import type { TestServer } from './server.ts';

/** Downloads the content of a file, with the administrator's key unless `headers` has another. */
export function download(
  server: TestServer,
  file: { databaseId: number },
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${server.url}/files/${file.databaseId}/content`, {
    method,
    headers: { authorization: `Bearer ${server.key}`, ...headers },
  });
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** SHA-256 in hex. */
export const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** SHA-256 and length of a body that is too large for memory. */
export async function hashOf(response: Response): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of response.body ?? []) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}
