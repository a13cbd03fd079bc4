import type { Client } from 'graphql-ws';
import { OperationError } from './errors.ts';

/** Executes a query over a WebSocket. Rejects with `OperationError` when it has errors. */
export function runQuery<Data extends Record<string, unknown>>(
  socket: Client,
  request: { query: string; variables: Record<string, unknown> },
  signal: AbortSignal,
): Promise<Data> {
  const settled = new AbortController();
  return new Promise<Data>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const unsubscribe = socket.subscribe<Data>(request, {
      next: ({ data, errors }) => (data && !errors ? resolve(data) : reject(new OperationError(errors ?? []))),
      error: (error) => reject(Array.isArray(error) ? new OperationError(error) : error),
      complete: () => reject(new OperationError([])), // without effect after a result
    });
    const stop = () => {
      unsubscribe();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { signal: settled.signal });
  }).finally(() => settled.abort());
}
