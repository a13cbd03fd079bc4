import type { OperationResult } from './errors.ts';
import type { SubscriptionSink } from './subscription.ts';

/** The results of a subscription as an iterator, which ends the subscription when it is left. */
export async function* iterateSubscription<Data>(
  subscribe: (sink: SubscriptionSink<Data>) => () => void,
  signal?: AbortSignal,
): AsyncGenerator<OperationResult<Data>, void> {
  const results: OperationResult<Data>[] = [];
  let ending: { error?: unknown } | undefined;
  let wake = () => {};
  const end = (reason: { error?: unknown }) => {
    ending ??= reason;
    wake();
  };
  const stop = () => end({});
  signal?.addEventListener('abort', stop);
  const unsubscribe = subscribe({
    next(result) {
      results.push(result);
      wake();
    },
    error: (error) => end({ error }),
    complete: stop,
  });
  try {
    while (!signal?.aborted) {
      const result = results.shift();
      if (result) yield result;
      else if (ending && 'error' in ending) throw ending.error;
      else if (ending) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    unsubscribe();
  }
}
