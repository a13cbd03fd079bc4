import type { Log } from '../context.ts';

/**
 * Repeats work at an interval, never twice at once: an interval that ends while work is running is
 * skipped. A failure is logged, and the work is tried again after the next interval. Disposing of
 * it waits for running work.
 */
export function repeat(intervalMs: number, log: Log, work: () => Promise<unknown>): AsyncDisposable {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch((err) => log.error({ err }, 'a background task failed'))
      .finally(() => {
        running = undefined;
      });
  }, intervalMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
}
