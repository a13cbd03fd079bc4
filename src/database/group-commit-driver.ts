import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, type SqliteDialectConfig, SqliteDriver } from 'kysely';
import { DatabaseUnavailableError, InsufficientStorageError } from '../errors.ts';
import { openConnection } from './sqlite-connection.ts';

/** Transactions that share one commit at most: the more there are, the longer the first of them waits. */
const MAX_MEMBERS = 64;

/** Transactions that are committed together: each is a savepoint of one transaction of the database, so that it can fail alone. */
class Group {
  /** Those that are through. */
  members = 0;
  /** Settles when their commit is safe from a power cut, or failed for all of them. */
  readonly done = Promise.withResolvers<void>();

  constructor() {
    this.done.promise.catch(() => {}); // told to each member; there may be none
  }
}

/** The connection, in the hands of one at a time. */
interface Lease extends DatabaseConnection {
  isHeld: boolean;
  isMember: boolean;
  /** Whether it can fail without the others of its group; the first of them has none to fail for. */
  hasSavepoint: boolean;
  /** Why SQLite took back the whole transaction, if it did. */
  lost?: Error;
}

/**
 * The connection that writes. It makes commits durable off the event loop, and shares them:
 *
 * 1. A transaction begins as a savepoint of the open group, or opens one (`begin immediate`). The first is none: SQLite would keep
 *    each page as it was, in a file of its own once there are sixteen.
 * 2. When it is through, the next in line has its turn at once, in the same group. Its own commit waits.
 * 3. With nobody in line, or a full group, and no sync under way, the group is committed with `synchronous=NORMAL`, which writes
 *    the log of SQLite without a sync; then the log is synced, in another thread, and all members are told. Those that come
 *    meanwhile are the next group. The window is the sync itself: nobody waits for others on an idle server.
 *
 * Statements outside of a transaction are committed by themselves, with `synchronous=FULL`.
 * https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files says when the log itself is synced and started anew.
 */
export class GroupCommitDriver extends SqliteDriver {
  readonly #path: string;
  #db: Database | undefined;
  #log: FileHandle | undefined;
  #group: Group | undefined;
  #syncing: Promise<void> | undefined;
  #isTaken = false;
  readonly #line: (() => void)[] = [];

  constructor(path: string, config: Omit<SqliteDialectConfig, 'database'>) {
    super({
      ...config,
      database: async () => {
        this.#db = openConnection(path);
        return this.#db;
      },
    });
    this.#path = path;
  }

  /** Resolves when all that others can read is safe from a power cut. */
  async settled(): Promise<void> {
    await this.#syncing;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#takeTurn();
    const inner = await super.acquireConnection();
    const lease: Lease = {
      isHeld: true,
      isMember: false,
      hasSavepoint: false,
      executeQuery: async (query) => {
        if (lease.lost) throw lease.lost;
        // A lone statement is committed by itself, and no part of what others may still lose.
        if (!lease.isMember && this.#group) await this.#closeNow();
        try {
          return await inner.executeQuery(query);
        } catch (error) {
          const told = translateSqliteError(error);
          if (lease.isMember && !this.#database.inTransaction) this.#lose(lease, told);
          throw told;
        }
      },
      streamQuery: (query, chunkSize) => inner.streamQuery(query, chunkSize),
    };
    return lease;
  }

  override async releaseConnection(lease?: unknown): Promise<void> {
    this.#leave(lease as Lease);
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = connection as Lease;
    try {
      if (this.#group && this.#group.members >= MAX_MEMBERS) await this.#closeNow();
      lease.hasSavepoint = this.#group !== undefined;
      if (lease.hasSavepoint) {
        this.#database.prepare('savepoint member').run();
      } else {
        await this.#begin();
        this.#group = new Group();
      }
      lease.isMember = true;
    } catch (error) {
      // Kysely would never give back a connection on which this failed.
      this.#leave(lease);
      throw error;
    }
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = connection as Lease;
    if (lease.lost) throw lease.lost;
    const group = this.#group as Group;
    if (lease.hasSavepoint) this.#database.prepare('release member').run();
    lease.isMember = false;
    group.members += 1;
    this.#leave(lease);
    await group.done.promise;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = connection as Lease;
    // Gone already: with its group, or by SQLite.
    if (!lease.isMember) return;
    lease.isMember = false;
    if (lease.hasSavepoint) this.#database.exec('rollback to member; release member');
    else this.#abandon();
    this.#leave(lease);
  }

  override async destroy(): Promise<void> {
    await this.#takeTurn();
    if (this.#group) await this.#closeNow();
    await this.#syncing;
    await this.#log?.close();
    await super.destroy();
  }

  get #database(): Database {
    if (!this.#db) throw new Error('The database is not open.');
    return this.#db;
  }

  async #takeTurn(): Promise<void> {
    if (this.#isTaken) await new Promise<void>((turn) => this.#line.push(turn));
    this.#isTaken = true;
  }

  #leave(lease: Lease): void {
    if (!lease.isHeld) return;
    lease.isHeld = false;
    const next = this.#line.shift();
    if (next) {
      next();
    } else {
      this.#isTaken = false;
      this.#closeWhenCalm();
    }
  }

  #closeWhenCalm(): void {
    if (this.#group && !this.#isTaken && !this.#syncing) this.#close(this.#group);
  }

  /** For whoever has the turn. When it fulfils, another group can be opened. */
  async #closeNow(): Promise<void> {
    await this.#syncing;
    if (this.#group) this.#close(this.#group);
  }

  #close(group: Group): void {
    this.#group = undefined;
    try {
      this.#database.exec('commit');
      this.#database.pragma('synchronous = FULL');
    } catch (error) {
      this.#abandon();
      group.done.reject(translateSqliteError(error));
      return;
    }
    this.#syncing = this.#sync().then(() => {
      this.#syncing = undefined;
      group.done.resolve();
      this.#closeWhenCalm();
    });
  }

  /** Waits until others have written, however long that takes: another process may, and fails nobody by it. */
  async #begin(): Promise<void> {
    for (;;) {
      try {
        this.#database.exec('pragma synchronous = NORMAL; begin immediate');
        return;
      } catch (error) {
        this.#database.pragma('synchronous = FULL');
        if (!isBusy(error)) throw translateSqliteError(error);
        await pause(10);
      }
    }
  }

  #abandon(): void {
    this.#group = undefined;
    if (this.#database.inTransaction) this.#database.exec('rollback');
    this.#database.pragma('synchronous = FULL');
  }

  /** SQLite took back everything, as it does when the disk is full: also what others of the group had done. */
  #lose(lease: Lease, error: Error): void {
    lease.lost = error;
    lease.isMember = false;
    const group = this.#group;
    this.#abandon();
    group?.done.reject(error);
  }

  /**
   * After a sync that failed nobody can know what is on the disk, and another may claim to succeed: the process ends,
   * and the next start finds out. https://www.postgresql.org/docs/current/runtime-config-error-handling.html#GUC-DATA-SYNC-RETRY
   */
  async #sync(): Promise<void> {
    try {
      this.#log ??= await openLog(this.#path);
      await this.#log.sync();
    } catch (cause) {
      const error = new Error(`${this.#path} could not be synced: what was written may not be there.`, { cause });
      setImmediate(() => {
        throw error;
      });
      await new Promise(() => {});
    }
  }
}

/** The log that SQLite writes ahead; its name has to survive as well. */
async function openLog(path: string): Promise<FileHandle> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return open(`${path}-wal`, 'r+');
}

/** Runs one statement when the connection is made. */
export const pragma = (connection: DatabaseConnection, text: string) =>
  connection.executeQuery(CompiledQuery.raw(`pragma ${text}`));

export const isBusy = (error: unknown) =>
  error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');

/** What SQLite failed with, in our terms where a client has to know: the disk is full, or the file cannot be used now. */
export function translateSqliteError(error: unknown): Error {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error as Error;
  if (error.code.startsWith('SQLITE_FULL')) return new InsufficientStorageError({ cause: error });
  const isAway = /^SQLITE_(?:BUSY|IOERR|CANTOPEN|PROTOCOL)/.test(error.code);
  return isAway ? new DatabaseUnavailableError({ cause: error }) : error;
}
