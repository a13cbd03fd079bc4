import type { Context, Limits } from '../context.ts';
import { InsufficientStorageError } from '../errors.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * The floor of free space: below it nothing is uploaded, so that the database can go on writing and
 * everything else works.
 */

const GIB = 1024 ** 3;

type FloorContext = Pick<Context, 'storage' | 'limits'>;

/**
 * Throws `InsufficientStorageError` while a file system has less free space than the operator wants to
 * keep.
 */
export async function assertFreeSpace(ctx: FloorContext): Promise<void> {
  if (await isDiskLow(ctx)) throw new InsufficientStorageError();
}

/** Whether a file system has less free space than the operator wants to keep. */
export async function isDiskLow({ storage, limits }: FloorContext): Promise<boolean> {
  return isBelowFloor(await storage.space.read(), limits);
}

/** How many bytes an upload under way may write before the floor is looked at again. */
const CHECK_BYTES = 1024 * 1024;

/** Looks at the floor again and again while bytes come, without waiting for a file system. */
export class FreeSpaceWatch {
  readonly #storage: Storage;
  readonly #limits: Limits;
  #written = 0;

  constructor({ storage, limits }: FloorContext) {
    this.#storage = storage;
    this.#limits = limits;
  }

  /** Why no more may be written, after so many more bytes. */
  after(bytes: number): InsufficientStorageError | undefined {
    this.#written += bytes;
    return this.#written < CHECK_BYTES ? undefined : this.check();
  }

  /** Why nothing may be written, by what is known of the free space. */
  check(): InsufficientStorageError | undefined {
    const spaces = this.#storage.space.estimate(this.#written);
    this.#written = 0;
    return isBelowFloor(spaces, this.#limits) ? new InsufficientStorageError() : undefined;
  }
}

function isBelowFloor(spaces: readonly { free: number; total: number }[], { minFreeBytes }: Limits): boolean {
  // Without a floor the file system itself says when it is full, and not an estimate.
  if (minFreeBytes === 0) return false;
  return spaces.some(({ free, total }) => free < (minFreeBytes ?? Math.min(GIB, total / 20)));
}
