import { DatabaseUnavailableError } from '../errors.ts';

/**
 * An error of node-postgres; as `DatabaseUnavailableError` when PostgreSQL cannot be reached,
 * stops, or starts.
 */
export const translatePostgresError = (error: unknown): Error =>
  isUnavailable(error) ? new DatabaseUnavailableError({ cause: error }) : (error as Error);

/** Errors of a network or a socket: there is no connection, or it broke. */
const network = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOENT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN'],
]);

/**
 * Connection exceptions, shutdowns and starts, too many connections, a database that takes none, an
 * I/O error.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const sqlState = /^(?:08...|57P0[1-5]|53300|55000|58030)$/;

/** Messages of node-postgres that come without a code. */
const withoutCode =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return withoutCode.test(error.message);
  return network.has(code) || sqlState.test(code);
}
