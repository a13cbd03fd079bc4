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
 * A value in the query of an address such as `#/Task:1?name=plan`, and a function that replaces it.
 * It survives a reload and can be shared. The standard value is left out of the address. Changes do
 * not add to the history: Back leads to the view before, and not through the letters of a search.
 */
export function useHashText(name: string, standard = ''): [string, (text: string) => void] {
  const [path] = useLocation();
  const query = useSyncExternalStore(subscribe, currentQuery);
  const text = useMemo(() => new URLSearchParams(query).get(name) ?? standard, [query, name, standard]);
  const replace = useCallback(
    (next: string) => {
      // A pause in typing may end after another view was opened.
      if (currentPath() === path) replaceQuery(path, name, next === standard ? undefined : next);
    },
    [path, name, standard],
  );
  return [text, replace];
}

/** The same for a value that is one of a few, of which the first is the standard. */
export function useHashChoice<Choice extends string>(
  name: string,
  choices: readonly [Choice, ...Choice[]],
): [Choice, (choice: Choice) => void] {
  const [standard] = choices;
  const [text, replace] = useHashText(name, standard);
  return [choices.find((choice) => choice === text) ?? standard, replace];
}

function replaceQuery(path: string, name: string, value: string | undefined): void {
  const query = new URLSearchParams(currentQuery());
  if (value === undefined) query.delete(name);
  else query.set(name, value);
  const oldURL = location.href;
  history.replaceState(history.state, '', `#${path}${query.size > 0 ? `?${query}` : ''}`);
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }));
}
