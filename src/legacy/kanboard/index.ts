import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  AttacheError,
  BadUserInputError,
  boundedMessage,
  type ErrorCode,
  ForbiddenError,
  type JsonBounds,
  JsonTooComplexError,
  RateLimitedError,
  retryAfterHeader,
  UnauthenticatedError,
  UnsupportedMediaTypeError,
} from '../../errors.ts';
import type { LegacyApi, LegacyOptions, LegacyResponse } from '../api.ts';
import { assertSameSite } from '../assert-same-site.ts';
import { authenticateCaller, type Caller } from './authenticate.ts';
import { fileProcedures } from './file-procedures.ts';
import { executeRpc, MAX_BATCH_SIZE, type Procedure, RpcError } from './json-rpc.ts';
import { taskProcedures } from './task-procedures.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** What is in a body beside the largest blob. */
const JSON_OVERHEAD = 256 * 1024;
/** PHP reads no deeper; more values than these no batch needs. */
const BOUNDS: JsonBounds = { depth: 512, values: 100_000, items: MAX_BATCH_SIZE };

/** Kanboard's JSON-RPC at `/jsonrpc.php`: https://docs.kanboard.org/v1/api/ */
export function openKanboard(options: LegacyOptions): LegacyApi {
  const procedures = new Map<string, Procedure<Caller>>(
    Object.entries({ ...fileProcedures, ...taskProcedures(options) }).map(([name, procedure]) => [
      name.toLowerCase(),
      procedure,
    ]),
  );
  const limit = Math.ceil((options.limits.maxInlineSize * 4) / 3) + JSON_OVERHEAD;
  const handler = async (request: IncomingMessage, response: ServerResponse) => {
    await options.respond(request, response, await answered(request, () => response.destroyed));
  };
  const answered = async (request: IncomingMessage, isGone: () => boolean): Promise<LegacyResponse> => {
    try {
      assertNotForm(request, options);
      const { text, enter } = await read(request);
      const report = errorLogger(options);
      const answer = await executeRpc(text, {
        procedures,
        authenticate: enter,
        toRpcError: (error) => toRpcError(error, report),
        maxCharacters: options.limits.maxAnswerSize,
        isAborted: isGone,
      });
      return { status: 200, headers: JSON_TYPE, body: answer };
    } catch (error) {
      return errorResponse(error, options);
    }
  };
  /**
   * The body, read after the credentials. Kanboard tells that JSON cannot be read before it asks who sent it: of an
   * unknown sender, a small body is looked at for that.
   */
  const read = async (request: IncomingMessage) => {
    try {
      const { viewer, caller } = await authenticateCaller(request, options);
      return {
        text: await decodeText(options.readJson(request, viewer, { limit, bounds: BOUNDS })),
        enter: async () => caller,
      };
    } catch (error) {
      // One that waits to be asked for its body is told at once.
      const isLookedAt = error instanceof UnauthenticatedError && request.headers.expect === undefined;
      const body = isLookedAt ? await options.readUnauthenticated(request) : undefined;
      if (!body) throw error;
      return { text: await decodeText(body), enter: () => Promise.reject(error) };
    }
  };
  return { handlerOf: (_method, path) => (path === '/jsonrpc.php' ? handler : undefined) };
}

/**
 * Its credentials are those that browsers keep and send along. What a form of a page can send is refused by its type,
 * but for that of `curl -d`, and for what has none; those are refused when they come from a page of another site.
 * Throws `UnsupportedMediaTypeError`, `ForbiddenError`.
 */
function assertNotForm(request: IncomingMessage, { publicUrl, corsOrigins: origins }: LegacyOptions): void {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'text/plain' || type === 'multipart/form-data')
    throw new UnsupportedMediaTypeError('Send the request as application/json.');
  assertSameSite(request, { publicUrl: publicUrl(), origins });
}

/** Nothing, which cannot be read, where the bytes are no UTF-8, or JSON that PHP would not read. */
async function decodeText(body: Buffer | Promise<Buffer>): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await body);
  } catch (error) {
    const isUnreadable =
      error instanceof JsonTooComplexError ? error.bound === 'depth' : error instanceof BadUserInputError;
    if (isUnreadable || error instanceof TypeError) return '';
    throw error;
  }
}

/** Logs each cause once, however many requests of a batch fail by it. */
function errorLogger({ log }: LegacyOptions): (error: unknown) => void {
  const reported = new Set<string>();
  return (err) => {
    const cause = String(err);
    if (!reported.has(cause)) log.error({ err }, 'a call of Kanboard failed');
    reported.add(cause);
  };
}

/** What the operator has to mend. */
const operatorsOwn: ReadonlySet<ErrorCode> = new Set(['STORAGE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);

/** What is told of one request that failed. Who may not do a thing is told by HTTP, for all of them. */
function toRpcError(error: unknown, report: (error: unknown) => void): RpcError {
  if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) throw error;
  if (error instanceof AttacheError && !operatorsOwn.has(error.code)) return new RpcError(-32000, error.message);
  report(error);
  return new RpcError(-32603, 'Internal error');
}

const statuses: Partial<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  REQUEST_TIMEOUT: 408,
};

/** Errors that end the whole of a request, in a batch as well. */
function errorResponse(error: unknown, { log }: LegacyOptions): LegacyResponse {
  if (error instanceof UnauthenticatedError) {
    const headers = { ...JSON_TYPE, 'www-authenticate': 'Basic realm="JsonRPC"' };
    return { status: 401, headers, body: encodeError(401, 'Unauthorized') };
  }
  if (error instanceof ForbiddenError) return { status: 403, headers: JSON_TYPE, body: encodeError(403, 'Forbidden') };
  if (error instanceof JsonTooComplexError && error.bound === 'items')
    return { status: 200, headers: JSON_TYPE, body: encodeError(-32600, 'Invalid Request', error.message) };
  const status = error instanceof AttacheError ? statuses[error.code] : undefined;
  if (error instanceof RateLimitedError) {
    const headers = { ...JSON_TYPE, ...retryAfterHeader(error) };
    return { status: 429, headers, body: encodeError(-32000, error.message) };
  }
  if (status) return { status, headers: JSON_TYPE, body: encodeError(-32000, (error as AttacheError).message) };
  log.error({ err: error }, 'a call of Kanboard failed');
  return { status: 500, headers: JSON_TYPE, body: encodeError(-32603, 'Internal error') };
}

const encodeError = (code: number, message: string, data?: string) =>
  JSON.stringify({ jsonrpc: '2.0', error: { code, message: boundedMessage(message), data }, id: null });
