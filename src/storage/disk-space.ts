import { statfs } from 'node:fs/promises';

/** How long an answer of a file system is good, in milliseconds. */
const FRESH_MS = 1000;

/** Of one file system, in bytes. `free` is what a process without privileges may still write. */
export interface FreeSpace {
  free: number;
  total: number;
}

/**
 * The free space of the file systems below some folders. They are asked at most once a second, and
 * never on the event loop: however many uploads are under way, asking costs next to nothing.
 */
export class DiskSpace {
  readonly #folders: readonly string[];
  #known: FreeSpace[] = [];
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** The folders have to be there. */
  static async open(folders: readonly string[]): Promise<DiskSpace> {
    const space = new DiskSpace(folders);
    await space.read();
    return space;
  }

  /** One entry for each folder, not older than a second. Throws when a folder cannot be asked. */
  async read(): Promise<readonly FreeSpace[]> {
    if (!this.#isFresh) await this.#ask();
    return this.#known;
  }

  /**
   * What is known already, less the bytes that the caller has written since it asked last. For
   * those who cannot wait: where it is old, it is asked anew in the background.
   */
  estimate(written: number): readonly FreeSpace[] {
    this.#known = this.#known.map(({ free, total }) => ({ free: free - written, total }));
    // A folder that cannot be asked is reported to the next who waits for the answer.
    if (!this.#isFresh) this.#ask().catch(() => {});
    return this.#known;
  }

  get #isFresh(): boolean {
    return performance.now() - this.#askedAt < FRESH_MS;
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#askAll().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askAll(): Promise<void> {
    const answers = await Promise.all(this.#folders.map((folder) => statfs(folder)));
    this.#askedAt = performance.now();
    // A file system that has no size, as some in user space, says nothing of its free space either.
    this.#known = answers
      .filter(({ blocks }) => blocks > 0)
      .map(({ bavail, blocks, bsize }) => ({ free: bavail * bsize, total: blocks * bsize }));
  }
}
