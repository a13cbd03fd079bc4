import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withRetry } from 'attache-client/retry';
import type { Connection } from '../connection.ts';
import { ClientError } from '../errors.ts';
import { isOwn } from '../folders.ts';
import { exists, NO_HARD_LINKS } from '../local-files.ts';
import type { RemoteFile } from '../remote-files.ts';
import { readContent } from './content.ts';

export interface DownloadOptions {
  signal: AbortSignal;
  /** Whether to replace a file that is there. */
  replace: boolean;
  /** Called right before that: throws if the file that is there must stay. */
  assertReplaceable?(): Promise<void>;
  onProgress?(bytes: number): void;
  /** An earlier run has received this many bytes. */
  onResume?(offset: number): void;
  onRetry?(error: Error, delayMs: number): void;
}

/**
 * Returns where the bytes of a download go until it is complete. `localNames` returns no name with
 * a dot at its start, so that no file of the server can have this one.
 */
export function partPath(path: string): string {
  const hash = createHash('sha256').update(basename(path)).digest('hex').slice(0, 16);
  return join(dirname(path), `.attache-${hash}.part`);
}

/**
 * Downloads a file in three steps: its bytes go to the part, after those that an earlier run left
 * there; the SHA-256 of all of them is compared with the one that the server has stored; the part
 * is renamed. A file that has its name has its whole content.
 */
export async function downloadFile(
  connection: Connection,
  file: RemoteFile,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  const part = partPath(path);
  const sha256 = await receive(connection, file, part, options);
  if (sha256 !== file.sha256) {
    // The part is of another file of this name: once, it is downloaded from the start.
    await rm(part, { force: true });
    if ((await receive(connection, file, part, options)) !== file.sha256) {
      await rm(part, { force: true });
      throw new ClientError(`${file.id} arrived with another SHA-256 than the one that the server has stored`);
    }
  }
  await options.assertReplaceable?.();
  if (options.replace) await rename(part, path);
  else await renameIfFree(part, path);
}

/** Receives what is missing of the part, and returns the SHA-256 of the whole. */
async function receive(
  connection: Connection,
  file: RemoteFile,
  part: string,
  { signal, onProgress, onResume, onRetry }: DownloadOptions,
): Promise<string> {
  const handle = await openPart(part);
  try {
    let hash = await hashPart(handle, file.size, signal);
    if (hash.length > 0) onResume?.(hash.length);
    const retry = { signal, ...(onRetry && { onRetry }) };
    await withRetry(async (onAdvance) => {
      if (hash.length >= file.size) return;
      for await (const { at, bytes } of readContent(connection, file, hash.length, signal)) {
        if (at === 0 && hash.length > 0) {
          await handle.truncate(0);
          hash = { hash: createHash('sha256'), length: 0 };
        }
        await writeAll(handle, bytes, at);
        hash.hash.update(bytes);
        hash.length += bytes.length;
        onAdvance();
        onProgress?.(hash.length);
      }
    }, retry);
    await handle.sync();
    return hash.hash.digest('hex');
  } finally {
    await handle.close();
  }
}

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * Opens the part of an earlier run, or creates one. In a folder that others can write to, a link
 * would make this process overwrite another file of the user, and another owner could change the
 * content after its hash was compared. Anything like that is removed.
 */
async function openPart(part: string): Promise<FileHandle> {
  const handle = await open(part, O_RDWR | O_NOFOLLOW | O_NONBLOCK).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ELOOP' || error.code === 'EMLINK' || error.code === 'EACCES') return 'unusable' as const;
    throw error;
  });
  if (handle !== undefined) {
    if (handle !== 'unusable') {
      const stats = await handle.stat();
      // A run that was killed before it removed the part leaves a second name of the whole file.
      if (stats.isFile() && isOwn(stats) && stats.nlink === 1) return handle;
      await handle.close();
    }
    await rm(part, { force: true });
  }
  return open(part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
}

/** Hashes what is there. A part that is longer than the file is of another file. */
async function hashPart(
  handle: FileHandle,
  size: number,
  signal: AbortSignal,
): Promise<{ hash: Hash; length: number }> {
  const hash = createHash('sha256');
  let { size: length } = await handle.stat();
  if (length > size) {
    await handle.truncate(0);
    length = 0;
  }
  if (length > 0)
    for await (const chunk of handle.createReadStream({ start: 0, end: length - 1, autoClose: false, signal }))
      hash.update(chunk);
  return { hash, length };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let written = 0; written < bytes.length; )
    written += (await handle.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
}

/** Renames without replacing: `link` fails if the name is taken, also since it was looked at. */
async function renameIfFree(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new ClientError(`${path} exists`);
    if (!NO_HARD_LINKS.includes(code)) throw error;
    if (await exists(path)) throw new ClientError(`${path} exists`);
    await rename(part, path);
    return;
  }
  await rm(part);
}
