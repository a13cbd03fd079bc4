import type { Connection } from './connection.ts';
import { ClientError, SignInError, TransientError } from './errors.ts';

/** Sends a request with the API key. Throws `TransientError` when the server cannot be reached. */
export async function send({ url, key }: Connection, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${key}`);
  try {
    // A redirect would turn a POST into a GET, and take the key to another address.
    return await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' });
  } catch (error) {
    init.signal?.throwIfAborted();
    throw connectionError(url, error);
  }
}

/** Explains why no response came. */
export function connectionError(url: string, error: unknown): TransientError {
  const { code = '', message } = rootCause(error);
  const reason = reasons[code] ?? (message.trim() || code);
  return new TransientError(`Cannot reach ${url}: ${reason}.`, { cause: error });
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'no server listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; NODE_EXTRA_CA_CERTS names a file to trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed; NODE_EXTRA_CA_CERTS names a file to trust',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it has no TLS; is its address http://…?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it has no TLS; is its address http://…?',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** `fetch` and tus-js-client wrap the error of the socket. */
function rootCause(error: unknown): { code?: string; message: string } {
  for (let at = error as { cause?: unknown; causingError?: unknown; errors?: unknown[]; code?: string } & Error; ; ) {
    const next = at.cause ?? at.causingError ?? at.errors?.[0];
    if (!(next instanceof Error)) return at;
    at = next as typeof at;
  }
}

/**
 * The error of a response that is none of 2xx: `body` is what the server sent with it, as JSON with
 * `error` or `errors` if it is Attaché.
 */
export function responseError(
  url: string,
  status: number,
  header: (name: string) => string,
  body: string,
): ClientError {
  const { message, code } = errorIn(body);
  const text = message ?? `${url} answers with the status ${status}.`;
  if (status === 401) return signInError(url);
  if (isTransient(status))
    return new TransientError(text, { ...(code && { code }), retryAfterMs: parseRetryAfter(header('retry-after')) });
  if (status >= 300 && status < 400)
    return new ClientError(`${url} redirects to ${header('location')}: use that address.`);
  return new ClientError(text, { code });
}

export const signInError = (url: string): SignInError =>
  new SignInError(`${url} does not accept the API key. Sign in with "attache login ${url}", or set ATTACHE_KEY.`, {
    code: 'UNAUTHENTICATED',
  });

/**
 * 423 is an upload that another connection has not released yet, of other tus servers; 460 are bytes
 * that changed on the way.
 */
const isTransient = (status: number): boolean =>
  (status >= 500 && status !== 501 && status !== 507) || [408, 423, 425, 429, 460].includes(status);

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function parseRetryAfter(value: string): number {
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return seconds > 0 ? seconds * 1000 : 0;
}

function errorIn(body: string): { message?: string; code?: string } {
  try {
    const { error, errors } = JSON.parse(body);
    const { message, code, extensions } = error ?? errors?.[0] ?? {};
    return { message, code: code ?? extensions?.code };
  } catch {
    return {}; // A proxy answers with a page of its own.
  }
}
