import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes the entries of a folder safe from a power cut: a new name is not safe until its folder is
 * synced.
 */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const pendingCreations = new Map<string, Promise<void>>();

/**
 * Creates the folder and every missing one above it, and syncs each that gained an entry.
 * Concurrent calls share one run: a folder that exists already may not be safe yet.
 */
export function ensureFolder(path: string): Promise<void> {
  const running = pendingCreations.get(path);
  if (running) return running;
  const run = createFolder(path).finally(() => pendingCreations.delete(path));
  pendingCreations.set(path, run);
  return run;
}

async function createFolder(path: string, isSecondTry = false): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Where folders cannot be created at all, the parent exists and the error repeats.
    if (code !== 'ENOENT' || isSecondTry) throw error;
    await ensureFolder(dirname(path));
    return createFolder(path, true);
  }
  await syncFolder(dirname(path));
}

/**
 * Syncs folders. Calls during a sync of the same folder share the next sync: the current one may
 * have begun before their entry was written.
 */
export class FolderSync {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  sync(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (!running) return this.#start(path);
    let next = this.#next.get(path);
    if (!next) {
      const begin = () => {
        this.#next.delete(path);
        return this.#start(path);
      };
      next = running.then(begin, begin);
      this.#next.set(path, next);
    }
    return next;
  }

  #start(path: string): Promise<void> {
    const run = syncFolder(path).finally(() => {
      if (this.#running.get(path) === run) this.#running.delete(path);
    });
    this.#running.set(path, run);
    return run;
  }
}
