import { stat, unlink } from 'node:fs/promises';
import { InsufficientStorageError } from '../errors.ts';

/** Removes a file, if it exists. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

/** The attributes of a file, if it exists. */
export async function statIfPresent(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Throws `InsufficientStorageError` when the disk, or the quota on it, is full. */
export async function translateDiskFull<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isErrno(error, 'ENOSPC') || isErrno(error, 'EDQUOT')) throw new InsufficientStorageError({ cause: error });
    throw error;
  }
}

/** Whether an error of Node has this code, as in `ENOENT`. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
