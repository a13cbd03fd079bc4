import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { localName } from '../download/local-name.ts';
import { ClientError } from '../errors.ts';
import { assertOwn, writePrivateFile } from '../folders.ts';
import type { LocalFile } from '../local-files.ts';
import { isFileId } from '../remote-files.ts';
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

/**
 * Reads the state of a folder. Throws `ClientError` when it is synced with another place.
 * `assertFolder` rejects where the folder was unmounted: a state in what is there instead would
 * make a later run take all of its files for deleted.
 */
export async function openSyncState(
  folder: string,
  server: string,
  on: string,
  assertFolder: () => Promise<void> = async () => {},
): Promise<SyncState> {
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
      await assertFolder();
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
  const text = await readOwnFile(path);
  if (text === undefined) return undefined;
  try {
    const stored: unknown = JSON.parse(text);
    if (isStoredState(stored)) return stored;
  } catch {
    // Reported below, as any other content is.
  }
  throw new ClientError(`${path} is damaged: delete it. The next run compares all files again.`);
}

/** A state of another user could make this run delete or detach files. */
async function readOwnFile(path: string): Promise<string | undefined> {
  await using file = await open(path).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  assertOwn(path, await file.stat());
  return file.readFile('utf8');
}

/**
 * The folder may come from others, as in an archive. A name in its state becomes a path: it must be
 * one that a file of the server gets here, so that `../../.profile` is none.
 */
function isStoredState(value: unknown): value is StoredState {
  if (!isObject(value) || typeof value.server !== 'string' || typeof value.on !== 'string') return false;
  return (
    isObject(value.files) &&
    Object.entries(value.files).every(([name, file]) => localName(name) === name && isFileState(file))
  );
}

const isFileState = (value: unknown): value is FileState =>
  isObject(value) &&
  typeof value.id === 'string' &&
  isFileId(value.id) &&
  typeof value.sha256 === 'string' &&
  typeof value.size === 'number' &&
  typeof value.mtimeMs === 'number';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
