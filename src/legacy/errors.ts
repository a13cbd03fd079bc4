import type { Log } from '../context.ts';
import { AttacheError, type ErrorCode } from '../errors.ts';

/** The HTTP status of each error, where an older API has none of its own for it. */
export const httpStatuses: Readonly<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  REQUEST_TIMEOUT: 408,
  RATE_LIMITED: 429,
  INSUFFICIENT_STORAGE: 507,
  STORAGE_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
  CURSOR_EXPIRED: 410,
  SUBSCRIBER_TOO_SLOW: 503,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
};

/** The HTTP status of whatever a call threw: 500 for what is no error of this server's domain. */
export const statusOf = (error: unknown, statuses: Readonly<Record<ErrorCode, number>> = httpStatuses): number =>
  error instanceof AttacheError ? statuses[error.code] : 500;

/** Logs an error that only the operator can repair: the response does not name its cause. */
export function logServerError(log: Log, err: unknown, api: string): void {
  if (statusOf(err) >= 500) log.error({ err, api }, 'a call of an older API failed');
}
