import { statfs } from 'node:fs/promises';

/** How long a result counts as current. */
const FRESH_MS = 1000;

/** Of one file system, in bytes. `free` is what a process without privileges may still write. */
export interface FreeSpace {
  free: number;
  total: number;
}

/**
 * The free space of the file systems below some folders. It is read at most once a second, and
 * never on the event loop: however many uploads are under way, it costs next to nothing.
 */
export class DiskSpace {
  readonly #folders: readonly string[];
  #known: FreeSpace[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** The folders have to exist. */
  static async open(folders: readonly string[]): Promise<DiskSpace> {
    const space = new DiskSpace(folders);
    await space.read();
    return space;
  }

  /** One entry for each folder, at most a second old. Throws when a folder cannot be read. */
  async read(): Promise<readonly FreeSpace[]> {
    if (!this.#isFresh) await this.#refresh();
    return this.#known;
  }

  /**
   * The last result, less the bytes that the caller has written since its last call. For callers
   * that cannot wait: a result that is too old is read again in the background.
   */
  estimate(written: number): readonly FreeSpace[] {
    this.#known = this.#known.map(({ free, total }) => ({ free: free - written, total }));
    // The next `read()` rejects for a folder that cannot be read.
    if (!this.#isFresh) this.#refresh().catch(() => {});
    return this.#known;
  }

  get #isFresh(): boolean {
    return performance.now() - this.#readAt < FRESH_MS;
  }

  #refresh(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    const answers = await Promise.all(this.#folders.map((folder) => statfs(folder)));
    this.#readAt = performance.now();
    // A file system without a size, as some in user space, reports no free space either.
    this.#known = answers
      .filter(({ blocks }) => blocks > 0)
      .map(({ bavail, blocks, bsize }) => ({ free: bavail * bsize, total: blocks * bsize }));
  }
}
