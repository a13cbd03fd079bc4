/**
 * A longer delay would elapse at once:
 * https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
 */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Calls back when the credentials of an open connection end, unless it is disposed of before. Does
 * nothing for credentials without a known end.
 */
export function onExpiry(expiresAt: Date | undefined, callback: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const wait = (end: number) => {
    const delay = Math.max(0, end - Date.now());
    timer = setTimeout(() => (delay > MAX_DELAY_MS ? wait(end) : callback()), Math.min(delay, MAX_DELAY_MS)).unref();
  };
  if (expiresAt) wait(expiresAt.getTime());
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
