import type { Connection } from './connection.ts';
import { ClientError, TransientError } from './errors.ts';
import { connectionError, responseError, send, signInError } from './http.ts';
import { withRetry } from './retry.ts';

export interface GraphQLErrorData {
  message: string;
  extensions?: { code?: string };
}

/** How often a request is sent before its failure is reported. */
const ATTEMPTS = 4;
/** After this time without an answer, a request is sent again. */
const TIMEOUT_MS = 60_000;

/**
 * Sends a query, which it repeats when the failure may pass. Throws `SignInError` without a valid
 * key, and `ClientError` with the message of the first error.
 */
export function request<Data>(
  connection: Connection,
  query: string,
  variables: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Data> {
  return withRetry(() => requestOnce<Data>(connection, query, variables, signal), { signal, attempts: ATTEMPTS });
}

async function requestOnce<Data>(
  connection: Connection,
  query: string,
  variables: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Data> {
  const { response, text } = await post(connection, JSON.stringify({ query, variables }), signal);
  const result = parseResult<Data>(text);
  if (!result) throw notAttache(connection, response, text);
  const [error] = result.errors ?? [];
  if (error) throw toClientError(connection, error, Number(response.headers.get('retry-after') ?? 0) * 1000);
  if (!result.data) throw new ClientError(`${connection.url} sent no data.`);
  return result.data;
}

/** Sends a request, and reads the whole response. Either fails when the connection is lost. */
async function post(
  connection: Connection,
  body: string,
  signal: AbortSignal,
): Promise<{ response: Response; text: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await send(connection, '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body,
      signal: AbortSignal.any([signal, timeout]),
    });
    return { response, text: await response.text() };
  } catch (error) {
    signal.throwIfAborted();
    const { url } = connection;
    if (timeout.aborted) throw new TransientError(`Cannot reach ${url}: it does not answer.`, { cause: error });
    throw error instanceof ClientError ? error : connectionError(url, error);
  }
}

function notAttache({ url }: Connection, response: Response, text: string): ClientError {
  const error = responseError(url, response.status, (name) => response.headers.get(name) ?? '', text);
  if (response.ok || response.status === 404)
    return new ClientError(`${url} is not the address of an Attaché server. Give the address without /graphql.`);
  return error;
}

function parseResult<Data>(text: string): { data?: Data | null; errors?: GraphQLErrorData[] } | undefined {
  try {
    const result = JSON.parse(text);
    return result && (result.data !== undefined || Array.isArray(result.errors)) ? result : undefined;
  } catch {
    return undefined;
  }
}

const transientCodes = ['RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'STORAGE_UNAVAILABLE', 'REQUEST_TIMEOUT'];

/** The error of the client for one that the server returned in a result. */
export function toClientError({ url }: Connection, error: GraphQLErrorData, retryAfterMs = 0): ClientError {
  const { message, extensions: { code } = {} } = error;
  if (code === 'UNAUTHENTICATED') return signInError(url);
  // Errors without a code of the API are faults of the server.
  if (!code || code === 'INTERNAL_SERVER_ERROR' || transientCodes.includes(code))
    return new TransientError(message, { ...(code && { code }), retryAfterMs });
  return new ClientError(message, { code });
}
