import { close, constants, fstat, fsync, ftruncate, open, write } from 'node:fs';
import { promisify } from 'node:util';
import { buffersOf128KiB } from './buffers.ts';

const openFile = promisify(open);
const syncFile = promisify(fsync);
const closeFile = promisify(close);
const statFile = promisify(fstat);
const truncateFile = promisify(ftruncate);

/**
 * Just under 128 KiB. On ext4 under virtual machines, aligned writes of 128 KiB and more were
 * measured to take up to four times the CPU at random, and smaller ones to spend theirs in the
 * thread pool.
 */
const WRITE_BYTES = 131_068;
/**
 * Full buffers that may wait for the disk before `write` signals the sender to pause: half a MiB a
 * file.
 */
const MAX_QUEUED_BUFFERS = 4;

/** A buffer, and how many of its bytes are to be written. */
interface FilledBuffer {
  buffer: Buffer;
  used: number;
}

/**
 * Writes a file from chunks of any size, in constant memory: chunks are copied into reused buffers,
 * so that their own memory can be freed at once, and one write is in flight at a time (several at
 * once contend for the lock of the inode). The file is a new one, or an existing one that is
 * continued after its first `from` bytes.
 */
export class BufferedFileWriter {
  readonly #path: string;
  readonly #from: number | undefined;
  readonly #queue: FilledBuffer[] = [];
  #buffer: Buffer | undefined;
  #used = 0;
  #position: number;
  #fd: number | undefined;
  #failure: Error | undefined;
  /** Writes until the queue is empty; undefined when nothing is written. */
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
      this.#buffer ??= buffersOf128KiB.acquire();
      const part = chunk.subarray(offset, offset + WRITE_BYTES - this.#used);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      offset += part.length;
      if (this.#used === WRITE_BYTES) this.#flush();
    }
    return this.#queue.length < MAX_QUEUED_BUFFERS;
  }

  drained(): Promise<void> {
    if (this.#queue.length < MAX_QUEUED_BUFFERS || this.#failure) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Whether the file exists. */
  get created(): boolean {
    return this.#created;
  }

  /** Writes what is left, syncs and closes. Without any bytes, an empty file is created. */
  end(): Promise<void> {
    this.#ending = this.sync().finally(() => this.#release());
    return this.#ending;
  }

  /**
   * Fulfils when everything written so far is safe from a power cut. Nothing may be written
   * meanwhile.
   */
  async sync(): Promise<void> {
    if (this.#used > 0) this.#flush();
    await this.#writing;
    if (this.#failure) throw this.#failure;
    await syncFile(await this.#open());
  }

  /** Stops, after the write in flight: its descriptor must not be closed, and reused, meanwhile. */
  async stop(): Promise<void> {
    this.#failure ??= new Error('The upload was stopped.');
    await this.#writing;
    await this.#ending?.catch(() => {}); // `end()` has rejected with it
    await this.#release();
  }

  #flush(): void {
    if (this.#buffer) this.#queue.push({ buffer: this.#buffer, used: this.#used });
    this.#buffer = undefined;
    this.#used = 0;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Never rejects: `end()` rejects with a failure. */
  async #drain(): Promise<void> {
    try {
      const fd = await this.#open();
      for (let next = this.#queue[0]; next && !this.#failure; next = this.#queue[0]) {
        await this.#writeAll(fd, next.buffer.subarray(0, next.used));
        this.#queue.shift();
        buffersOf128KiB.release(next.buffer);
        this.#wake();
      }
    } catch (error) {
      this.#failure ??= error as Error;
    }
    if (this.#failure) {
      for (const { buffer } of this.#queue.splice(0)) buffersOf128KiB.release(buffer);
      this.#wake();
    }
  }

  async #open(): Promise<number> {
    if (this.#fd !== undefined) return this.#fd;
    // 'wx': nothing else may have this name. A file that should have bytes is not created empty:
    // another server may have them.
    const continued = this.#from === 0 ? constants.O_RDWR | constants.O_CREAT : constants.O_RDWR;
    const flags = this.#from === undefined ? 'wx' : continued;
    this.#fd = await openFile(this.#path, flags, 0o600);
    this.#created = true;
    if (this.#from !== undefined) await this.#truncate(this.#fd, this.#from);
    return this.#fd;
  }

  /** Bytes after `from` were never acknowledged, and may be anything. */
  async #truncate(fd: number, from: number): Promise<void> {
    const { size } = await statFile(fd);
    if (size < from) throw new Error(`There are ${size} bytes where ${from} were written.`);
    await truncateFile(fd, from);
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
    if (this.#buffer) buffersOf128KiB.release(this.#buffer);
    this.#buffer = undefined;
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
