import type { Log } from '../context.ts';
import { AttacheError, type ErrorCode } from '../errors.ts';
import { httpStatuses } from '../http-status.ts';

/** The HTTP status of whatever a call threw: 500 for what is no error of this server's domain. */
export const statusOf = (error: unknown, statuses: Readonly<Record<ErrorCode, number>> = httpStatuses): number =>
  error instanceof AttacheError ? statuses[error.code] : 500;

/** Logs an error that only the operator can repair: the response does not name its cause. */
export function logServerError(log: Log, err: unknown, api: string): void {
  if (statusOf(err) >= 500) log.error({ err, api }, 'a call of an older API failed');
}
