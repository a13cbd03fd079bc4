const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 30_000;

/**
 * The delay before a repeated attempt, counted from 0: random, so that the clients of a server that
 * restarts do not all reconnect at once, and at most 30 seconds.
 */
export function backoffMs(attempt: number): number {
  const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return longest * (attempt === 0 ? Math.random() : 0.5 + Math.random() / 2);
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
