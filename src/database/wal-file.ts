import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The write-ahead log of a SQLite database, to be synced off the event loop. */
export class WalFile {
  readonly #path: string;
  #file: FileHandle | undefined;

  /** `path` is that of the database. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Makes what SQLite wrote to the log safe from a power cut: its bytes and its length, but not its
   * times, for which the file system would write its journal with every sync. After a failed sync
   * the content of the disk is unknown, and a second sync may falsely succeed: the process ends,
   * and the next start reads what is there.
   * https://www.postgresql.org/docs/current/runtime-config-error-handling.html#GUC-DATA-SYNC-RETRY
   */
  async sync(): Promise<void> {
    try {
      this.#file ??= await openWal(this.#path);
      await this.#file.datasync();
    } catch (cause) {
      const error = new Error(`${this.#path} could not be synced: recent writes may be lost.`, { cause });
      setImmediate(() => {
        throw error;
      });
      await new Promise(() => {});
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/** Syncs the folder first: the name of the log has to survive as well. */
async function openWal(path: string): Promise<FileHandle> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return open(`${path}-wal`, 'r+');
}
