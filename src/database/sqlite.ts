import { stat } from 'node:fs/promises';
import { MikroORM } from '@mikro-orm/sql';
import SqliteDatabase from 'better-sqlite3';
import {
  CompiledQuery,
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
import type { Database } from './database.ts';
import { registerBarrier } from './durability.ts';
import { GroupCommitDriver } from './group-commit-driver.ts';
import { migrations } from './migrations/sqlite/index.ts';
import { type DatabaseObserver, registerObserver } from './observer.ts';
import { ormOptions, sharedDatabaseMethods } from './orm.ts';
import { registerScanner } from './scans.ts';
import { isBusy, translateSqliteError } from './sqlite-errors.ts';
import { SqliteOrmDriver } from './sqlite-orm-driver.ts';
import { SqliteWorker } from './sqlite-worker.ts';
import { cacheStatements } from './statement-cache.ts';
import { translateErrors } from './translate-errors.ts';

const MIGRATION_LOCK_MS = 60_000;
/** A server that is being stopped may need a few seconds. */
const SERVING_LOCK_MS = 5000;
/**
 * Pages of the log from which on a commit copies them itself, because no checkpoint of
 * `checkpointer.ts` could: 256 MiB.
 */
const AUTOMATIC_CHECKPOINT_PAGES = 65_536;
/** In bytes. A log that was longer is truncated when it starts again. */
const MAX_KEPT_LOG = 64 * 1024 * 1024;

/** Opens the SQLite database at `path`, which is created when missing. */
export async function openSqlite(path: string, observer: DatabaseObserver = {}): Promise<Database> {
  const worker = new SqliteWorker(path);
  const configureWriter = {
    async onCreateConnection(connection: DatabaseConnection) {
      await configure(connection);
      await pragma(connection, `wal_autocheckpoint = ${AUTOMATIC_CHECKPOINT_PAGES}`);
      await pragma(connection, `journal_size_limit = ${MAX_KEPT_LOG}`);
    },
  };
  const { began, committed } = observer;
  const writer = new GroupCommitDriver(path, worker, configureWriter, committed);
  const orm = await MikroORM.init({
    ...ormOptions(migrations),
    driver: SqliteOrmDriver,
    dbName: path,
    driverOptions: writerDialect(writer),
    replicas: [{ name: 'reader', dbName: path, driverOptions: readerDialect(path) }],
    preferReadReplicas: true,
  });
  // The driver reports commits, which several transactions share.
  if (began) registerObserver(orm.driver, { began });
  registerBarrier(orm.driver, () => writer.waitUntilDurable());
  registerScanner(orm.driver, (sql, params) => scanIn(worker, orm.driver, sql, params));
  return {
    ...sharedDatabaseMethods(orm),
    kind: 'sqlite',
    notifier: () => ({ notify() {}, async [Symbol.asyncDispose]() {} }),
    location: path,
    async withExclusiveLock(work) {
      using _lock = lock(`${path}-migrating`, MIGRATION_LOCK_MS);
      return await work();
    },
    sizeBytes: async () => (await sizeOf(path)) + (await sizeOf(`${path}-wal`)),
    async check() {
      await orm.em.getConnection('read').execute('select 1');
    },
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await orm.close(true);
    },
  };
}

/** In bytes; 0 for a file that does not exist. */
const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
};

/** Runs a statement in the thread, with the values and the errors that it has on a connection. */
async function scanIn(
  worker: SqliteWorker,
  driver: SqliteOrmDriver,
  sql: string,
  params: readonly unknown[],
): Promise<never[]> {
  const bound = bindParameters(sql, [...params]);
  if (!bound) throw new TypeError('The values of a scan have to be bound, one for each question mark.');
  driver.config.get('onQuery')(bound.sql, bound.values);
  try {
    return await worker.use((session) => session.select(bound.sql, bound.values));
  } catch (error) {
    throw driver.convertException(translateSqliteError(error));
  }
}

/**
 * One connection writes and another reads, so that a reader never waits for a writer (WAL); a
 * third, in another thread, scans. A commit is on the disk before it is acknowledged:
 * `synchronous=NORMAL` alone may lose, at a power cut, what was already acknowledged to clients.
 */
async function configure(connection: DatabaseConnection): Promise<void> {
  for (const text of ['busy_timeout = 10000', 'journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
    await pragma(connection, text);
}

const pragma = (connection: DatabaseConnection, text: string) =>
  connection.executeQuery(CompiledQuery.raw(`pragma ${text}`));

/**
 * Kysely would let a transaction wait until another's commit is done, where they can share it. The
 * driver queues them.
 */
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
        database: async () => cacheStatements(new SqliteDatabase(path)),
        async onCreateConnection(connection) {
          await configure(connection);
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

/**
 * A plain object: MikroORM copies its options, and a copy of Kysely's own dialect lacks its private
 * members.
 */
function dialectOf(createDriver: () => Driver, adapter: DialectAdapter): Dialect {
  return {
    createDriver,
    createAdapter: () => adapter,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/**
 * Lets one server at a time serve the database: the subscribers of one are not notified of what
 * another writes. Throws `ConflictError` when another server still does after a few seconds.
 */
export function lockForServing(path: string): Disposable {
  try {
    return lock(`${path}-serving`, SERVING_LOCK_MS);
  } catch (error) {
    const message = `Another server serves ${path} already. Stop it first, or give this one a DATA_DIR of its own.`;
    if (isBusy(error)) throw new ConflictError(message, { cause: error });
    throw error;
  }
}

/**
 * The lock is the operating system's, on a file, so it ends with the process that holds it, however
 * that ends.
 */
function lock(path: string, timeoutMs: number): Disposable {
  const file = new SqliteDatabase(path, { timeout: timeoutMs });
  try {
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    throw error;
  }
  return { [Symbol.dispose]: () => file.close() };
}
