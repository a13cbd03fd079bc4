import { close, fsync, open, write } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const syncFile = promisify(fsync);
const closeFile = promisify(close);

/**
 * Just under 128 KiB. On ext4 under virtual machines, aligned writes of 128 KiB and more were measured to take up to
 * four times the CPU at random, and smaller ones to spend theirs in the thread pool.
 */
const SLAB_BYTES = 131_068;
/** Full slabs that may wait for the disk before the sender is told to pause: half a MiB a file. */
const SLABS_IN_QUEUE = 4;
const SPARE_SLABS = 32;
const spare: Buffer[] = [];

const takeSlab = () => spare.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
const giveSlab = (slab: Buffer) => {
  if (spare.length < SPARE_SLABS) spare.push(slab);
};

/**
 * Writes a new file from chunks of any size, in constant memory: chunks are copied into slabs that are used again,
 * so that the memory they came in can be freed at once, and one write is in flight at a time
 * (several at once contend for the inode's lock).
 */
export class SlabWriter {
  readonly #path: string;
  readonly #full: Buffer[] = [];
  #slab: Buffer | undefined;
  #used = 0;
  #position = 0;
  #fd: number | undefined;
  #failure: Error | undefined;
  /** The writing under way; undefined when the disk has nothing to do. */
  #writing: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #created = false;
  #waiting: (() => void)[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  write(chunk: Uint8Array): boolean {
    for (let offset = 0; offset < chunk.length && !this.#failure; ) {
      this.#slab ??= takeSlab();
      const part = chunk.subarray(offset, offset + SLAB_BYTES - this.#used);
      this.#slab.set(part, this.#used);
      this.#used += part.length;
      offset += part.length;
      if (this.#used === SLAB_BYTES) this.#flush();
    }
    return this.#full.length < SLABS_IN_QUEUE;
  }

  drained(): Promise<void> {
    if (this.#full.length < SLABS_IN_QUEUE || this.#failure) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Whether there is a file to be found. */
  get created(): boolean {
    return this.#created;
  }

  /** Writes what is left, syncs and closes. A file of no bytes exists as well. */
  end(): Promise<void> {
    this.#ending = this.#finish();
    return this.#ending;
  }

  async #finish(): Promise<void> {
    const rest = this.#slab?.subarray(0, this.#used);
    await this.#writing;
    try {
      if (this.#failure) throw this.#failure;
      const fd = await this.#open();
      if (rest) await this.#writeAll(fd, rest);
      await syncFile(fd);
    } finally {
      await this.#release();
    }
  }

  /** Stops. The write in flight is waited for: its descriptor may not be closed, and used again, under it. */
  async stop(): Promise<void> {
    this.#failure ??= new Error('The upload was stopped.');
    await this.#writing;
    await this.#ending?.catch(() => {}); // told to whoever asked for the end
    await this.#release();
  }

  #flush(): void {
    if (this.#slab) this.#full.push(this.#slab);
    this.#slab = undefined;
    this.#used = 0;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Never rejects: a failure is kept, and told by `end()`. */
  async #drain(): Promise<void> {
    try {
      const fd = await this.#open();
      for (let slab = this.#full[0]; slab && !this.#failure; slab = this.#full[0]) {
        await this.#writeAll(fd, slab);
        this.#full.shift();
        giveSlab(slab);
        this.#wake();
      }
    } catch (error) {
      this.#failure ??= error as Error;
    }
    if (this.#failure) {
      this.#full.splice(0).forEach(giveSlab);
      this.#wake();
    }
  }

  async #open(): Promise<number> {
    // 'wx': the name is ours alone, and nothing may lie there.
    this.#fd ??= await openFile(this.#path, 'wx', 0o600);
    this.#created = true;
    return this.#fd;
  }

  async #writeAll(fd: number, bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      offset += await writeSome(fd, bytes, offset, this.#position + offset);
    }
    this.#position += bytes.length;
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  async #release(): Promise<void> {
    if (this.#slab) giveSlab(this.#slab);
    this.#slab = undefined;
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) await closeFile(fd);
  }
}

function writeSome(fd: number, bytes: Uint8Array, offset: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, offset, bytes.length - offset, position, (error, written) =>
      error ? reject(error) : resolve(written),
    );
  });
}
