import { Worker } from 'node:worker_threads';

/** Calls `onScan` with each statement that SQLite is to run in another thread, until disposal. */
export function watchScans(onScan: (sql: string) => void): Disposable {
  const original = Worker.prototype.postMessage;
  const watching: typeof original = function watch(this: Worker, ...message: Parameters<typeof original>) {
    const [request] = message;
    if (typeof request?.sql === 'string') onScan(request.sql);
    return original.apply(this, message);
  };
  Worker.prototype.postMessage = watching;
  return {
    [Symbol.dispose]() {
      Worker.prototype.postMessage = original;
    },
  };
}
