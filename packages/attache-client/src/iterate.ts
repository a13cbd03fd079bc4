import type { OperationResult } from './errors.ts';
import type { SubscriptionSink } from './subscription.ts';

export interface IterateOptions {
  /** Ends the loop. */
  signal?: AbortSignal | undefined;
  /** How many results may wait for the loop before the subscription pauses: 1,000 unless given. */
  maxWaiting?: number | undefined;
}

const MAX_WAITING = 1000;

/** A subscription that can be paused; it resumes after its last result. */
interface PausableSubscription {
  pause(): void;
  resume(): void;
  stop(): void;
}

/** The results of a subscription as an iterator, which ends the subscription when it is left. */
export async function* iterateSubscription<Data>(
  start: (sink: SubscriptionSink<Data>) => PausableSubscription,
  { signal, maxWaiting = MAX_WAITING }: IterateOptions = {},
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
  const subscription = start({
    next(result) {
      results.push(result);
      if (results.length >= maxWaiting) subscription.pause();
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
      else {
        subscription.resume();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    subscription.stop();
  }
}
