import { HttpError, type OperationError } from 'attache-client/errors';
import type { Connection } from './connection.ts';
import { ClientError, SignInError, UnreachableError } from './errors.ts';

/**
 * Sends a request with the API key. Throws `UnreachableError` when the server cannot be reached.
 */
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
export function connectionError(url: string, error: unknown): UnreachableError {
  const { code = '', message } = rootCause(error);
  const reason = reasons[code] ?? (message.trim() || code);
  return new UnreachableError(`Cannot reach ${url}: ${reason}.`, { cause: error });
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

/** `fetch` wraps the error of the socket. */
function rootCause(error: unknown): { code?: string; message: string } {
  for (let at = error as { cause?: unknown; errors?: unknown[]; code?: string } & Error; ; ) {
    const next = at.cause ?? at.errors?.[0];
    if (!(next instanceof Error)) return at;
    at = next as typeof at;
  }
}

/** A response, whose body was read. */
export interface ReadResponse {
  status: number;
  header(name: string): string | null;
  text: string;
}

/** Reads the body of a response. */
export const readResponse = async (response: Response): Promise<ReadResponse> => ({
  status: response.status,
  header: (name) => response.headers.get(name),
  text: await response.text(),
});

/** The error of a response that is none of 2xx. */
export function responseError(url: string, response: ReadResponse): ClientError {
  const { status, header } = response;
  if (status >= 300 && status < 400)
    return new ClientError(`${url} redirects to ${header('location')}: use that address.`);
  return toClientError(url, new HttpError(response));
}

/** The error of the command line for one that the server returned. */
export function toClientError(url: string, { code, message, retryAfterMs }: OperationError): ClientError {
  return code === 'UNAUTHENTICATED' ? signInError(url) : new ClientError(message, { code, retryAfterMs });
}

export const signInError = (url: string): SignInError =>
  new SignInError(`${url} does not accept the API key. Sign in with "attache login ${url}", or set ATTACHE_KEY.`, {
    code: 'UNAUTHENTICATED',
  });
