import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { DatabaseUnavailableError } from '../errors.ts';

const script = new URL(
  import.meta.url.endsWith('.ts') ? './sqlite-worker-thread.ts' : './sqlite-worker-thread.js',
  import.meta.url,
);

/** The heap of the thread, which holds the rows of one statement, in MiB. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** A statement that reads rows, or a checkpoint of the write-ahead log. */
export type WorkerRequest = { sql: string; values: readonly unknown[] } | 'checkpoint';

/** What came of it; `code` is the one of SQLite. */
export type WorkerReply = { result: unknown[] } | { error: { message: string; code: string | undefined } };

/**
 * The pages of the write-ahead log, and how many of them are in the database as well; -1 where
 * another connection prevented the answer.
 */
export interface Checkpoint {
  log: number;
  checkpointed: number;
}

/** Sends requests to the thread, while no one else does. */
export interface WorkerSession {
  select<Found>(sql: string, values: readonly unknown[]): Promise<Found[]>;
  checkpoint(): Promise<Checkpoint>;
}

/**
 * Another thread with a connection of its own, for what takes longer than the event loop may stand
 * still: scans and checkpoints, one at a time. It starts with its first request. A thread that dies
 * fails the request under way with `DatabaseUnavailableError`, and the next request starts another.
 */
export class SqliteWorker implements AsyncDisposable {
  readonly #path: string;
  #worker: Worker | undefined;
  /** Settles when the last requested session has ended. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  readonly #session: WorkerSession = {
    select: async (sql, values) => (await this.#send({ sql, values })) as never[],
    checkpoint: async () => (await this.#send('checkpoint'))[0] as Checkpoint,
  };

  /** `path` is that of the database, whose file exists when the first request is sent. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Runs `work` when all earlier work is done. */
  async use<Result>(work: (session: WorkerSession) => Promise<Result>): Promise<Result> {
    const running = this.#last.then(() => work(this.#session));
    this.#last = running.catch(() => {});
    return running;
  }

  /** Waits for the request under way, which nothing can interrupt; later ones fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    const worker = this.#worker;
    if (!worker) return;
    const ended = once(worker, 'exit');
    worker.ref();
    worker.postMessage('close');
    await ended;
  }

  async #send(request: WorkerRequest): Promise<unknown[]> {
    if (this.#isClosed) throw new DatabaseUnavailableError({ cause: new Error('The database is being closed.') });
    this.#worker ??= this.#start();
    const reply = await replyOf(this.#worker, request);
    if ('result' in reply) return reply.result;
    const { message, code } = reply.error;
    throw code === undefined ? new Error(message) : new SqliteDatabase.SqliteError(message, code);
  }

  #start(): Worker {
    const worker = new Worker(script, {
      workerData: { path: this.#path },
      // The environment of the server has secrets, and its options are for the main thread.
      ...{ env: cacheOfCode(), execArgv: [], resourceLimits: HEAP },
    });
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    worker.once('error', forget).once('exit', forget).unref();
    return worker;
  }
}

/** With it, the thread starts from sources in half the time. */
function cacheOfCode(): Record<string, string> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** Keeps the process running until the reply. */
async function replyOf(worker: Worker, request: WorkerRequest): Promise<WorkerReply> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerReply>();
  const onError = (cause: unknown) => reject(new DatabaseUnavailableError({ cause }));
  const onExit = (code: number) => onError(new Error(`The thread of the database ended with ${code}.`));
  worker.once('message', resolve).once('error', onError).once('exit', onExit).ref();
  worker.postMessage(request);
  try {
    return await promise;
  } finally {
    worker.off('message', resolve).off('error', onError).off('exit', onExit).unref();
  }
}
