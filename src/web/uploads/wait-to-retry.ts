const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/** The delay before a repeated attempt, counted from 0. Random, so that clients come back apart. */
export function retryDelayMs(attempt: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);
}

/**
 * Waits for `ms`, or until the browser is online again or the tab is looked at, whichever is first:
 * browsers slow down the timers of hidden tabs. Resolves at once when `signal` is aborted.
 */
export function waitToRetry(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      document.removeEventListener('visibilitychange', whenVisible);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const whenVisible = () => document.visibilityState === 'visible' && done();
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    document.addEventListener('visibilitychange', whenVisible);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
