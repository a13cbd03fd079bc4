import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError } from '../errors.ts';

const LOCK_FILE = '.attache-sync.lock';

/**
 * Keeps a second run out of a folder until it is disposed of. The lock names its process, so that
 * the lock of a process that was killed does not count.
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const path = join(folder, LOCK_FILE);
  const lock = { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return lock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(await readFile(path, 'utf8').catch(() => ''));
      if (isRunning(holder))
        throw new ClientError(`Another run syncs ${folder}, process ${holder}. If it does not, delete ${path}.`);
      await rm(path, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
