import { createStore, type Store } from '../store.ts';
import type { PlacedFiles } from './multipart.ts';
import type { UploadPlace } from './upload-places.ts';

/** The files that the user has chosen, by the tab and the place in its variables. */
export type ChosenFiles = Store<ReadonlyMap<string, File[]>>;

export const createChosenFiles = (): ChosenFiles => createStore<ReadonlyMap<string, File[]>>(new Map());

const keyOf = (tabId: string, path: string) => `${tabId}\n${path}`;
const NONE: File[] = [];

export const filesAt = (chosen: ReadonlyMap<string, File[]>, tabId: string, path: string): File[] =>
  chosen.get(keyOf(tabId, path)) ?? NONE;

export function chooseFiles(store: ChosenFiles, tabId: string, path: string, files: File[]): void {
  store.set(new Map([...store.get(), [keyOf(tabId, path), files]]));
}

/** The places of an operation that have files. */
export const placedFiles = (store: ChosenFiles, tabId: string, places: UploadPlace[]): PlacedFiles[] =>
  places
    .map((place) => ({ place, files: filesAt(store.get(), tabId, place.path) }))
    .filter(({ files }) => files.length > 0);
