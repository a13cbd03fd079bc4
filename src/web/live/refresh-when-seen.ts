import { useEffect, useRef } from 'react';
import { isLive, useLight } from './live-provider.tsx';

/** How often a view that nothing reports to is read again while somebody looks at it. */
const PERIOD_MS = 60_000;

/**
 * Reads again what has no events of its own: when the window is looked at again, when the
 * connection is back, and each minute while the tab is visible.
 */
export function useRefreshWhenSeen(refresh: () => void): void {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    const run = () => document.visibilityState === 'visible' && latest.current();
    const timer = setInterval(run, PERIOD_MS);
    document.addEventListener('visibilitychange', run);
    addEventListener('focus', run);
    addEventListener('online', run);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', run);
      removeEventListener('focus', run);
      removeEventListener('online', run);
    };
  }, []);
  const light = useLight();
  const wasLost = useRef(false);
  useEffect(() => {
    if (light === 'reconnecting') wasLost.current = true;
    if (!wasLost.current || !isLive(light)) return;
    wasLost.current = false;
    latest.current();
  }, [light]);
}
