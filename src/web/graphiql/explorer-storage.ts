import { storageName } from '../api/storage-name.ts';

const TABS = 'graphiql:tabState';

/** The editors of the open tab: `initialContent` takes them from the tabs, which are complete. */
const OF_OPEN_TAB = ['graphiql:query', 'graphiql:variables', 'graphiql:headers'];

/** Where GraphiQL keeps the tabs, the history and the settings of a user. */
export type ExplorerStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'>;

/** The storage of a user: the next one who signs in does not see operations and variables of it. */
export function openExplorerStorage(userId: string): ExplorerStorage {
  const prefix = storageName(`graphiql ${userId} `);
  const keys = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  return {
    getItem: (name) => (OF_OPEN_TAB.includes(name) ? null : localStorage.getItem(prefix + name)),
    setItem(name, value) {
      if (!OF_OPEN_TAB.includes(name)) localStorage.setItem(prefix + name, value);
    },
    removeItem: (name) => localStorage.removeItem(prefix + name),
    clear() {
      for (const key of keys()) localStorage.removeItem(key);
    },
    get length() {
      return keys().length;
    },
  };
}

interface StoredTab {
  query?: string | null;
  variables?: string | null;
}

/**
 * The tab that was open when the page was left. GraphiQL would open one more tab if the content of
 * its editors were not exactly that of a stored tab.
 */
export function initialContent(storage: ExplorerStorage): { initialQuery?: string; initialVariables?: string } {
  try {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem(TABS) ?? '{}');
    const tab: StoredTab | undefined = tabs?.[activeTabIndex];
    return tab ? { initialQuery: tab.query ?? '', initialVariables: tab.variables ?? '' } : {};
  } catch {
    return {}; // GraphiQL ignores what is no JSON, too.
  }
}
