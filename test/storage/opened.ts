import { readdirSync, readlinkSync } from 'node:fs';
import type { Storage } from '../../src/storage/storage.ts';

/** A storage of its own for one test; gone, with all that it keeps, when disposed of. */
export interface OpenedStorage extends AsyncDisposable {
  storage: Storage;
  /** The names of all that it keeps, staged and committed. */
  kept(): Promise<string[]>;
}

export type OpenStorage = () => Promise<OpenedStorage>;

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** A key that holds nothing. */
export const noKey = '2026/11/21/00000000-0000-4000-8000-000000000000';

/** Descriptors of files that this process has open; connections to a store may be kept for the next. Linux only. */
export function descriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return !readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // the descriptor of this readdir
    }
  }).length;
}
