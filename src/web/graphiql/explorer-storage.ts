const PREFIX = 'attache:';
const TABS = 'graphiql:tabState';

/** The editors of the open tab: `initialContent` takes them from the tabs, which are complete. */
const OF_OPEN_TAB = ['graphiql:query', 'graphiql:variables', 'graphiql:headers'];

const keysHere = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

/** Separates this GraphiQL's tabs from those of others on the same origin, such as localhost. */
export const explorerStorage = {
  getItem: (name: string) => (OF_OPEN_TAB.includes(name) ? null : localStorage.getItem(PREFIX + name)),
  setItem(name: string, value: string) {
    if (!OF_OPEN_TAB.includes(name)) localStorage.setItem(PREFIX + name, value);
  },
  removeItem: (name: string) => localStorage.removeItem(PREFIX + name),
  clear() {
    for (const name of keysHere()) localStorage.removeItem(name);
  },
  get length() {
    return keysHere().length;
  },
};

interface StoredTab {
  query?: string | null;
  variables?: string | null;
}

/**
 * The tab that was open when the page was left. GraphiQL would open one more tab if the content of
 * its editors were not exactly that of a stored tab.
 */
export function initialContent(): { initialQuery?: string; initialVariables?: string } {
  try {
    const { tabs, activeTabIndex } = JSON.parse(explorerStorage.getItem(TABS) ?? '{}');
    const tab: StoredTab | undefined = tabs?.[activeTabIndex];
    return tab ? { initialQuery: tab.query ?? '', initialVariables: tab.variables ?? '' } : {};
  } catch {
    return {}; // GraphiQL ignores what is no JSON, too.
  }
}
