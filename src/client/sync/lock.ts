import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ClientError } from '../errors.ts';
import { NO_HARD_LINKS } from '../local-files.ts';

const LOCK_FILE = '.attache-sync.lock';

export interface FolderLock extends AsyncDisposable {
  /** Whether the lock is still there: not after the folder was unmounted or replaced. */
  isHeld(): Promise<boolean>;
}

/** The locks of this process. */
const held = new Set<string>();

/**
 * Keeps a second run out of a folder until it is disposed of. The lock names its host and process,
 * so that the lock of a process of this host that was killed does not count.
 *
 * 1. `HOST PID RANDOM` is written to a file of its own, and linked to the name of the lock: no lock
 *    is ever empty, and one of two runs fails.
 * 2. A lock of a process that has ended is renamed before it is removed. If another run has taken
 *    it over meanwhile, what was renamed is the lock of that run, and is put back.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  const random = randomBytes(8).toString('hex');
  const own = `${hostname()} ${process.pid} ${random}`;
  const temporary = `${path}.${random}`;
  const lock = {
    isHeld: async () => (await readLock(path)) === own,
    async [Symbol.asyncDispose]() {
      held.delete(own);
      if ((await readLock(path)) === own) await rm(path, { force: true });
    },
  };
  held.add(own);
  try {
    for (;;) {
      if (await createLock(path, temporary, own)) return lock;
      const holder = await readLock(path);
      if (holder !== undefined && isHeld(holder)) throw heldError(folder, path, holder);
      if (holder !== undefined) await removeLock(path, temporary, holder);
    }
  } catch (error) {
    held.delete(own);
    throw error;
  }
}

/** Returns false if there is a lock. */
async function createLock(path: string, temporary: string, own: string): Promise<boolean> {
  try {
    await writeFile(temporary, own, { flag: 'wx', mode: 0o600 });
    await link(temporary, path).catch((error) => {
      if (!NO_HARD_LINKS.includes(error.code)) throw error;
      return writeFile(path, own, { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

const readLock = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

async function removeLock(path: string, temporary: string, stale: string): Promise<void> {
  const renamed = await rename(path, temporary).then(
    () => true,
    (error) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (!renamed) return;
  if ((await readLock(temporary)) !== stale) await link(temporary, path).catch(() => {});
  await rm(temporary, { force: true });
}

const lockPattern = /^(\S+) ([1-9]\d*) [0-9a-f]{16}$/;

/**
 * Whether its process may run: of another host, or of a lock that is damaged, nobody here knows.
 */
function isHeld(lock: string): boolean {
  const [, host, pid] = lockPattern.exec(lock) ?? [];
  if (host !== hostname()) return true;
  // In a container, each run may have the same number.
  if (Number(pid) === process.pid) return held.has(lock);
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function heldError(folder: string, path: string, lock: string): ClientError {
  const [, host, pid] = lockPattern.exec(lock) ?? [];
  const holder = host === undefined ? '' : `, process ${pid}${host === hostname() ? '' : ` on ${host}`}`;
  return new ClientError(`Another run syncs ${folder}${holder}. If none does any more, delete ${path}.`);
}
