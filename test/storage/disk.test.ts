import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InsufficientStorageError } from '../../src/errors.ts';
import { openDiskStorage } from '../../src/storage/disk.ts';
import { filesBelow } from '../support/files-below.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { bytesOf, read, store, writeAll } from './bytes.ts';
import { storageContract } from './contract.ts';
import type { OpenedStorage } from './opened.ts';
import { smallDisk } from './small-disk.ts';

storageContract('disk', async (): Promise<OpenedStorage> => {
  const folder = await temporaryFolder('storage');
  const storage = await openDiskStorage(folder.path);
  return {
    storage,
    kept: () => filesBelow(folder.path),
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
});

test('a stored blob is readable after the storage is opened again', async () => {
  await using folder = await temporaryFolder('storage');
  const bytes = bytesOf(200_000);
  const key = await store(await openDiskStorage(folder.path), bytes);
  expect((await read(await openDiskStorage(folder.path), key)).equals(bytes)).toBe(true);
});

test('stored and staged files have mode 0600', async () => {
  await using folder = await temporaryFolder('storage');
  const storage = await openDiskStorage(folder.path);
  await store(storage, bytesOf(10));
  const blob = storage.stage();
  await writeAll(blob, bytesOf(1024 * 1024));
  await blob.end();
  const modes = await Promise.all((await filesBelow(folder.path)).map(async (file) => (await stat(file)).mode & 0o777));
  expect(modes).toEqual([0o600, 0o600]);
});

test('committing a blob leaves nothing in the staging folder', async () => {
  await using folder = await temporaryFolder('storage');
  const storage = await openDiskStorage(folder.path);
  await store(storage, bytesOf(1024 * 1024));
  await store(storage, bytesOf(0));
  expect(await filesBelow(join(folder.path, 'staging'))).toEqual([]);
  expect(await filesBelow(join(folder.path, 'blobs'))).toHaveLength(2);
});

test('opening the storage removes staged files older than a day, and keeps newer ones of other processes', async () => {
  await using folder = await temporaryFolder('storage');
  const staging = join(folder.path, 'staging');
  await mkdir(staging, { recursive: true });
  const hoursOld = async (name: string, hours: number) => {
    await writeFile(join(staging, name), 'staged');
    const then = Date.now() / 1000 - hours * 3600;
    await utimes(join(staging, name), then, then);
  };
  await hoursOld('of-last-week', 24 * 7);
  await hoursOld('of-25-hours-ago', 25);
  await hoursOld('of-23-hours-ago', 23);
  await hoursOld('of-now', 0);
  await openDiskStorage(folder.path);
  expect((await readdir(staging)).sort()).toEqual(['of-23-hours-ago', 'of-now']);
});

test('opening the storage keeps committed blobs of any age', async () => {
  await using folder = await temporaryFolder('storage');
  const key = await store(await openDiskStorage(folder.path), bytesOf(10));
  await utimes(join(folder.path, 'blobs', key), 0, 0);
  expect(await read(await openDiskStorage(folder.path), key)).toEqual(bytesOf(10));
});

test('a full disk is an InsufficientStorageError, leaves nothing staged, and stores files again after a discard', async (context) => {
  await using disk = await smallDisk(context, 'size=1m');
  const storage = await openDiskStorage(disk.path);
  const kept = bytesOf(100_000);
  const key = await store(storage, kept);

  const blob = storage.stage();
  await writeAll(blob, bytesOf(4 * 1024 * 1024));
  await expect(blob.end()).rejects.toThrow(InsufficientStorageError);
  await blob.discard();
  expect(await filesBelow(join(disk.path, 'staging'))).toEqual([]);

  const next = await store(storage, bytesOf(700_000));
  expect((await read(storage, key)).equals(kept)).toBe(true);
  expect((await read(storage, next)).equals(bytesOf(700_000))).toBe(true);
});

test('a disk that fills up at the last byte is an InsufficientStorageError', async (context) => {
  await using disk = await smallDisk(context, 'size=1m');
  const storage = await openDiskStorage(disk.path);
  const blob = storage.stage();
  await writeAll(blob, bytesOf(1024 * 1024 + 1));
  await expect(blob.end()).rejects.toThrow(InsufficientStorageError);
  await blob.discard();
  expect(await filesBelow(disk.path)).toEqual([]);
});

test('a disk without a free inode is an InsufficientStorageError', async (context) => {
  // Inodes for the root, staging, unfinished, blobs, and one file.
  await using disk = await smallDisk(context, 'size=1m,nr_inodes=5');
  const storage = await openDiskStorage(disk.path);
  const [first, second] = [storage.stage(), storage.stage()];
  await first.end();
  await expect(second.end()).rejects.toThrow(InsufficientStorageError);
  // The folder of the day needs another inode.
  await expect(first.commit()).rejects.toThrow(InsufficientStorageError);
  await first.discard();
  await second.discard();
  expect(await filesBelow(disk.path)).toEqual([]);
});

test('writing to a read-only folder fails with another error than InsufficientStorageError', async (context) => {
  await using folder =
    process.getuid?.() === 0 ? await smallDisk(context, 'size=1m') : await temporaryFolder('storage');
  const storage = await openDiskStorage(folder.path);
  await using _writable = await makeReadOnly(folder.path);
  const blob = storage.stage();
  await writeAll(blob, bytesOf(3 * 1024 * 1024)); // must not wait without end for a failed write
  const failure = await blob.end().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(failure).not.toBeInstanceOf(InsufficientStorageError);
});

test('discarding a blob that could not be written resolves', async (context) => {
  await using folder =
    process.getuid?.() === 0 ? await smallDisk(context, 'size=1m') : await temporaryFolder('storage');
  const storage = await openDiskStorage(folder.path);
  await using _writable = await makeReadOnly(folder.path);
  const blob = storage.stage();
  await blob.end().catch(() => {});
  await blob.discard();
  expect(await filesBelow(folder.path)).toEqual([]);
});

/** Root ignores file modes, so the whole disk is remounted read-only for root. */
async function makeReadOnly(folder: string): Promise<AsyncDisposable> {
  if (process.getuid?.() === 0) {
    const remount = (access: string) => execFileSync('mount', ['-o', `remount,${access}`, folder]);
    remount('ro');
    return { [Symbol.asyncDispose]: async () => void remount('rw') };
  }
  const staging = join(folder, 'staging');
  await chmod(staging, 0o500);
  return { [Symbol.asyncDispose]: () => chmod(staging, 0o700) };
}
