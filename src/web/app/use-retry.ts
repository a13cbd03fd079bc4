import { useEffect, useRef } from 'react';
import type { CombinedError } from 'urql';

const FIRST_DELAY_MS = 2_000;
const MAX_DELAY_MS = 30_000;
/** What proxies answer while the server behind them starts. */
const UNAVAILABLE = [502, 503, 504];

/** Whether the same request may succeed later: the server did not answer, or is unavailable. */
function isTemporary({ networkError, response }: CombinedError): boolean {
  if (!networkError) return false;
  return !response || UNAVAILABLE.includes((response as Response).status);
}

/**
 * Tries again by itself while the server cannot be reached: with exponential backoff, when the
 * network returns, and when the tab is shown again.
 */
export function useRetry(error: CombinedError, onRetry: (() => void) | undefined): void {
  const latest = useRef(onRetry);
  latest.current = onRetry;
  const failures = useRef(0);
  useEffect(() => {
    if (!latest.current || !isTemporary(error)) return;
    const retry = () => latest.current?.();
    const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures.current);
    failures.current += 1;
    const timer = setTimeout(retry, delay);
    const onVisible = () => document.visibilityState === 'visible' && retry();
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [error]);
}
