import { createHash, createHmac } from 'node:crypto';
import type { TestServer } from '../support/server.ts';

export const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** The address of a call, signed as the client libraries do. */
export function signed(server: TestServer, query: string, key = server.key): string {
  return `${server.url}/api/admin/v2/?${query}&hash=${md5(query + key)}`;
}

/** Sends a signed call; every answer is a 200. */
export async function call(server: TestServer, query: string, init: RequestInit = {}, key = server.key) {
  return answerOf(await fetch(signed(server, query, key), init));
}

export async function answerOf(response: Response) {
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

/** What the newer client puts into `Authorization`. */
export function adminHeader(key: string, action: string, time = Math.floor(Date.now() / 1000)): string {
  return `Admin ${time}_${createHmac('sha256', key).update(`${action}:${time}`).digest('hex')}`;
}

export function attachments(...names: string[]): RequestInit {
  const form = new FormData();
  for (const [index, name] of names.entries()) form.append(`attach[${index}]`, new Blob([`content of ${name}`]), name);
  return { method: 'POST', body: form };
}
