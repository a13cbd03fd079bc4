import { readdirSync, readlinkSync } from 'node:fs';
import type { Storage } from '../../src/storage/storage.ts';

/** The storage of one test. Disposing of it deletes its content. */
export interface OpenedStorage extends AsyncDisposable {
  storage: Storage;
  /** The names of all staged and committed blobs. */
  kept(): Promise<string[]>;
}

export type OpenStorage = () => Promise<OpenedStorage>;

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** A key without a blob. */
export const noKey = '2026/11/21/00000000-0000-4000-8000-000000000000';

/** The number of open file descriptors, without sockets, which a store may pool. Linux only. */
export function descriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return !readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // the descriptor of this readdir
    }
  }).length;
}
