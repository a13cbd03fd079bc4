import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Statement } from 'better-sqlite3';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { Checkpoint, SqliteWorker } from './sqlite-worker.ts';

/** Pages of the log that are not in the database, from which on a checkpoint runs: 4 MiB. */
const CHECKPOINT_PAGES = 1000;
/** Pages of the log, from which on transactions wait for a checkpoint: 32 MiB. */
const MAX_LOG_PAGES = 8000;
/** How often the length of the log is read at most. A later commit finds what others have added. */
const READ_MS = 10;
/** After a checkpoint that failed. */
const RETRY_MS = 1000;

/**
 * Copies the write-ahead log into the database, in another thread. SQLite itself would do so in the
 * commit that makes the log long enough, on the event loop.
 *
 * 1. When the log has grown by `CHECKPOINT_PAGES`, it is copied while others read and write. The
 *    next write starts the log from its beginning, if all of it was copied by then.
 * 2. Writers that never pause add to the log meanwhile, and it would grow without bound. When it has
 *    `MAX_LOG_PAGES`, the rest is copied while no transaction runs, which takes milliseconds: the
 *    log is short again with the next write.
 *
 * A scan in progress holds the log at its place, so both steps run between two scans.
 * https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files
 */
export class Checkpointer {
  readonly #database: Database;
  readonly #worker: SqliteWorker;
  readonly #betweenTransactions: (work: () => Promise<unknown>) => Promise<unknown>;
  #state: Statement<[], Checkpoint> | undefined;
  #isRunning = false;
  #readAt = 0;

  /**
   * `connection` is the one that writes. `betweenTransactions` runs its work when everything is
   * committed, and lets others wait.
   */
  constructor(
    { database }: SqliteConnection,
    worker: SqliteWorker,
    betweenTransactions: (work: () => Promise<unknown>) => Promise<unknown>,
  ) {
    this.#database = database;
    this.#worker = worker;
    this.#betweenTransactions = betweenTransactions;
  }

  /** To be called after each commit. Never throws: the commit is done. */
  committed(): void {
    const now = performance.now();
    if (this.#isRunning || now - this.#readAt < READ_MS) return;
    this.#readAt = now;
    if (this.#pagesToCopy() < CHECKPOINT_PAGES) return;
    this.#isRunning = true;
    this.#run()
      // The log keeps what was not copied; a later commit tries again.
      .catch(() => pause(RETRY_MS, undefined, { ref: false }))
      .finally(() => {
        this.#isRunning = false;
      });
  }

  /** Pages of the log that are not in the database, read without a checkpoint. */
  #pagesToCopy(): number {
    try {
      this.#state ??= this.#database.prepare('pragma wal_checkpoint(NOOP)');
      const { log, checkpointed } = this.#state.get() as Checkpoint;
      return log - checkpointed;
    } catch {
      return 0; // It is read again after the next commit.
    }
  }

  #run(): Promise<void> {
    return this.#worker.use(async (session) => {
      const { log } = await session.checkpoint();
      // Writers may have added pages since the checkpoint began, even if it copied all it knew of.
      if (log >= MAX_LOG_PAGES) await this.#betweenTransactions(() => session.checkpoint());
    });
  }
}
