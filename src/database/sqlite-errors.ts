import SqliteDatabase from 'better-sqlite3';
import { DatabaseUnavailableError, InsufficientStorageError } from '../errors.ts';

/** Whether another connection holds the lock that a statement needs. */
export const isBusy = (error: unknown) =>
  error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');

/**
 * Translates errors of SQLite that clients can react to: a full disk, or a file that cannot be used
 * now.
 */
export function translateSqliteError(error: unknown): Error {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error as Error;
  if (error.code.startsWith('SQLITE_FULL')) return new InsufficientStorageError({ cause: error });
  const isUnavailable = /^SQLITE_(?:BUSY|IOERR|CANTOPEN|PROTOCOL)/.test(error.code);
  return isUnavailable ? new DatabaseUnavailableError({ cause: error }) : error;
}
