import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { SqliteConnection } from './sqlite-connection.ts';
import type { Checkpoint, WorkerReply, WorkerRequest } from './sqlite-worker.ts';

/** The thread behind `sqlite-worker.ts`. It reads and checkpoints, and never writes rows. */

/** In KiB. With half of it, counting a project of 500,000 files took four times as long. */
const CACHE_SIZE = 8192;

/** Where processors are scarce, the event loop gets three times as much of one as this thread. */
const NICE = 5;

// Elsewhere than on Linux, this would change the whole process.
if (process.platform === 'linux') setPriority(0, NICE);

let connection: SqliteConnection | undefined;

function open(): SqliteConnection {
  const opened = new SqliteConnection(workerData.path, { fileMustExist: true });
  const { database } = opened;
  database.pragma('query_only = ON');
  database.pragma(`cache_size = -${CACHE_SIZE}`);
  // A checkpoint syncs the log before it writes to the database, and the database after it.
  database.pragma('synchronous = FULL');
  return opened;
}

function answer(request: WorkerRequest): WorkerReply {
  try {
    connection ??= open();
    if (request === 'checkpoint')
      return { result: connection.database.pragma('wal_checkpoint(PASSIVE)') as [Checkpoint] };
    return { result: connection.execute(request.sql, request.values).rows };
  } catch (error) {
    // The class of an error is lost between threads.
    const code = error instanceof SqliteDatabase.SqliteError ? error.code : undefined;
    return { error: { message: String((error as Error).message), code } };
  }
}

parentPort?.on('message', (request: WorkerRequest | 'close') => {
  if (request !== 'close') return parentPort?.postMessage(answer(request));
  connection?.[Symbol.dispose]();
  parentPort?.close();
});
