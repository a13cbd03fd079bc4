import { MikroORM } from '@mikro-orm/sqlite';
import SqliteDatabase from 'better-sqlite3';
import {
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { ConflictError } from '../errors.ts';
import { bindParameters } from './bind-parameters.ts';
import { registerBarrier } from './durability.ts';
import { GroupCommitDriver, isBusy, pragma, translateSqliteError } from './group-commit-driver.ts';
import { migrations } from './migrations/sqlite/index.ts';
import type { Database } from './open.ts';
import { ormOptions, preserveErrors, sharedDatabaseMethods } from './orm.ts';
import { openConnection } from './sqlite-connection.ts';
import { translateErrors } from './translate-errors.ts';

/** Opens the SQLite database at `path`, which is created when missing. */
export async function openSqlite(path: string): Promise<Database> {
  const writer = new GroupCommitDriver(path, { onCreateConnection: (connection) => prepare(connection) });
  const orm = await MikroORM.init({
    ...ormOptions(migrations),
    dbName: path,
    driverOptions: writerDialect(writer),
    replicas: [{ name: 'reader', dbName: path, driverOptions: readerDialect(path) }],
    preferReadReplicas: true,
  });
  preserveErrors(orm);
  for (const type of ['write', 'read'] as const)
    bindParameters(orm.driver.getConnection(type), orm.config.get('onQuery'));
  registerBarrier(orm.driver, () => writer.settled());
  return {
    ...sharedDatabaseMethods(orm),
    kind: 'sqlite',
    notifier: () => ({ notify() {}, async [Symbol.asyncDispose]() {} }),
    location: path,
    async withExclusiveLock(work) {
      using _lock = lock(`${path}-migrating`, 60_000);
      return await work();
    },
    async check() {
      await orm.em.getConnection('read').execute('select 1');
    },
  };
}

/**
 * One connection writes and another reads, so that a reader never waits for a writer (WAL). A commit is on the disk before it
 * is answered: `synchronous=NORMAL` alone may roll back, at a power cut, what clients were already told.
 */
async function prepare(connection: DatabaseConnection): Promise<void> {
  for (const text of ['busy_timeout = 10000', 'journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
    await pragma(connection, text);
}

/** Kysely would let one wait until another's commit is done, where they can share it. The driver has a line of its own. */
class SharedAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

const writerDialect = (writer: GroupCommitDriver) => dialectOf(() => writer, new SharedAdapter());

const readerDialect = (path: string) =>
  dialectOf(
    () =>
      new ReadingDriver({
        database: async () => openConnection(path),
        async onCreateConnection(connection) {
          await prepare(connection);
          await pragma(connection, 'query_only = ON');
        },
      }),
    new SqliteAdapter(),
  );

class ReadingDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    return translateErrors(await super.acquireConnection(), translateSqliteError);
  }
}

/** MikroORM copies what it is configured with, and a copy of Kysely's own class lacks its private members. */
function dialectOf(createDriver: () => Driver, adapter: DialectAdapter): Dialect {
  return {
    createDriver,
    createAdapter: () => adapter,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/**
 * Lets one server at a time serve the database: its listeners would not hear of what another does. Throws `ConflictError`
 * when another still does after a few seconds, which one that is being stopped may need.
 */
export function lockForServing(path: string): Disposable {
  try {
    return lock(`${path}-serving`, 5000);
  } catch (error) {
    const message = `Another server serves ${path} already. Stop it first, or give this one a DATA_DIR of its own.`;
    if (isBusy(error)) throw new ConflictError(message, { cause: error });
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
