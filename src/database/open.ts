import type { Database, DatabaseLocation } from './database.ts';
import type { DatabaseObserver } from './observer.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/**
 * Opens a database. Nothing is migrated yet. Throws `ConflictError` when there is none that can be
 * used.
 */
export function openDatabase(location: DatabaseLocation, observer: DatabaseObserver = {}): Promise<Database> {
  return location.kind === 'postgres' ? openPostgres(location.url, observer) : openSqlite(location.file, observer);
}
