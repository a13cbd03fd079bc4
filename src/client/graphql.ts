import { OperationError, type OperationResult } from 'attache-client/errors';
import { withRetry } from 'attache-client/retry';
import type { Connection } from './connection.ts';
import { ClientError, UnreachableError } from './errors.ts';
import { connectionError, type ReadResponse, readResponse, responseError, send, toClientError } from './http.ts';

/** How often a request is sent again before its failure is reported. */
const RETRIES = 3;
/** After this time without an answer, a request is sent again. */
const TIMEOUT_MS = 60_000;

/**
 * Sends a query, which it repeats after a temporary failure. Throws `SignInError` without a valid
 * key, and `ClientError` with the message of the first error.
 */
export function request<Data>(
  connection: Connection,
  query: string,
  variables: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Data> {
  return withRetry(() => requestOnce<Data>(connection, query, variables, signal), { signal, retries: RETRIES });
}

async function requestOnce<Data>(
  connection: Connection,
  query: string,
  variables: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Data> {
  const response = await post(connection, JSON.stringify({ query, variables }), signal);
  const result = parseResult<Data>(response.text);
  if (!result) throw notAttache(connection, response);
  const [error] = result.errors ?? [];
  if (error) throw toClientError(connection.url, new OperationError([error]));
  if (!result.data) throw new ClientError(`${connection.url} sent no data.`);
  return result.data;
}

/** Sends a request, and reads the whole response. Either fails when the connection is lost. */
async function post(connection: Connection, body: string, signal: AbortSignal): Promise<ReadResponse> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await send(connection, '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body,
      signal: AbortSignal.any([signal, timeout]),
    });
    return await readResponse(response);
  } catch (error) {
    signal.throwIfAborted();
    const { url } = connection;
    if (timeout.aborted) throw new UnreachableError(`Cannot reach ${url}: it does not answer.`, { cause: error });
    throw error instanceof ClientError ? error : connectionError(url, error);
  }
}

function notAttache({ url }: Connection, response: ReadResponse): ClientError {
  if (response.status < 300 || response.status === 404)
    return new ClientError(`${url} is not the address of an Attaché server. Give the address without /graphql.`);
  return responseError(url, response);
}

function parseResult<Data>(text: string): OperationResult<Data> | undefined {
  try {
    const result = JSON.parse(text);
    return result && (result.data !== undefined || Array.isArray(result.errors)) ? result : undefined;
  } catch {
    return undefined;
  }
}
