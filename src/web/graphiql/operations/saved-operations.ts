import type { ExplorerStorage } from '../explorer-storage.ts';
import { createStore, type Store } from '../store.ts';

/** An operation that the user keeps, in this browser. */
export interface SavedOperation {
  name: string;
  query: string;
  variables: string;
}

const KEY = 'savedOperations';

const isSaved = (value: unknown): value is SavedOperation =>
  typeof value === 'object' && value !== null && ['name', 'query', 'variables'].every((key) => key in value);

function stored(storage: ExplorerStorage): SavedOperation[] {
  try {
    const value = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter(isSaved) : [];
  } catch {
    return []; // not written by this page
  }
}

/** The saved operations of a user, by name. */
export interface SavedOperations extends Store<SavedOperation[]> {
  storage: ExplorerStorage;
}

export const createSavedOperations = (storage: ExplorerStorage): SavedOperations => ({
  ...createStore(stored(storage)),
  storage,
});

function keep(store: SavedOperations, operations: SavedOperation[]): void {
  store.storage.setItem(KEY, JSON.stringify(operations));
  store.set(operations);
}

const others = (store: SavedOperations, name: string) => store.get().filter((saved) => saved.name !== name);

/** Saves an operation. It replaces one of the same name. */
export const saveOperation = (store: SavedOperations, operation: SavedOperation): void =>
  keep(
    store,
    [...others(store, operation.name), operation].sort((one, other) => one.name.localeCompare(other.name)),
  );

export const deleteOperation = (store: SavedOperations, name: string): void => keep(store, others(store, name));
