import type { TestServer } from '../support/server.ts';

export const basic = (name: string, key: string) => `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`;

/** Sends a body to Kanboard's endpoint, as the application unless other credentials are given. */
export function post(
  server: TestServer,
  body: string,
  authorization = basic('jsonrpc', server.key),
  type = 'application/json',
) {
  const headers = { authorization, 'content-type': type };
  return fetch(`${server.url}/jsonrpc.php`, { method: 'POST', body, headers });
}

/** Calls a procedure, and returns its answer. */
export async function call<Result = unknown>(
  server: TestServer,
  method: string,
  params?: unknown,
  authorization?: string,
) {
  const body = JSON.stringify({ jsonrpc: '2.0', method, id: 7, ...(params === undefined ? {} : { params }) });
  return (await (await post(server, body, authorization)).json()) as {
    result?: Result;
    error?: { code: number; message: string; data?: string };
    id: unknown;
  };
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');
