import { setTimeout as pause } from 'node:timers/promises';
import { Checkpointer } from './checkpointer.ts';
import { ConnectionQueue } from './connection-queue.ts';
import type { DatabaseObserver } from './observer.ts';
import type { SqliteConnection, StatementResult } from './sqlite-connection.ts';
import { isBusy, translateSqliteError } from './sqlite-errors.ts';
import type { SqliteWorker } from './sqlite-worker.ts';
import { WalFile } from './wal-file.ts';
import { beginNested, type CommittedCallback, type WriteTransaction } from './write-transaction.ts';

/**
 * Transactions of one group at most, with those that were rolled back: the more there are, the
 * longer the first of them waits.
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
  /** Transactions that began in it. */
  joined = 0;
  /** Transactions that are complete. */
  members = 0;
  /** To be called when it is committed. */
  readonly callbacks: CommittedCallback[] = [];
  /** Settles when the commit is safe from a power cut, or failed for all members. */
  readonly done = Promise.withResolvers<void>();

  constructor() {
    this.done.promise.catch(() => {}); // each member rejects with it; there may be none
  }
}

/** A transaction that holds the connection. */
interface Member {
  /** Whether it can be rolled back alone. The first of a group has no savepoint. */
  hasSavepoint: boolean;
  isOpen: boolean;
  /** To be called when it is committed. */
  callbacks: CommittedCallback[];
  /** The error with which SQLite rolled back the whole group, if any. */
  lost?: Error;
}

/**
 * The connection that writes. One transaction or statement at a time holds it; others wait. It
 * makes commits durable off the event loop, and shares them between transactions:
 *
 * 1. A transaction begins as a savepoint of the open group, or opens a group (`begin immediate`).
 *    The first member has no savepoint: for one, SQLite keeps a copy of each changed page, in a
 *    file of its own once there are sixteen.
 * 2. When it is complete, the next in the queue acquires the connection, in the same group. Its own
 *    commit waits.
 * 3. When the queue is empty or the group is full, and no sync runs, the group is committed, which
 *    writes the write-ahead log without a sync (`synchronous=NORMAL`). The log is then synced in
 *    another thread, and the commits of all members resolve. Transactions that come meanwhile are
 *    the next group. So the window of a group is the sync of the one before, and on an idle server
 *    no transaction waits for others.
 *
 * A statement outside of a transaction is a transaction of its own. After each commit
 * `checkpointer.ts` decides whether to copy the log into the database.
 */
export class GroupCommitConnection implements AsyncDisposable {
  readonly #connection: SqliteConnection;
  readonly #wal: WalFile;
  readonly #checkpointer: Checkpointer;
  #group: Group | undefined;
  #syncing: Promise<void> | undefined;
  readonly #queue = new ConnectionQueue(() => this.#commitIfIdle());
  readonly #onCommit: DatabaseObserver['committed'];

  /** Takes the connection over, which must not wait for locks itself (`busy_timeout`). */
  constructor(connection: SqliteConnection, worker: SqliteWorker, onCommit?: DatabaseObserver['committed']) {
    this.#connection = connection;
    this.#onCommit = onCommit;
    this.#wal = new WalFile(connection.database.name);
    this.#checkpointer = new Checkpointer(connection, worker, (work) => this.#betweenTransactions(work));
  }

  /** Resolves when everything that others can read is safe from a power cut. */
  async waitUntilDurable(): Promise<void> {
    await this.#syncing;
  }

  /** Waits as long as others write, however long that takes. */
  async begin(): Promise<WriteTransaction> {
    await this.#queue.acquire();
    try {
      return this.#transaction(await this.#join());
    } catch (error) {
      this.#queue.release();
      throw translateSqliteError(error);
    }
  }

  /** Executes a statement that belongs to no transaction. */
  async execute(sql: string, values: readonly unknown[]): Promise<StatementResult> {
    if (this.#isReadOnly(sql)) return this.#read(sql, values);
    const transaction = await this.begin();
    try {
      const result = transaction.execute(sql, values);
      await transaction.commit();
      return result;
    } catch (error) {
      transaction.rollback();
      throw error;
    }
  }

  /**
   * Reads what is committed, unless a transaction has begun that is not. Returns undefined then,
   * and for a statement that would change something. Throws the errors of SQLite.
   */
  readIfIdle(sql: string, values: readonly unknown[]): StatementResult | undefined {
    const isIdle = !this.#queue.isHeld && !this.#group;
    return isIdle ? this.#connection.read(sql, values) : undefined;
  }

  /** Runs the transactions that wait. Those that come later fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close();
    if (this.#group) await this.#commitNow();
    await this.#syncing;
    await this.#wal.close();
    this.#connection[Symbol.dispose]();
  }

  /** Reads what is committed: the changes of an open group are committed first. */
  async #read(sql: string, values: readonly unknown[]): Promise<StatementResult> {
    await this.#queue.acquire();
    try {
      if (this.#group) await this.#commitNow();
      return this.#connection.execute(sql, values);
    } catch (error) {
      throw translateSqliteError(error);
    } finally {
      this.#queue.release();
    }
  }

  #isReadOnly(sql: string): boolean {
    try {
      return this.#connection.isReadOnly(sql);
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  /** Begins a transaction as a member of the open group, or of a new one. */
  async #join(): Promise<Member> {
    if (this.#group && this.#group.joined >= MAX_MEMBERS) await this.#commitNow();
    const hasSavepoint = this.#group !== undefined;
    if (hasSavepoint) this.#connection.execute('savepoint member');
    const group = this.#group ?? (await this.#openGroup());
    group.joined += 1;
    return { hasSavepoint, isOpen: true, callbacks: [] };
  }

  async #openGroup(): Promise<Group> {
    for (;;) {
      try {
        this.#connection.execute('begin immediate');
        break;
      } catch (error) {
        if (!isBusy(error)) throw error;
        await pause(BUSY_RETRY_MS); // another process writes
      }
    }
    this.#group = new Group();
    return this.#group;
  }

  #transaction(member: Member): WriteTransaction {
    const execute: WriteTransaction['execute'] = (sql, values) => this.#execute(member, sql, values);
    return {
      execute,
      savepoint: () => beginNested({ execute, isOpen: () => member.isOpen }, 1),
      commit: () => this.#complete(member),
      onCommitted: (callback) => void member.callbacks.push(callback),
      rollback: () => this.#rollBack(member),
    };
  }

  #execute(member: Member, sql: string, values: readonly unknown[]): StatementResult {
    assertOpen(member);
    try {
      return this.#connection.execute(sql, values);
    } catch (cause) {
      const error = translateSqliteError(cause);
      if (!this.#connection.database.inTransaction) this.#lose(member, error);
      throw error;
    }
  }

  async #complete(member: Member): Promise<void> {
    assertOpen(member);
    if (member.hasSavepoint) this.#execute(member, 'release member', []);
    member.isOpen = false;
    const group = this.#group as Group;
    group.members += 1;
    group.callbacks.push(...member.callbacks);
    this.#queue.release();
    await group.done.promise;
  }

  #rollBack(member: Member): void {
    if (!member.isOpen) return;
    member.isOpen = false;
    try {
      if (member.lost) return;
      if (member.hasSavepoint) this.#connection.database.exec('rollback to member; release member');
      else this.#abandonGroup();
    } catch (error) {
      this.#lose(member, translateSqliteError(error)); // otherwise the group would commit its changes
    } finally {
      this.#queue.release();
    }
  }

  #commitIfIdle(): void {
    if (this.#group && !this.#queue.isHeld && !this.#syncing) this.#commit(this.#group);
  }

  /** To be called by the holder. When it fulfils, another group can be opened. */
  async #commitNow(): Promise<void> {
    await this.#syncing;
    if (this.#group) this.#commit(this.#group);
  }

  #commit(group: Group): void {
    this.#group = undefined;
    try {
      this.#connection.execute('commit');
    } catch (error) {
      group.done.reject(translateSqliteError(error));
      this.#abandonGroup();
      return;
    }
    const syncing = performance.now();
    this.#syncing = this.#wal.sync().then(() => {
      this.#syncing = undefined;
      this.#onCommit?.(group.members, performance.now() - syncing);
      group.done.resolve();
      this.#commitIfIdle();
    });
    this.#checkpointer.committed();
    for (const callback of group.callbacks) callback(group.done.promise);
  }

  /**
   * Runs `work` while everything is committed and all transactions wait. Does nothing when a
   * transaction runs for long: scans wait meanwhile, and the next commit tries again.
   */
  async #betweenTransactions(work: () => Promise<unknown>): Promise<void> {
    const acquiring = this.#queue.acquire().then(() => true);
    const isHolder = await Promise.race([acquiring, pause(MAX_PAUSE_MS, false, { ref: false })]);
    if (!isHolder)
      return void acquiring.then(
        () => this.#queue.release(),
        () => {}, // closed meanwhile
      );
    try {
      await this.#commitNow();
      await work();
    } finally {
      this.#queue.release();
    }
  }

  #abandonGroup(): void {
    this.#group = undefined;
    if (this.#connection.database.inTransaction) this.#connection.database.exec('rollback');
  }

  /**
   * SQLite rolled back everything, as it does when the disk is full: also what other members had
   * done.
   */
  #lose(member: Member, error: Error): void {
    member.lost = error;
    this.#group?.done.reject(error);
    this.#abandonGroup();
  }
}

function assertOpen(member: Member): void {
  if (member.lost) throw member.lost;
  if (!member.isOpen) throw new Error('The transaction has ended.');
}
