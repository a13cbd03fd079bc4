import { open, stat } from 'node:fs/promises';
import { MikroORM } from '@mikro-orm/sql';
import SqliteDatabase from 'better-sqlite3';
import { ConflictError } from '../errors.ts';
import { bindParameters } from './bind-parameters.ts';
import type { Database } from './database.ts';
import { registerDurability } from './durability.ts';
import { GroupCommitConnection } from './group-commit-connection.ts';
import { migrations } from './migrations/sqlite/index.ts';
import { type DatabaseObserver, registerObserver } from './observer.ts';
import { ormOptions, sharedDatabaseMethods } from './orm.ts';
import { registerScanner } from './scans.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { isBusy, translateSqliteError } from './sqlite-errors.ts';
import { sqliteOrmDriver } from './sqlite-orm-driver.ts';
import { SqliteWorker } from './sqlite-worker.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** https://www.sqlite.org/fileformat.html#magic_header_string */
const HEADER = 'SQLite format 3\0';
const MIGRATION_LOCK_MS = 60_000;
/** How long opening waits for another process that holds the whole database. */
const OPEN_TIMEOUT_MS = 10_000;
/** A server that is being stopped may need a few seconds. */
const SERVING_LOCK_MS = 5000;
/**
 * Pages of the log from which on a commit copies them itself, because no checkpoint of
 * `checkpointer.ts` could: 256 MiB.
 */
const AUTOMATIC_CHECKPOINT_PAGES = 65_536;
/** In bytes. A log that was longer is truncated when it starts again. */
const MAX_KEPT_LOG = 64 * 1024 * 1024;

/**
 * Opens the SQLite database at `path`, which is created when missing. One connection writes and
 * another reads, so that a reader never waits for a writer (WAL); a third, in another thread,
 * scans.
 */
export async function openSqlite(path: string, { began, committed }: DatabaseObserver = {}): Promise<Database> {
  await using stack = new AsyncDisposableStack();
  const worker = new SqliteWorker(path);
  const writer = stack.use(new GroupCommitConnection(openWriter(path), worker, committed));
  const reader = stack.use(openReader(path));
  const orm = await MikroORM.init({
    ...ormOptions(migrations),
    driver: sqliteOrmDriver({ writer, reader }),
    dbName: path,
    replicas: [{ name: 'reader', dbName: path }],
    preferReadReplicas: true,
  });
  stack.defer(() => orm.close(true));
  stack.use(worker);
  // The connection reports commits, which several transactions share.
  if (began) registerObserver(orm.driver, { began });
  registerDurability(orm.driver, {
    waitUntilDurable: () => writer.waitUntilDurable(),
    onCommitted: (transaction, callback) => (transaction as WriteTransaction).onCommitted?.(callback),
  });
  registerScanner(orm.driver, (sql, params) => scanIn(worker, orm, sql, params));
  const opened = stack.move();
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
      await assertReadable(path);
      reader.execute('select id from users limit 1');
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Reads the file itself: a statement may find all that it needs in the memory of SQLite. */
async function assertReadable(path: string): Promise<void> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
  if (buffer.toString('latin1') !== HEADER) throw new Error(`${path} is not a database of SQLite.`);
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
  { driver, config }: MikroORM,
  sql: string,
  params: readonly unknown[],
): Promise<never[]> {
  const bound = bindParameters(sql, [...params]);
  if (!bound) throw new TypeError('The values of a scan have to be bound, one for each question mark.');
  config.get('onQuery')(bound.sql, bound.values);
  try {
    return await worker.use((session) => session.select(bound.sql, bound.values));
  } catch (error) {
    throw driver.convertException(translateSqliteError(error));
  }
}

/**
 * The connection that writes. It syncs no commit itself, and does not wait for another process that
 * writes: both would stop the event loop. `GroupCommitConnection` does so.
 */
function openWriter(path: string): SqliteConnection {
  return connect(path, [
    'synchronous = NORMAL',
    `wal_autocheckpoint = ${AUTOMATIC_CHECKPOINT_PAGES}`,
    `journal_size_limit = ${MAX_KEPT_LOG}`,
    'busy_timeout = 0',
  ]);
}

const openReader = (path: string): SqliteConnection => connect(path, ['query_only = ON']);

function connect(path: string, pragmas: readonly string[]): SqliteConnection {
  using stack = new DisposableStack();
  const connection = stack.use(new SqliteConnection(path));
  const all = [`busy_timeout = ${OPEN_TIMEOUT_MS}`, 'journal_mode = WAL', 'foreign_keys = ON', ...pragmas];
  try {
    for (const pragma of all) connection.database.pragma(pragma);
  } catch (error) {
    throw translateSqliteError(error);
  }
  stack.move();
  return connection;
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
