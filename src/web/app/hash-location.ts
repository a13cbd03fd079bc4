import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { type BaseLocationHook, useLocation } from 'wouter';
import { navigate } from 'wouter/use-hash-location';

const currentPath = () => `/${location.hash.replace(/^#?\/?/, '').split('?', 1)[0]}`;
const currentQuery = () => location.hash.split('?').slice(1).join('?');

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}

/** The path of an address such as `#/Task:1?name=plan`, without its query. */
export const useHashPath: BaseLocationHook = Object.assign(
  (): [string, typeof navigate] => [useSyncExternalStore(subscribe, currentPath), navigate],
  { hrefs: (href: string) => `#${href}` },
);

/**
 * The query of an address such as `#/Task:1?name=plan`, and a function that changes some of its
 * values. An empty value is left out. Changes do not add to the history.
 */
export function useHashQuery(): [URLSearchParams, (changes: Record<string, string>) => void] {
  const [path] = useLocation();
  const text = useSyncExternalStore(subscribe, currentQuery);
  const query = useMemo(() => new URLSearchParams(text), [text]);
  const change = useCallback(
    (changes: Record<string, string>) => {
      // A pause in typing may end after another view was opened.
      if (currentPath() !== path) return;
      const next = new URLSearchParams(currentQuery());
      for (const [name, value] of Object.entries(changes))
        if (value) next.set(name, value);
        else next.delete(name);
      const oldURL = location.href;
      history.replaceState(history.state, '', `#${path}${next.size > 0 ? `?${next}` : ''}`);
      dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }));
    },
    [path],
  );
  return [query, change];
}
