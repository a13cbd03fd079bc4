import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import type { Connection } from '../connection.ts';
import { ClientError, type TransientError } from '../errors.ts';
import type { RemoteFile } from '../remote-files.ts';
import { withRetry } from '../retry.ts';
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
  onRetry?(error: TransientError, delayMs: number): void;
}

/**
 * Downloads a file in three steps: its bytes go to `PATH.part`, after those that an earlier run
 * left there; the SHA-256 of all of them is compared with the one that the server has stored; the
 * file gets its name. Whoever sees the name sees the whole content.
 */
export async function downloadFile(
  connection: Connection,
  file: RemoteFile,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  const part = `${path}.part`;
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
  // A link that someone else put there is not followed.
  const handle = await open(part, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o666);
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
    // Some file systems have no hard links.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(code)) throw error;
    await rename(part, path);
    return;
  }
  await rm(part);
}
