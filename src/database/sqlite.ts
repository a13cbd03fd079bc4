import { setTimeout as pause } from 'node:timers/promises';
import { MikroORM } from '@mikro-orm/sqlite';
import SqliteDatabase from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, type Driver, SqliteDialect, SqliteDriver } from 'kysely';
import { Conflict } from '../errors.ts';
import { migrations } from './migrations/sqlite/index.ts';
import type { Database } from './open.ts';
import { commonParts, keepOurErrors, ormOptions } from './orm.ts';

/** Opens the SQLite database at `path`, which is created when missing. */
export async function openSqlite(path: string): Promise<Database> {
  const orm = await MikroORM.init({
    ...ormOptions(migrations),
    dbName: path,
    driverOptions: sqliteDialect(path, 'write'),
    replicas: [{ name: 'reader', dbName: path, driverOptions: sqliteDialect(path, 'read') }],
    preferReadReplicas: true,
  });
  keepOurErrors(orm);
  return {
    ...commonParts(orm),
    kind: 'sqlite',
    bell: () => ({ ring() {}, async [Symbol.asyncDispose]() {} }),
    place: path,
    async exclusively(work) {
      using _lock = lock(`${path}-migrating`, 60_000);
      return await work();
    },
    async check() {
      await orm.em.getConnection('read').execute('select 1');
    },
  };
}

/**
 * One connection writes and another reads, so that a reader never waits for a writer (WAL).
 *
 * - `synchronous=FULL`: a commit is on the disk before it is answered. NORMAL may roll back, at a power cut,
 *   what clients were already told.
 * - Transactions begin IMMEDIATE: a deferred one that reads first fails at once when another process has written
 *   in between, whatever `busy_timeout` says.
 */
function sqliteDialect(path: string, access: 'write' | 'read'): SqliteDialect {
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
  /** Waits until others have written, however long that takes: Kysely would never give back a connection on which this failed. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    for (;;) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
        return;
      } catch (error) {
        if (!isBusy(error)) throw error;
        await pause(10);
      }
    }
  }
}

const isBusy = (error: unknown) => error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');

/**
 * Lets one server at a time serve the database: its listeners would not hear of what another does. Throws `Conflict`
 * when another still does after a few seconds, which one that is being stopped may need.
 */
export function lockForServing(path: string): Disposable {
  try {
    return lock(`${path}-serving`, 5000);
  } catch (error) {
    const message = `Another server serves ${path} already. Stop it first, or give this one a DATA_DIR of its own.`;
    if (isBusy(error)) throw new Conflict(message, { cause: error });
    throw error;
  }
}

/** The lock is the operating system's, on a file, so it ends with the process that holds it, however that ends. */
function lock(path: string, patienceMs: number): Disposable {
  const file = new SqliteDatabase(path, { timeout: patienceMs });
  try {
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    throw error;
  }
  return { [Symbol.dispose]: () => file.close() };
}
