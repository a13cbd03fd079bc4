import { setTimeout as pause } from 'node:timers/promises';
import type { Checkpoint, SqliteWorker } from './sqlite-worker.ts';

/** Pages of the log that are not in the database, from which on a checkpoint runs: 4 MiB. */
const CHECKPOINT_PAGES = 1000;
/** Pages of the log, from which on transactions wait for a checkpoint: 32 MiB. */
const MAX_LOG_PAGES = 8000;
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
  readonly #worker: SqliteWorker;
  readonly #betweenTransactions: (work: () => Promise<unknown>) => Promise<unknown>;
  #isRunning = false;

  /** `betweenTransactions` runs its work when everything is committed, and lets others wait. */
  constructor(worker: SqliteWorker, betweenTransactions: (work: () => Promise<unknown>) => Promise<unknown>) {
    this.#worker = worker;
    this.#betweenTransactions = betweenTransactions;
  }

  /** To be called after each commit, with the state of the log. */
  committed({ log, checkpointed }: Checkpoint): void {
    if (this.#isRunning || log - checkpointed < CHECKPOINT_PAGES) return;
    this.#isRunning = true;
    this.#run()
      // The log keeps what was not copied; a later commit tries again.
      .catch(() => pause(RETRY_MS, undefined, { ref: false }))
      .finally(() => {
        this.#isRunning = false;
      });
  }

  #run(): Promise<void> {
    return this.#worker.use(async (session) => {
      const { log } = await session.checkpoint();
      // Writers may have added pages since the checkpoint began, even if it copied all it knew of.
      if (log >= MAX_LOG_PAGES) await this.#betweenTransactions(() => session.checkpoint());
    });
  }
}
