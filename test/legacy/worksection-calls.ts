import { createHash, createHmac } from 'node:crypto';
import { ask } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Starts a server. Its `key` is an administrator's signing key, and no other key can sign. */
export async function startSigningServer(env?: Record<string, string>): Promise<TestServer> {
  const server = await startTestServer(env);
  try {
    return { ...server, key: (await newSigningKey(server, { scope: 'ADMIN' })).key };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** Creates a signing key; `input` has the other fields of `createApiKey`. */
export async function newSigningKey(server: TestServer, input: Record<string, unknown> = {}, by?: string) {
  const query = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id } } }';
  const variables = { input: { name: 'scripts', canSign: true, ...input } };
  type Made = { createApiKey: { key: string; apiKey: { id: string } } };
  const { createApiKey } = await ask<Made>(server, query, variables, by);
  return { key: createApiKey.key, id: createApiKey.apiKey.id };
}

export const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** The URL of a call, signed as the client libraries do. */
export function signed(server: TestServer, query: string, key = server.key): string {
  return `${server.url}/api/admin/v2/?${query}&hash=${md5(query + key)}`;
}

/** Sends a signed call. Every answer has the status 200. */
export async function call(server: TestServer, query: string, init: RequestInit = {}, key = server.key) {
  return answerOf(await fetch(signed(server, query, key), init));
}

export async function answerOf(response: Response) {
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

/** The `Authorization` header of the newer client. */
export function adminHeader(key: string, action: string, time = Math.floor(Date.now() / 1000)): string {
  return `Admin ${time}_${createHmac('sha256', key).update(`${action}:${time}`).digest('hex')}`;
}

export function attachments(...names: string[]): RequestInit {
  const form = new FormData();
  for (const [index, name] of names.entries()) form.append(`attach[${index}]`, new Blob([`content of ${name}`]), name);
  return { method: 'POST', body: form };
}
