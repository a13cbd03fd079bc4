import { currentToken, renewToken } from './credentials.ts';

/**
 * `fetch` with the current token. A request whose token is refused is sent once more with another
 * one, if there is one; otherwise the session ends. The body must not be a stream.
 */
export async function authorizedFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const token = await currentToken();
  const response = await fetch(input, withToken(init, token));
  if (response.status !== 401) return response;
  return fetch(input, withToken(init, await renewToken(token)));
}

/** The request, with a token in its header. */
export function withToken(init: RequestInit, token: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}
