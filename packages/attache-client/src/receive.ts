import type { Client } from 'graphql-ws';
import { OperationError, type OperationResult } from './errors.ts';
import type { SubscriptionRequest } from './subscription.ts';

/**
 * Runs a subscription on the socket, also over the connections that follow one another. Resolves
 * with whether the server has completed it: else `signal` was aborted. graphql-ws sends the same
 * object again at each new connection, so that a change of its variables takes effect there.
 */
export function receive(
  socket: Client,
  request: SubscriptionRequest,
  deliver: (result: OperationResult) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const settled = new AbortController();
  return new Promise<boolean>((resolve, reject) => {
    let refusal: OperationError | undefined;
    const unsubscribe = socket.subscribe<Record<string, unknown>>(request, {
      next: (result) => {
        // A response without `data` is a refusal. An event with an error has `data: null`.
        if (result.data === undefined && result.errors) refusal = new OperationError(result.errors);
        else if (!signal.aborted) deliver(result);
      },
      error: (error) => reject(Array.isArray(error) ? new OperationError(error) : error),
      complete: () => (refusal ? reject(refusal) : resolve(true)),
    });
    const stop = () => {
      resolve(false);
      unsubscribe();
    };
    signal.addEventListener('abort', stop, { signal: settled.signal });
  }).finally(() => settled.abort());
}
