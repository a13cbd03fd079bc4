import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
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
import { httpStatuses } from '../../http-status.ts';
import type { LegacyApi, LegacyOptions, LegacyResponse } from '../api.ts';
import { assertSameSite } from '../assert-same-site.ts';
import { authenticateCaller, type Caller } from './authenticate.ts';
import { fileProcedures } from './file-procedures.ts';
import { executeRpc, MAX_BATCH_SIZE, type Procedure, RpcError } from './json-rpc.ts';
import { taskProcedures } from './task-procedures.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** Bytes of a body besides the largest blob. */
const JSON_OVERHEAD = 256 * 1024;
/** PHP's `json_decode` reads no deeper; a full batch has fewer values. */
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
    await options.respond(request, response, await handle(request, () => response.destroyed));
  };
  const handle = async (request: IncomingMessage, isAborted: () => boolean): Promise<LegacyResponse> => {
    try {
      assertNotForm(request, options);
      const { text, enter, viewer } = await read(request);
      const report = errorLogger(options);
      const body = await executeRpc(text, {
        procedures,
        authenticate: enter,
        countRequest: requestCounter(request, viewer, options),
        toRpcError: (error) => toRpcError(error, report),
        maxCharacters: options.limits.maxAnswerSize,
        isAborted: isAborted,
      });
      return { status: 200, headers: JSON_TYPE, body };
    } catch (error) {
      return errorResponse(error, options);
    }
  };
  /**
   * Authenticates, then reads the body. Kanboard reports unreadable JSON before it checks
   * credentials: a small body of an unknown sender is parsed for that.
   */
  const read = async (request: IncomingMessage) => {
    try {
      const { viewer, caller } = await authenticateCaller(request, options);
      return {
        text: await decodeText(options.readJson(request, viewer, { limit, bounds: BOUNDS })),
        enter: async () => caller,
        viewer,
      };
    } catch (error) {
      // With `Expect: 100-continue` the client has not sent its body yet.
      const canRead = error instanceof UnauthenticatedError && request.headers.expect === undefined;
      const body = canRead ? await options.readUnauthenticated(request) : undefined;
      if (!body) throw error;
      return { text: await decodeText(body), enter: () => Promise.reject(error), viewer: undefined };
    }
  };
  return { handlerOf: (_method, path) => (path === '/jsonrpc.php' ? handler : undefined) };
}

/**
 * Rejects requests that a page of another site can make (CSRF): browsers remember Basic credentials
 * and send them along. Types that only forms have are rejected always; the type of `curl -d`, or
 * none, only if another site sent it. Throws `UnsupportedMediaTypeError` and `ForbiddenError`.
 */
function assertNotForm(request: IncomingMessage, { publicUrl, corsOrigins: origins }: LegacyOptions): void {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'text/plain' || type === 'multipart/form-data')
    throw new UnsupportedMediaTypeError('Send the request as application/json.');
  assertSameSite(request, { publicUrl: publicUrl(), origins });
}

/**
 * The text of a body; empty, which is a parse error, if it is not UTF-8 or PHP could not read it.
 */
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

/**
 * Counts the requests of a batch after the first as requests of their own. Beyond a rate, all that
 * follow are refused without being counted, so that one batch makes one line in the log.
 */
function requestCounter(request: IncomingMessage, viewer: Viewer | undefined, { countRequest }: LegacyOptions) {
  let refusal: RateLimitedError | undefined;
  return () => {
    if (refusal) throw refusal;
    try {
      if (viewer) countRequest(request, viewer);
    } catch (error) {
      if (error instanceof RateLimitedError) refusal = error;
      throw error;
    }
  };
}

/** Logs each cause once for a batch, however many of its requests fail by it. */
function errorLogger({ log }: LegacyOptions): (error: unknown) => void {
  const reported = new Set<string>();
  return (err) => {
    const cause = String(err);
    if (!reported.has(cause)) log.error({ err, api: 'Kanboard' }, 'a call of an older API failed');
    reported.add(cause);
  };
}

/** Errors that only the operator can repair. They are logged, and clients get an internal error. */
const internalErrors: ReadonlySet<ErrorCode> = new Set(['STORAGE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);

/**
 * The error of one request. Rethrows authorization errors, which are HTTP errors of the whole
 * batch.
 */
function toRpcError(error: unknown, report: (error: unknown) => void): RpcError {
  if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) throw error;
  if (error instanceof AttacheError && !internalErrors.has(error.code)) return new RpcError(-32000, error.message);
  report(error);
  return new RpcError(-32603, 'Internal error');
}

/** Errors of a whole request that keep their message. Any other is an internal error. */
const requestErrors: ReadonlySet<ErrorCode> = new Set([
  'BAD_USER_INPUT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'REQUEST_TIMEOUT',
  'RATE_LIMITED',
]);

/** Encodes an error of the whole request, also of a batch. */
function errorResponse(error: unknown, { log }: LegacyOptions): LegacyResponse {
  if (error instanceof UnauthenticatedError) {
    const headers = { ...JSON_TYPE, 'www-authenticate': 'Basic realm="JsonRPC"' };
    return { status: 401, headers, body: encodeError(401, 'Unauthorized') };
  }
  if (error instanceof ForbiddenError) return { status: 403, headers: JSON_TYPE, body: encodeError(403, 'Forbidden') };
  if (error instanceof JsonTooComplexError && error.bound === 'items')
    return { status: 200, headers: JSON_TYPE, body: encodeError(-32600, 'Invalid Request', error.message) };
  if (error instanceof AttacheError && requestErrors.has(error.code)) {
    const headers = { ...JSON_TYPE, ...retryAfterHeader(error) };
    return { status: httpStatuses[error.code], headers, body: encodeError(-32000, error.message) };
  }
  log.error({ err: error, api: 'Kanboard' }, 'a call of an older API failed');
  return { status: 500, headers: JSON_TYPE, body: encodeError(-32603, 'Internal error') };
}

const encodeError = (code: number, message: string, data?: string) =>
  JSON.stringify({ jsonrpc: '2.0', error: { code, message: boundedMessage(message), data }, id: null });
