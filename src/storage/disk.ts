import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { access, constants, type FileHandle, mkdir, open, opendir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { BlobMissingError } from '../errors.ts';
import { BufferedFileWriter } from './buffered-file-writer.ts';
import { DiskSpace } from './disk-space.ts';
import { isErrno, removeIfPresent, statIfPresent, translateDiskFull } from './file-system.ts';
import { ensureFolder, FolderSync } from './folder.ts';
import { HEAD_BYTES, Head } from './head.ts';
import { openPartialFiles, readFirst } from './partial-files.ts';
import { sendFile } from './send-file.ts';
import type { StagedBlob, Storage, StoredBlob, StoredKey } from './storage.ts';

/** The age from which staged files are abandoned: no upload may be silent longer. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Stores bytes as files below `root`:
 *
 * - `staging/` has files while they are received, on the same file system as
 * - `blobs/YYYY/MM/DD/<uuid>`, to which a complete and synced file is renamed;
 * - `unfinished/` has resumable uploads;
 * - `derived/YYYY/MM/DD/<uuid>/` has files made from a blob, which can be made again.
 *
 * The order is what makes an acknowledged file safe: write, sync the file, rename, sync the folder,
 * and only then may a row name the key.
 *
 * The free space of `databaseFolder` counts as well, where rows are written.
 */
export async function openDiskStorage(
  root: string,
  now: () => Date = () => new Date(),
  databaseFolder: string = root,
): Promise<Storage> {
  const staging = join(root, 'staging');
  const blobs = join(root, 'blobs');
  const derived = join(root, 'derived');
  await ensureFolder(staging);
  await ensureFolder(blobs);
  await removeStaged(staging, now().getTime() - ABANDONED_AFTER_MS);
  const folders = new FolderSync();
  const newKey = () => `${now().toISOString().slice(0, 10).replaceAll('-', '/')}/${randomUUID()}`;
  const move = async (from: string, key: string) => {
    const target = join(blobs, key);
    await ensureFolder(dirname(target));
    await rename(from, target);
    await folders.sync(dirname(target));
    return target;
  };
  const partialFiles = await openPartialFiles(join(root, 'unfinished'), {
    store: async (path, key) => void (await move(path, key)),
    async isStored(key) {
      if (!(await statIfPresent(join(blobs, key)))) return false;
      await folders.sync(dirname(join(blobs, key)));
      return true;
    },
    read: (key, length) => readFirst(join(blobs, key), length),
    remove: (key) => removeIfPresent(join(blobs, key)),
  });
  const space = await DiskSpace.open([staging, blobs, databaseFolder]);
  const deleteDerived = (key: string, name = '') => rm(join(derived, key, name), { recursive: true, force: true });
  const isOnDisk = async (key: string) => (await statIfPresent(join(blobs, key))) !== undefined;
  const capacity = (await space.read())[1]?.total ?? Number.POSITIVE_INFINITY;

  return {
    space,
    capacity,
    headBytes: HEAD_BYTES,
    stage: () => stageOnDisk(join(staging, randomUUID()), newKey, move),
    newKey,
    resume: (key, from) => partialFiles.resume(key, from),
    readUnfinished: (key, length) => partialFiles.read(key, length),
    readPartial: partialFiles.readPartial,
    removePartial: partialFiles.removePartial,
    open: (key) => openOnDisk(join(blobs, key), key),
    async delete(key) {
      await removeIfPresent(join(blobs, key));
      await deleteDerived(key);
    },
    deleteDerived,
    async storeDerived(key, name, bytes, isStored = () => isOnDisk(key)) {
      const folder = join(derived, key);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const fresh = join(folder, `${randomUUID()}.new`);
      await writeFile(fresh, bytes, { mode: 0o600 });
      await rename(fresh, join(folder, name)); // readers find all of it, or nothing
      if (!(await isStored())) await deleteDerived(key);
    },
    async openDerived(key, name) {
      return openOnDisk(join(derived, key, name), key).catch((error) => {
        if (error instanceof BlobMissingError) return undefined;
        throw error;
      });
    },
    async check() {
      await access(blobs, constants.W_OK);
    },
    list: () => keysBelow(blobs),
    removeStaged: (before) => removeStaged(staging, before.getTime()),
    async [Symbol.asyncDispose]() {},
  };
}

/** Renames a complete and synced file to the path of its key, durably; returns the path. */
type Move = (from: string, key: string) => Promise<string>;

function stageOnDisk(path: string, newKey: () => string, move: Move): StagedBlob {
  const writer = new BufferedFileWriter(path);
  const head = new Head();
  let current = path;
  const commit = async () => {
    const key = newKey();
    head.release();
    current = await move(path, key);
    return key;
  };
  return {
    get head() {
      return head.bytes;
    },
    write(chunk) {
      head.write(chunk);
      return writer.write(chunk);
    },
    drained: () => writer.drained(),
    end: () => translateDiskFull(writer.end()),
    commit: () => translateDiskFull(commit()),
    async discard() {
      head.release();
      await writer.stop();
      if (writer.created) await removeIfPresent(current);
    },
  };
}

async function openOnDisk(path: string, key: string): Promise<StoredBlob> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw new BlobMissingError(key, { cause: error });
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

/**
 * The files below a folder. `ctime` is when a file was stored: renaming it changes its inode, not
 * its content.
 */
async function* keysBelow(folder: string, root = folder): AsyncGenerator<StoredKey> {
  for await (const entry of await openIfPresent(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* keysBelow(path, root);
    const info = entry.isFile() ? await statIfPresent(path) : undefined;
    if (info) yield { key: relative(root, path).replaceAll(sep, '/'), size: info.size, storedAt: info.ctime };
  }
}

/** A folder may be removed while another is read. */
async function openIfPresent(folder: string): Promise<AsyncIterable<Dirent>> {
  try {
    return await opendir(folder);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    return (async function* () {})();
  }
}

/**
 * Removes what a killed process left. Another process may be staging here as well, so only old
 * files go.
 */
async function removeStaged(staging: string, before: number): Promise<number> {
  let removed = 0;
  for await (const { name } of await opendir(staging)) {
    const path = join(staging, name);
    const info = await statIfPresent(path);
    if (!info || info.mtimeMs >= before) continue;
    await removeIfPresent(path);
    removed += 1;
  }
  return removed;
}
