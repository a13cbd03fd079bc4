import SqliteDatabase from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, type Driver, SqliteDialect, SqliteDriver } from 'kysely';

/**
 * One connection writes and another reads, so that a reader never waits for a writer (WAL).
 *
 * - `synchronous=FULL`: a commit is on the disk before it is answered. NORMAL may roll back, at a power cut,
 *   what clients were already told.
 * - Transactions begin IMMEDIATE: a deferred one that reads first fails at once when another process has written
 *   in between, whatever `busy_timeout` says.
 */
export function sqliteDialect(path: string, access: 'write' | 'read'): SqliteDialect {
  const config = {
    database: async () => new SqliteDatabase(path),
    async onCreateConnection(connection: DatabaseConnection) {
      for (const pragma of [
        'busy_timeout = 10000',
        'journal_mode = WAL',
        'synchronous = FULL',
        'foreign_keys = ON',
        ...(access === 'read' ? ['query_only = ON'] : []),
      ]) {
        await connection.executeQuery(CompiledQuery.raw(`pragma ${pragma}`));
      }
    },
  };
  return new (class extends SqliteDialect {
    override createDriver(): Driver {
      return new ImmediateSqliteDriver(config);
    }
  })(config);
}

class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/**
 * Lets one process at a time bring the tables up to date; others wait for it. The lock is the operating system's, on a
 * file beside the database, so it ends with the process that holds it, however that ends.
 */
export function lockForMigration(path: string): Disposable {
  const lock = new SqliteDatabase(`${path}-migrating`, { timeout: 60_000 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw error;
  }
  return { [Symbol.dispose]: () => lock.close() };
}
