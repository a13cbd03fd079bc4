import { close, constants, fstat, fsync, ftruncate, open, write } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const syncFile = promisify(fsync);
const closeFile = promisify(close);
const statFile = promisify(fstat);
const cutFile = promisify(ftruncate);

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

/** A slab, and how much of it is to be written. */
interface Filled {
  slab: Buffer;
  used: number;
}

/**
 * Writes a file from chunks of any size, in constant memory: chunks are copied into slabs that are used again,
 * so that the memory they came in can be freed at once, and one write is in flight at a time
 * (several at once contend for the inode's lock). The file is a new one, or one that is there and goes on after its first
 * `from` bytes.
 */
export class BufferedFileWriter {
  readonly #path: string;
  readonly #from: number | undefined;
  readonly #full: Filled[] = [];
  #slab: Buffer | undefined;
  #used = 0;
  #position: number;
  #fd: number | undefined;
  #failure: Error | undefined;
  /** The writing under way; undefined when the disk has nothing to do. */
  #writing: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #created = false;
  #waiting: (() => void)[] = [];

  constructor(path: string, from?: number) {
    this.#path = path;
    this.#from = from;
    this.#position = from ?? 0;
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
    this.#ending = this.sync().finally(() => this.#release());
    return this.#ending;
  }

  /** Answers when all that was given so far is safe from a power cut. Nothing may be given meanwhile. */
  async sync(): Promise<void> {
    if (this.#used > 0) this.#flush();
    await this.#writing;
    if (this.#failure) throw this.#failure;
    await syncFile(await this.#open());
  }

  /** Stops. The write in flight is waited for: its descriptor may not be closed, and used again, under it. */
  async stop(): Promise<void> {
    this.#failure ??= new Error('The upload was stopped.');
    await this.#writing;
    await this.#ending?.catch(() => {}); // told to whoever asked for the end
    await this.#release();
  }

  #flush(): void {
    if (this.#slab) this.#full.push({ slab: this.#slab, used: this.#used });
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
      for (let next = this.#full[0]; next && !this.#failure; next = this.#full[0]) {
        await this.#writeAll(fd, next.slab.subarray(0, next.used));
        this.#full.shift();
        giveSlab(next.slab);
        this.#wake();
      }
    } catch (error) {
      this.#failure ??= error as Error;
    }
    if (this.#failure) {
      for (const { slab } of this.#full.splice(0)) giveSlab(slab);
      this.#wake();
    }
  }

  async #open(): Promise<number> {
    if (this.#fd !== undefined) return this.#fd;
    // 'wx': the name is ours alone, and nothing may lie there.
    // One that should have bytes is not made: they may be at another server.
    const going = this.#from === 0 ? constants.O_RDWR | constants.O_CREAT : constants.O_RDWR;
    const flags = this.#from === undefined ? 'wx' : going;
    this.#fd = await openFile(this.#path, flags, 0o600);
    this.#created = true;
    if (this.#from !== undefined) await this.#goOn(this.#fd, this.#from);
    return this.#fd;
  }

  /** What lies behind was never told of to be safe, and may be anything. */
  async #goOn(fd: number, from: number): Promise<void> {
    const { size } = await statFile(fd);
    if (size < from) throw new Error(`There are ${size} bytes where ${from} were written.`);
    await cutFile(fd, from);
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
