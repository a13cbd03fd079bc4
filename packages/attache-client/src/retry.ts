/** Retries after temporary failures: the delays, and the loop. */
import { temporaryFailure } from './errors.ts';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 30_000;
/** The longest wait that a server can request. */
const MAX_RETRY_AFTER_MS = 300_000;
const RETRIES = 10;

/**
 * The delay before a repeated attempt, counted from 0: random, so that the clients of a server that
 * restarts do not all return at once, and at most 30 seconds.
 */
export function backoffMs(attempt: number): number {
  const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return longest * (attempt === 0 ? Math.random() : 0.5 + Math.random() / 2);
}

/**
 * The same, but at least what the error says that the server requested, of at most five minutes.
 */
export function retryDelayMs(error: unknown, attempt: number, backoff = backoffMs): number {
  const { retryAfterMs = 0 } = (error ?? {}) as { retryAfterMs?: number };
  return Math.max(backoff(attempt), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
}

/**
 * Waits. Ends early when the browser is online again, and when a hidden page is looked at: browsers
 * slow its timers down. Rejects when `signal` is aborted.
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', done);
      globalThis.document?.removeEventListener('visibilitychange', whenVisible);
      signal?.removeEventListener('abort', done);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const whenVisible = () => document.visibilityState === 'visible' && done();
    const timer = setTimeout(done, ms);
    // Node has no such events, and in some versions no such function.
    globalThis.addEventListener?.('online', done);
    globalThis.document?.addEventListener('visibilitychange', whenVisible);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}

export interface RetryOptions {
  signal?: AbortSignal | undefined;
  /** Failures in succession that are repeated: 10 unless given, which takes about a minute. */
  retries?: number | undefined;
  /** The milliseconds to wait before an attempt, counted from 0, is repeated. */
  retryDelay?: ((attempt: number) => number) | undefined;
  /**
   * Whether a repeated attempt has no further effect: true unless given. Otherwise it is repeated
   * only after a failure that shows that it was not executed.
   */
  isIdempotent?: boolean | undefined;
  /** Called before each wait. */
  onRetry?: ((error: Error, delayMs: number) => void) | undefined;
}

/**
 * Repeats an attempt until it succeeds, or fails for a reason that does not pass. The attempt calls
 * `advanced` when it got further, after which the next failure is the first again.
 */
export async function withRetry<Result>(
  attempt: (advanced: () => void) => Promise<Result>,
  { signal, retries = RETRIES, retryDelay, isIdempotent = true, onRetry }: RetryOptions = {},
): Promise<Result> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt(() => {
        failures = 0;
      });
    } catch (error) {
      signal?.throwIfAborted();
      const temporary = temporaryFailure(error);
      if (!temporary || (temporary.mayBeExecuted && !isIdempotent) || failures >= retries) throw error;
      const delayMs = retryDelayMs(error, failures, retryDelay);
      onRetry?.(error as Error, delayMs);
      await pause(delayMs, signal);
    }
  }
}
