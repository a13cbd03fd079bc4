import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError } from '../errors.ts';
import { writePrivateFile } from '../folders.ts';
import type { LocalFile } from '../local-files.ts';
import type { SyncedFile } from './plan.ts';

/** In the folder itself: it moves with it, and is missing where the folder is not mounted. */
export const STATE_FILE = '.attache-sync.json';

/** With the size and time of the local file, so that only changed files are hashed. */
export type FileState = SyncedFile & Pick<LocalFile, 'size' | 'mtimeMs'>;

export interface SyncState {
  files: ReadonlyMap<string, FileState>;
  set(name: string, file: FileState): void;
  delete(name: string): void;
  /** Writes the changes since the last time. */
  save(): Promise<void>;
}

/** How often the state is written while files are transferred, in milliseconds. */
const SAVE_INTERVAL_MS = 2000;

/** Reads the state of a folder. Throws `ClientError` when it is synced with another place. */
export async function openSyncState(folder: string, server: string, on: string): Promise<SyncState> {
  const path = join(folder, STATE_FILE);
  const stored = await read(path);
  if (stored && (stored.server !== server || stored.on !== on))
    throw new ClientError(
      `${folder} is synced with ${stored.on} of ${stored.server}. To sync it with ${on} instead, delete ${path}.`,
    );
  const files = new Map(Object.entries(stored?.files ?? {}));
  let isChanged = false;
  let savedAt = Date.now();
  let saving = Promise.resolve();
  const save = () => {
    saving = saving.then(async () => {
      if (!isChanged) return;
      isChanged = false;
      savedAt = Date.now();
      await writePrivateFile(path, `${JSON.stringify({ server, on, files: Object.fromEntries(files) })}\n`);
    });
    return saving;
  };
  const changed = () => {
    isChanged = true;
    // The next `save` throws the error of this one.
    if (Date.now() - savedAt > SAVE_INTERVAL_MS) save().catch(() => {});
  };
  return {
    files,
    set(name, file) {
      files.set(name, file);
      changed();
    },
    delete(name) {
      files.delete(name);
      changed();
    },
    save,
  };
}

interface StoredState {
  server: string;
  on: string;
  files: Record<string, FileState>;
}

async function read(path: string): Promise<StoredState | undefined> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ClientError(`${path} is damaged: delete it. The next run compares all files again.`, { cause: error });
  }
}
