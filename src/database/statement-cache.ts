import type { Database } from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** Statements that are kept prepared. */
const MAX_PREPARED = 500;

const cacheable = /^\s*(?:select|insert|update|delete|with|savepoint|release)\b/i;

/**
 * Prepares each statement once: preparing one costs more than running it. The least recently used
 * are dropped.
 */
export function cacheStatements(database: Database): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const statement = prepared.get(sql) ?? (database.prepare(sql) as unknown as SqliteStatement);
      if (!cacheable.test(sql)) return statement;
      // The most recently used is the last in the map.
      prepared.delete(sql);
      prepared.set(sql, statement);
      const [oldest] = prepared.keys();
      if (prepared.size > MAX_PREPARED && oldest !== undefined) prepared.delete(oldest);
      return statement;
    },
    close: () => void database.close(),
  };
}
