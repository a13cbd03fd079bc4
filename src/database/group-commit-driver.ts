import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase, { type Database, type Statement } from 'better-sqlite3';
import { type CompiledQuery, type DatabaseConnection, type SqliteDialectConfig, SqliteDriver } from 'kysely';
import { Checkpointer } from './checkpointer.ts';
import type { DatabaseObserver } from './observer.ts';
import { isBusy, translateSqliteError } from './sqlite-errors.ts';
import type { Checkpoint, SqliteWorker } from './sqlite-worker.ts';
import { cacheStatements } from './statement-cache.ts';
import { WalFile } from './wal-file.ts';

/**
 * Transactions that share one commit at most: the more there are, the longer the first of them
 * waits.
 */
const MAX_MEMBERS = 64;
const BUSY_RETRY_MS = 10;
/** How long a checkpoint waits for a moment without transactions. */
const MAX_PAUSE_MS = 100;

/**
 * Transactions that are committed together. Each is a savepoint of one transaction of SQLite, so
 * that it can fail alone.
 */
class Group {
  /** Transactions that are complete. */
  members = 0;
  /** Settles when the commit is safe from a power cut, or failed for all members. */
  readonly done = Promise.withResolvers<void>();

  constructor() {
    this.done.promise.catch(() => {}); // each member rejects with it; there may be none
  }
}

/** The connection, held by one transaction or statement at a time. */
interface Lease extends DatabaseConnection {
  isHeld: boolean;
  isMember: boolean;
  /** Whether it can be rolled back alone. The first of a group has no savepoint. */
  hasSavepoint: boolean;
  /** The error with which SQLite rolled back the whole group, if any. */
  lost?: Error;
}

/**
 * The connection that writes. It makes commits durable off the event loop, and shares them between
 * transactions:
 *
 * 1. A transaction begins as a savepoint of the open group, or opens a group (`begin immediate`).
 *    The first member has no savepoint: for one, SQLite keeps a copy of each changed page, in a
 *    file of its own once there are sixteen.
 * 2. When it is complete, the next in the queue acquires the connection, in the same group. Its own
 *    commit waits.
 * 3. When the queue is empty or the group is full, and no sync runs, the group is committed with
 *    `synchronous=NORMAL`, which writes the write-ahead log without a sync. The log is then synced
 *    in another thread, and the commits of all members resolve. Transactions that come meanwhile
 *    are the next group. So the window of a group is the sync of the one before, and on an idle
 *    server no transaction waits for others.
 *
 * Statements outside of a transaction are committed by themselves, with `synchronous=FULL`. After
 * each commit `checkpointer.ts` decides whether to copy the log into the database.
 */
export class GroupCommitDriver extends SqliteDriver {
  readonly #wal: WalFile;
  readonly #checkpointer: Checkpointer;
  #db: Database | undefined;
  #logState: Statement<[], Checkpoint> | undefined;
  #group: Group | undefined;
  #syncing: Promise<void> | undefined;
  #isHeld = false;
  readonly #queue: (() => void)[] = [];
  readonly #onCommit: DatabaseObserver['committed'];

  constructor(
    path: string,
    worker: SqliteWorker,
    config: Omit<SqliteDialectConfig, 'database'>,
    onCommit?: DatabaseObserver['committed'],
  ) {
    super({
      ...config,
      database: async () => {
        this.#db = new SqliteDatabase(path);
        return cacheStatements(this.#db);
      },
    });
    this.#onCommit = onCommit;
    this.#wal = new WalFile(path);
    this.#checkpointer = new Checkpointer(worker, (work) => this.#betweenTransactions(work));
  }

  /** Resolves when everything that others can read is safe from a power cut. */
  async waitUntilDurable(): Promise<void> {
    await this.#syncing;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#acquire();
    const inner = await super.acquireConnection();
    const lease: Lease = {
      isHeld: true,
      isMember: false,
      hasSavepoint: false,
      executeQuery: async <Row>(query: CompiledQuery) => {
        if (lease.lost) throw lease.lost;
        // A lone statement is committed by itself: what others may still lose is committed before
        // it.
        if (!lease.isMember && this.#group) await this.#commitNow();
        try {
          const result = await inner.executeQuery<Row>(query);
          if (!lease.isMember) this.#committed();
          return result;
        } catch (cause) {
          const error = translateSqliteError(cause);
          if (lease.isMember && !this.#database.inTransaction) this.#lose(lease, error);
          throw error;
        }
      },
      streamQuery: (query, chunkSize) => inner.streamQuery(query, chunkSize),
    };
    return lease;
  }

  override async releaseConnection(lease?: unknown): Promise<void> {
    this.#release(lease as Lease);
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = connection as Lease;
    try {
      if (this.#group && this.#group.members >= MAX_MEMBERS) await this.#commitNow();
      lease.hasSavepoint = this.#group !== undefined;
      if (lease.hasSavepoint) {
        this.#database.exec('savepoint member');
      } else {
        await this.#begin();
        this.#group = new Group();
      }
      lease.isMember = true;
    } catch (error) {
      // Kysely never releases a connection on which this failed.
      this.#release(lease);
      throw error;
    }
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = connection as Lease;
    if (lease.lost) throw lease.lost;
    const group = this.#group as Group;
    if (lease.hasSavepoint) this.#database.exec('release member');
    lease.isMember = false;
    group.members += 1;
    this.#release(lease);
    await group.done.promise;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const lease = connection as Lease;
    // Rolled back already: with its group, or by SQLite.
    if (!lease.isMember) return;
    lease.isMember = false;
    if (lease.hasSavepoint) this.#database.exec('rollback to member; release member');
    else this.#abandonGroup();
    this.#release(lease);
  }

  override async destroy(): Promise<void> {
    await this.#acquire();
    if (this.#group) await this.#commitNow();
    await this.#syncing;
    await this.#wal.close();
    await super.destroy();
  }

  get #database(): Database {
    if (!this.#db) throw new Error('The database is not open.');
    return this.#db;
  }

  async #acquire(): Promise<void> {
    if (this.#isHeld) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#isHeld = true;
  }

  #release(lease: Lease): void {
    if (!lease.isHeld) return;
    lease.isHeld = false;
    const next = this.#queue.shift();
    if (next) {
      next();
    } else {
      this.#isHeld = false;
      this.#commitIfIdle();
    }
  }

  #commitIfIdle(): void {
    if (this.#group && !this.#isHeld && !this.#syncing) this.#commit(this.#group);
  }

  /** To be called by the holder. When it fulfils, another group can be opened. */
  async #commitNow(): Promise<void> {
    await this.#syncing;
    if (this.#group) this.#commit(this.#group);
  }

  #commit(group: Group): void {
    this.#group = undefined;
    try {
      this.#database.exec('commit');
      this.#database.pragma('synchronous = FULL');
    } catch (error) {
      this.#abandonGroup();
      group.done.reject(translateSqliteError(error));
      return;
    }
    this.#committed();
    const syncing = performance.now();
    this.#syncing = this.#wal.sync().then(() => {
      this.#syncing = undefined;
      this.#onCommit?.(group.members, performance.now() - syncing);
      group.done.resolve();
      this.#commitIfIdle();
    });
  }

  /** Reads the state of the log without a checkpoint. */
  #committed(): void {
    try {
      this.#logState ??= this.#database.prepare('pragma wal_checkpoint(NOOP)');
      this.#checkpointer.committed(this.#logState.get() as Checkpoint);
    } catch {
      // The commit is done. The state is read again after the next one.
    }
  }

  /**
   * Runs `work` while everything is committed and all transactions wait. Does nothing when a
   * transaction runs for long: scans wait meanwhile, and the next commit tries again.
   */
  async #betweenTransactions(work: () => Promise<unknown>): Promise<void> {
    const acquiring = this.acquireConnection();
    const lease = await Promise.race([acquiring, pause(MAX_PAUSE_MS, undefined, { ref: false })]);
    if (!lease) {
      acquiring.then((late) => this.releaseConnection(late)).catch(() => {});
      return;
    }
    try {
      await this.#commitNow();
      await work();
    } finally {
      await this.releaseConnection(lease);
    }
  }

  /** Waits as long as another process writes, however long that takes. */
  async #begin(): Promise<void> {
    for (;;) {
      try {
        this.#database.exec('pragma synchronous = NORMAL; begin immediate');
        return;
      } catch (error) {
        this.#database.pragma('synchronous = FULL');
        if (!isBusy(error)) throw translateSqliteError(error);
        await pause(BUSY_RETRY_MS);
      }
    }
  }

  #abandonGroup(): void {
    this.#group = undefined;
    if (this.#database.inTransaction) this.#database.exec('rollback');
    this.#database.pragma('synchronous = FULL');
  }

  /**
   * SQLite rolled back everything, as it does when the disk is full: also what other members had
   * done.
   */
  #lose(lease: Lease, error: Error): void {
    lease.lost = error;
    lease.isMember = false;
    const group = this.#group;
    this.#abandonGroup();
    group?.done.reject(error);
  }
}
