import { useEffect, useRef, useState } from 'react';

const FIRST_DELAY_MS = 2_000;
const MAX_DELAY_MS = 30_000;

export interface Retry {
  /** The time of the next attempt, in milliseconds since 1970; undefined while one is made. */
  nextAt: number | undefined;
  /** Makes one now. */
  now(): void;
}

/**
 * Tries again by itself after a failure: with exponential backoff, when the network returns, and
 * when the tab is shown again. Each attempt that fails has to give another `failure`; without one,
 * nothing is tried.
 */
export function useRetry(failure: object | undefined, onRetry: (() => void) | undefined): Retry {
  const latest = useRef(onRetry);
  latest.current = onRetry;
  const failures = useRef(0);
  const [nextAt, setNextAt] = useState<number>();
  const retry = useRef(() => {
    setNextAt(undefined);
    latest.current?.();
  });
  useEffect(() => {
    if (!latest.current || !failure) return;
    const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures.current);
    failures.current += 1;
    setNextAt(Date.now() + delay);
    const timer = setTimeout(retry.current, delay);
    const onVisible = () => document.visibilityState === 'visible' && retry.current();
    window.addEventListener('online', retry.current);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('online', retry.current);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [failure]);
  return { nextAt, now: retry.current };
}
