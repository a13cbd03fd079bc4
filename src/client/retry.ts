import { setTimeout as delay } from 'node:timers/promises';
import { TransientError } from './errors.ts';

/** The first and the longest wait between two attempts, in milliseconds. */
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 15_000;
/** The longest wait that a server can ask for. */
const MAX_RETRY_AFTER_MS = 300_000;

export interface RetryOptions {
  signal: AbortSignal;
  /** Failures in a row after which the error is thrown; with 10, after about a minute. */
  attempts?: number;
  onRetry?(error: TransientError, delayMs: number): void;
}

/**
 * Runs a function until it does not throw a `TransientError`. It waits longer after each failure,
 * and at least as long as the server asks for. `run` calls `onProgress` when it got further, after
 * which failures are counted from the start again.
 */
export async function withRetry<Result>(
  run: (onProgress: () => void) => Promise<Result>,
  { signal, attempts = 10, onRetry }: RetryOptions,
): Promise<Result> {
  for (let failures = 0; ; ) {
    try {
      return await run(() => {
        failures = 0;
      });
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (!(error instanceof TransientError) || failures >= attempts) throw error;
      const delayMs = delayAfter(failures, error);
      onRetry?.(error, delayMs);
      await pause(delayMs, signal);
    }
  }
}

/** Doubles with each failure. A random part keeps clients of one server from returning together. */
export function delayAfter(failures: number, error: TransientError): number {
  const backoff = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.max(backoff * (0.75 + Math.random() / 4), Math.min(error.retryAfterMs, MAX_RETRY_AFTER_MS));
}

/** Waits. Throws the reason of the signal when it is aborted meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
