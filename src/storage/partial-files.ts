import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BufferedFileWriter } from './buffered-file-writer.ts';
import { isErrno, removeIfPresent, statIfPresent, translateDiskFull } from './file-system.ts';
import { ensureFolder, FolderSync } from './folder.ts';
import type { ResumedBlob, Storage } from './storage.ts';

const READ_BYTES = 256 * 1024;

/** Where complete bytes are stored. */
export interface Destination {
  /** Moves the file at `path` to the key. */
  store(path: string, key: string): Promise<void>;
  /** Whether it was moved before, durably. */
  isStored(key: string): Promise<boolean>;
  read(key: string, length: number): AsyncIterable<Uint8Array>;
  remove(key: string): Promise<void>;
}

export interface PartialFiles {
  resume: Storage['resume'];
  read: Storage['readUnfinished'];
  readPartial: Storage['readPartial'];
  removePartial: Storage['removePartial'];
}

/** Resumable uploads: each grows in a file of its own in the folder until it is complete. */
export async function openPartialFiles(folder: string, destination: Destination): Promise<PartialFiles> {
  await ensureFolder(folder);
  const folders = new FolderSync();
  const pathOf = (key: string) => join(folder, basename(key));

  const resume = (key: string, from: number): ResumedBlob => {
    const path = pathOf(key);
    const writer = new BufferedFileWriter(path, from);
    let length = from;
    const sync = async () => {
      await writer.sync();
      // A new name is not durable before its folder is synced.
      if (from === 0) await folders.sync(folder);
    };
    const commit = async () => {
      const found = await statIfPresent(path);
      if (found && found.size !== length) await truncate(path, length);
      try {
        await destination.store(path, key);
      } catch (error) {
        // It was moved already, before a crash.
        if (!isErrno(error, 'ENOENT') || !(await destination.isStored(key))) throw error;
      }
      return key;
    };
    return {
      write(chunk) {
        length += chunk.length;
        return writer.write(chunk);
      },
      drained: () => writer.drained(),
      sync: () => translateDiskFull(sync()),
      end: () => translateDiskFull(sync().finally(() => writer.stop())),
      commit: () => translateDiskFull(commit()),
      async discard() {
        await writer.stop();
        await removeIfPresent(path);
        await destination.remove(key);
      },
    };
  };

  async function* read(key: string, length: number): AsyncGenerator<Uint8Array> {
    try {
      yield* readFirst(pathOf(key), length);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
      yield* destination.read(key, length);
    }
  }
  return {
    resume,
    read,
    async readPartial(key, length) {
      try {
        return Buffer.concat(await Array.fromAsync(readFirst(pathOf(key), length)));
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    removePartial: (key) => removeIfPresent(pathOf(key)),
  };
}

/**
 * Removes bytes that were never acknowledged. Throws when there are fewer: another server has
 * received more.
 */
async function truncate(path: string, length: number): Promise<void> {
  const writer = new BufferedFileWriter(path, length);
  await writer.sync().finally(() => writer.stop());
}

/** The first bytes of a file, in chunks that are the reader's own. Throws when there are fewer. */
export async function* readFirst(path: string, length: number): AsyncGenerator<Uint8Array> {
  await using handle = await open(path, 'r');
  for (let position = 0; position < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, length - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) throw new Error(`There are ${position} bytes where ${length} were written.`);
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
