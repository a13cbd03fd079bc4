/**
 * The errors of requests, and the one table of temporary ones. The page and the command line
 * of the server use it as well.
 */

/** An error of a GraphQL response: https://spec.graphql.org/September2025/#sec-Errors */
export interface GraphQLResponseError {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
}

/** The result of an operation, or of one event of a subscription. */
export interface OperationResult<Data = Record<string, unknown>> {
  data?: Data | null | undefined;
  errors?: readonly GraphQLResponseError[] | undefined;
  extensions?: unknown;
}

/** The server refused an operation. `code` is that of the first error, such as `NOT_FOUND`. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: string;
  /** The errors of the response; empty when a transport without GraphQL responded. */
  readonly errors: readonly GraphQLResponseError[];
  /** The milliseconds after which the server accepts a repeated operation; 0 if unknown. */
  readonly retryAfterMs: number;
  constructor(
    errors: readonly GraphQLResponseError[],
    code = codeOf(errors),
    retryAfterMs = 1000 * Number(errors[0]?.extensions?.retryAfterSeconds ?? 0),
  ) {
    super(errors.map(({ message }) => message).join(' ') || code);
    this.code = code;
    this.errors = errors;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A response with a status that is an error. */
export class HttpError extends OperationError {
  readonly status: number;
  /** `code` replaces that of the response. */
  constructor({ status, text, header }: ErrorResponse, code?: string) {
    const found = errorIn(text);
    const message = found.message ?? `The server responded with status ${status}.`;
    const known = code ?? found.code ?? codeOfStatus(status);
    super([{ message, extensions: { code: known } }], known, parseRetryAfter(header('retry-after')));
    this.status = status;
  }
}

interface ErrorResponse {
  status: number;
  text: string;
  header(name: string): string | null;
}

/** The connection was lost before the response arrived, or could not be made. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code = 'UNREACHABLE';
}

const codeOf = (errors: readonly GraphQLResponseError[]): string =>
  String(errors[0]?.extensions?.code ?? 'INTERNAL_SERVER_ERROR');

/** What is known about a failure after which the same request may succeed. */
export interface TemporaryFailure {
  /** Whether it ends by itself, as an outage does; a fault may last. */
  isOutage: boolean;
  /** Whether the request may have been executed. */
  mayBeExecuted: boolean;
}

const busy = { isOutage: true, mayBeExecuted: false };
const away = { isOutage: true, mayBeExecuted: true };

const TEMPORARY: Readonly<Record<string, TemporaryFailure>> = {
  RATE_LIMITED: busy,
  REQUEST_TIMEOUT: busy,
  SUBSCRIBER_TOO_SLOW: busy,
  UNREACHABLE: away,
  SERVICE_UNAVAILABLE: away,
  STORAGE_UNAVAILABLE: away,
  INTERNAL_SERVER_ERROR: { isOutage: false, mayBeExecuted: true },
  /** Another request is still sending to the upload, or its offset is another one. */
  UPLOAD_LOCKED: { isOutage: false, mayBeExecuted: false },
  /** The upload has expired: another one begins. */
  UPLOAD_EXPIRED: { isOutage: false, mayBeExecuted: false },
};

/** What is known about a temporary failure; undefined for one that a retry does not change. */
export function temporaryFailure(error: unknown): TemporaryFailure | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && Object.hasOwn(TEMPORARY, code) ? TEMPORARY[code] : undefined;
}

/** Codes of responses without a code, as those to `HEAD` and those of proxies. */
const CODES_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  /** A limit of the server has the code PAYLOAD_TOO_LARGE. */
  413: 'PROXY_LIMIT',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  423: 'UPLOAD_LOCKED',
  425: 'RATE_LIMITED',
  429: 'RATE_LIMITED',
  500: 'INTERNAL_SERVER_ERROR',
  501: 'NOT_IMPLEMENTED',
  503: 'SERVICE_UNAVAILABLE',
  507: 'INSUFFICIENT_STORAGE',
};

/** Proxies respond with 502, 504 and others for a server that does not. */
const codeOfStatus = (status: number): string =>
  CODES_OF_STATUS[status] ?? (status >= 500 ? 'UNREACHABLE' : 'BAD_USER_INPUT');

/** Milliseconds, of seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function parseRetryAfter(value: string | null): number {
  const ms = /^\d+$/.test(value ?? '') ? 1000 * Number(value) : Date.parse(value ?? '') - Date.now();
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

interface ErrorData {
  message?: string;
  code?: string;
  extensions?: { code?: string };
}

/** The error in a body, of GraphQL or `{ "error": { "code", "message" } }`. */
function errorIn(text: string): { code?: string | undefined; message?: string | undefined } {
  try {
    const { error, errors } = JSON.parse(text) as { error?: ErrorData; errors?: ErrorData[] };
    const { message, code, extensions } = error ?? errors?.[0] ?? {};
    return { message, code: code ?? extensions?.code };
  } catch {
    return {}; // A proxy responded with a page for people.
  }
}
