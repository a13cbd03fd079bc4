import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { cleanName } from '../files/file-name.ts';
import { ClientError } from './errors.ts';
import { explainFileError } from './file-error.ts';

/** A file of this machine. */
export interface LocalFile {
  path: string;
  /** How the user knows it: the path, or the name that was given to standard input. */
  label: string;
  /** The name that the server stores. */
  name: string;
  size: number;
  mtimeMs: number;
}

/** A path that cannot be uploaded, and why. */
export interface UnusablePath {
  label: string;
  error: Error;
}

/**
 * Finds the files of the given paths: the paths themselves, and everything in folders except what
 * is hidden and links. Links that the user names are followed.
 */
export async function* findFiles(
  paths: readonly string[],
  { hidden }: { hidden: boolean },
): AsyncGenerator<LocalFile | UnusablePath, void, undefined> {
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) yield* filesBelow(path, hidden);
      else yield await statFile(path);
    } catch (error) {
      yield { label: path, error: explainFileError(error) };
    }
  }
}

async function* filesBelow(folder: string, hidden: boolean): AsyncGenerator<LocalFile | UnusablePath, void, undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') && !hidden) continue;
    const path = join(folder, entry.name);
    try {
      if (entry.isDirectory()) yield* filesBelow(path, hidden);
      else if (entry.isFile()) yield await statFile(path);
    } catch (error) {
      yield { label: path, error: explainFileError(error) };
    }
  }
}

/** Reads size and time of a file. Throws `ClientError` for anything that is no regular file. */
export async function statFile(path: string, name = basename(resolve(path))): Promise<LocalFile> {
  const file = toLocalFile(path, await stat(path), name);
  if (!file) throw new ClientError('it is not a file');
  return file;
}

/**
 * The same of an entry of a folder, of which links are not followed; undefined for no regular file.
 */
export const statEntry = async (path: string): Promise<LocalFile | undefined> =>
  toLocalFile(path, await lstat(path), basename(path));

const toLocalFile = (path: string, stats: Stats, name: string): LocalFile | undefined =>
  stats.isFile() ? { path, label: path, name: cleanName(name), size: stats.size, mtimeMs: stats.mtimeMs } : undefined;

/** Whether the file still has the size and time that it had. */
export async function isUnchanged({ path, size, mtimeMs }: LocalFile): Promise<boolean> {
  const now = await stat(path).catch(() => undefined);
  return now?.size === size && now.mtimeMs === mtimeMs;
}

export const realPathOf = (path: string): Promise<string> => realpath(path);

/** Whether anything has this path, also a link to nothing. */
export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );

/** The codes with which `link` fails on a file system that has no hard links. */
export const NO_HARD_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'];

/** Computes the SHA-256 of a file, as 64 hexadecimal digits. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20, signal })) hash.update(chunk);
  return hash.digest('hex');
}
