import type { Context, Limits } from '../context.ts';
import { InsufficientStorageError } from '../errors.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * The minimum of free space. Below it uploads are refused, so that the database can still write.
 */

const GIB = 1024 ** 3;

type SpaceContext = Pick<Context, 'storage' | 'limits'>;

/**
 * Throws `InsufficientStorageError` while a file system has less free space than the operator wants
 * to keep.
 */
export async function assertFreeSpace(ctx: SpaceContext): Promise<void> {
  if (await isDiskLow(ctx)) throw new InsufficientStorageError();
}

/** The part of the minimum that is left to changes of rows, which no other limit bounds. */
const ROWS_SHARE = 0.5;

/**
 * Throws `InsufficientStorageError` when a request may add no more rows: far below the minimum,
 * what remains is for changes that remove something. Otherwise everyone who may create a comment or
 * an API key could fill the disk. The server's own work is never refused.
 */
export async function assertSpaceForRows({ storage, limits, client }: SpaceContext & Pick<Context, 'client'>) {
  if (client && isBelowMinimum(await storage.space.read(), limits, ROWS_SHARE)) throw new InsufficientStorageError();
}

/**
 * The free space of that file system in use which has the least, and whether one is below its
 * minimum.
 */
export async function freeSpaceOf({ storage, limits }: SpaceContext): Promise<{ freeBytes: number; isLow: boolean }> {
  const spaces = await storage.space.read();
  return { freeBytes: Math.min(...spaces.map(({ free }) => free)), isLow: isBelowMinimum(spaces, limits) };
}

/** Whether a file system has less free space than the operator wants to keep. */
export async function isDiskLow({ storage, limits }: SpaceContext): Promise<boolean> {
  return isBelowMinimum(await storage.space.read(), limits);
}

/** Bytes that an upload may write before the free space is checked again. */
const CHECK_BYTES = 1024 * 1024;

/** Checks the free space repeatedly during an upload, without waiting for a file system. */
export class FreeSpaceWatch {
  readonly #storage: Storage;
  readonly #limits: Limits;
  #written = 0;

  constructor({ storage, limits }: SpaceContext) {
    this.#storage = storage;
    this.#limits = limits;
  }

  /** Counts written bytes. Returns the error when no more may be written. */
  after(bytes: number): InsufficientStorageError | undefined {
    this.#written += bytes;
    return this.#written < CHECK_BYTES ? undefined : this.check();
  }

  /** The error when nothing may be written, by the last known free space. */
  check(): InsufficientStorageError | undefined {
    const spaces = this.#storage.space.estimate(this.#written);
    this.#written = 0;
    return isBelowMinimum(spaces, this.#limits) ? new InsufficientStorageError() : undefined;
  }
}

function isBelowMinimum(
  spaces: readonly { free: number; total: number }[],
  { minFreeBytes }: Limits,
  share = 1,
): boolean {
  // Without a minimum, the file system reports when it is full; an estimate does not count.
  if (minFreeBytes === 0) return false;
  return spaces.some(({ free, total }) => free < share * (minFreeBytes ?? Math.min(GIB, total / 20)));
}

/**
 * Returns a function that logs when a disk becomes full, or is no longer full; once for each
 * change.
 */
export function fullDiskLogger(ctx: SpaceContext & Pick<Context, 'log'>): () => Promise<void> {
  let wasLow = false;
  return async () => {
    const { freeBytes, isLow } = await freeSpaceOf(ctx);
    if (isLow === wasLow) return;
    wasLow = isLow;
    if (isLow)
      ctx.log.error({ freeBytes }, 'the disk is full: uploads are refused until more than MIN_FREE_BYTES are free');
    else ctx.log.info({ freeBytes }, 'the disk is no longer full: uploads are accepted');
  };
}
