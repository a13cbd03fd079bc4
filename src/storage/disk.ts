import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { InsufficientStorage } from '../errors.ts';
import { ensureFolder, FolderSync } from './folder.ts';
import { sendFile } from './send-file.ts';
import { SlabWriter } from './slab-writer.ts';
import {
  BlobMissing,
  type ResumedBlob,
  type StagedBlob,
  type Storage,
  type StoredBlob,
  type StoredKey,
} from './storage.ts';

/** Staged bytes this old belong to nobody: no upload may be silent for so long. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
const READ_BYTES = 256 * 1024;

/**
 * Keeps bytes as files below `root`:
 *
 * - `staging/` takes them while they arrive, on the same file system as
 * - `blobs/YYYY/MM/DD/<uuid>`, into which a complete and synced file is renamed;
 * - `unfinished/` takes those that come in several requests;
 * - `derived/YYYY/MM/DD/<uuid>/` has what was made of a blob and can be made again.
 *
 * The order is what makes an acknowledged file safe: write, sync the file, rename, sync the folder, and only then
 * may a row name the key.
 */
export async function openDiskStorage(root: string, now: () => Date = () => new Date()): Promise<Storage> {
  const staging = join(root, 'staging');
  const blobs = join(root, 'blobs');
  const unfinished = join(root, 'unfinished');
  const derived = join(root, 'derived');
  await ensureFolder(staging);
  await ensureFolder(unfinished);
  await ensureFolder(blobs);
  await removeStaged(staging, now().getTime() - ABANDONED_AFTER_MS);
  const folders = new FolderSync();
  const newKey = () => `${now().toISOString().slice(0, 10).replaceAll('-', '/')}/${randomUUID()}`;
  const unfinishedAt = (key: string) => join(unfinished, basename(key));
  const move = async (from: string, key: string) => {
    const target = join(blobs, key);
    await ensureFolder(dirname(target));
    await rename(from, target);
    await folders.sync(dirname(target));
    return target;
  };

  return {
    stage: () => stageOnDisk(join(staging, randomUUID()), newKey, move),
    newKey,
    resume: (key, from) =>
      resumeOnDisk({ key, from, path: unfinishedAt(key), target: join(blobs, key) }, move, folders),
    readUnfinished: (key, length) => readFirst(unfinishedAt(key), join(blobs, key), length),
    open: (key) => openOnDisk(join(blobs, key), key),
    async delete(key) {
      await removeIfThere(join(blobs, key));
      await rm(join(derived, key), { recursive: true, force: true });
    },
    async keepDerived(key, name, bytes) {
      const folder = join(derived, key);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const fresh = join(folder, `${randomUUID()}.new`);
      await writeFile(fresh, bytes, { mode: 0o600 });
      await rename(fresh, join(folder, name)); // readers find all of it, or nothing
      if (!(await statIfThere(join(blobs, key)))) await rm(folder, { recursive: true, force: true });
    },
    async openDerived(key, name) {
      return openOnDisk(join(derived, key, name), key).catch((error) => {
        if (error instanceof BlobMissing) return undefined;
        throw error;
      });
    },
    list: () => keysBelow(blobs),
    removeStaged: (before) => removeStaged(staging, before.getTime()),
    async [Symbol.asyncDispose]() {},
  };
}

/** Renames a complete and synced file to the place of its key, which survives a power cut; answers the place. */
type Move = (from: string, key: string) => Promise<string>;

function stageOnDisk(path: string, newKey: () => string, move: Move): StagedBlob {
  const writer = new SlabWriter(path);
  let place = path;
  const commit = async () => {
    const key = newKey();
    place = await move(path, key);
    return key;
  };
  return {
    write: (chunk) => writer.write(chunk),
    drained: () => writer.drained(),
    end: () => tellWhenFull(writer.end()),
    commit: () => tellWhenFull(commit()),
    async discard() {
      await writer.stop();
      if (writer.created) await removeIfThere(place);
    },
  };
}

interface Unfinished {
  key: string;
  from: number;
  /** Where it lies, and where it will lie. */
  path: string;
  target: string;
}

function resumeOnDisk({ key, from, path, target }: Unfinished, move: Move, folders: FolderSync): ResumedBlob {
  const writer = new SlabWriter(path, from);
  const sync = async () => {
    await writer.sync();
    // A new name is not safe before its folder is.
    if (from === 0) await folders.sync(dirname(path));
  };
  const commit = async () => {
    try {
      await move(path, key);
    } catch (error) {
      // Moved already, before a crash.
      if (!isErrno(error, 'ENOENT') || !(await statIfThere(target))) throw error;
      await folders.sync(dirname(target));
    }
    return key;
  };
  return {
    write: (chunk) => writer.write(chunk),
    drained: () => writer.drained(),
    sync: () => tellWhenFull(sync()),
    end: () => tellWhenFull(sync().finally(() => writer.stop())),
    commit: () => tellWhenFull(commit()),
    async discard() {
      await writer.stop();
      await removeIfThere(path);
      await removeIfThere(target);
    },
  };
}

async function* readFirst(path: string, target: string, length: number): AsyncGenerator<Uint8Array> {
  await using handle = await open(path, 'r').catch((error) => {
    if (isErrno(error, 'ENOENT')) return open(target, 'r');
    throw error;
  });
  for (let position = 0; position < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, length - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) throw new Error(`There are ${position} bytes where ${length} were written.`);
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

async function openOnDisk(path: string, key: string): Promise<StoredBlob> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw new BlobMissing(key, { cause: error });
    throw error;
  }
  try {
    const { size } = await handle.stat();
    return {
      size,
      send: (destination, range) => sendFile(handle.fd, range, destination),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

/** The files below a folder. One is stored when it is renamed to its place, which changes its inode and not its content. */
async function* keysBelow(folder: string, root = folder): AsyncGenerator<StoredKey> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* keysBelow(path, root);
    const info = entry.isFile() ? await statIfThere(path) : undefined;
    if (info) yield { key: relative(root, path).replaceAll(sep, '/'), size: info.size, storedAt: info.ctime };
  }
}

/** What a killed process left staged. Another process may be staging here as well, so only old files go. */
async function removeStaged(staging: string, before: number): Promise<number> {
  let removed = 0;
  for await (const { name } of await opendir(staging)) {
    const path = join(staging, name);
    const info = await statIfThere(path);
    if (!info || info.mtimeMs >= before) continue;
    await removeIfThere(path);
    removed += 1;
  }
  return removed;
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function tellWhenFull<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isErrno(error, 'ENOSPC') || isErrno(error, 'EDQUOT')) throw new InsufficientStorage({ cause: error });
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
