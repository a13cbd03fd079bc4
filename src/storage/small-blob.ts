import { type BufferPool, largeBuffers, smallBuffers } from './buffers.ts';
import { HEAD_BYTES } from './head.ts';
import type { PendingBlob, StagedBlob } from './storage.ts';

/**
 * Bytes of memory that all small blobs may take together, from their first byte until their
 * transaction is committed. Beyond it, blobs are staged in the other storage: a thousand slow
 * uploads, or a request of thousands of files, take no more memory than this.
 */
const MAX_MEMORY = 16 * 1024 ** 2;
/** In bytes. A buffer of a blob that arrives in tiny chunks is not smaller. */
const MIN_BUFFER = 1024;
/** In bytes. Larger buffers are used again. */
const MAX_OWN_BUFFER = 32 * 1024;

/** The memory that small blobs share. */
export class StagingMemory {
  readonly #limit: number;
  #used = 0;

  constructor(limit = MAX_MEMORY) {
    this.#limit = limit;
  }

  /** In bytes. */
  get used(): number {
    return this.#used;
  }

  /** False, and nothing is taken, when fewer bytes are left. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}

export interface SmallBlobStaging {
  /** In bytes. */
  maxSize: number;
  memory: StagingMemory;
  newKey(): string;
  /** Begins to stage the blob in the other storage. */
  spill(): StagedBlob;
}

/**
 * A blob that is staged in memory. One that gets too large is passed to the other storage, with all
 * bytes so far, and from then on every call.
 */
export class SmallBlob implements StagedBlob {
  readonly #options: SmallBlobStaging;
  #buffer: Buffer = Buffer.alloc(0);
  /** Where the buffer is from. */
  #pool: BufferPool | undefined;
  #size = 0;
  #spilled: StagedBlob | undefined;
  #key: string | undefined;
  #isReleased = false;
  /** Whether someone may still read the buffer, so that it cannot be used again. */
  #isShared = false;

  constructor(options: SmallBlobStaging) {
    this.#options = options;
  }

  get head(): Uint8Array {
    return this.#spilled?.head ?? this.#buffer.subarray(0, Math.min(this.#size, HEAD_BYTES));
  }

  write(chunk: Uint8Array): boolean {
    if (this.#isReleased) return true;
    if (!this.#spilled && this.#ensureCapacity(this.#size + chunk.length)) {
      this.#buffer.set(chunk, this.#size);
      this.#size += chunk.length;
      return true;
    }
    this.#spilled ??= this.#spill();
    return this.#spilled.write(chunk);
  }

  async drained(): Promise<void> {
    await this.#spilled?.drained();
  }

  async end(): Promise<void> {
    if (this.#spilled) return this.#spilled.end();
    if (this.#isReleased) throw new Error('The upload was stopped.');
  }

  async commit(): Promise<string> {
    if (this.#spilled) return this.#spilled.commit();
    if (this.#isReleased) throw new Error('The upload was stopped.');
    this.#key ??= this.#options.newKey();
    return this.#key;
  }

  get pending(): PendingBlob | undefined {
    if (this.#key === undefined) return undefined;
    if (this.#isReleased) throw new Error('The bytes of the upload are no longer in memory.');
    this.#isShared = true;
    return { key: this.#key, bytes: this.#buffer.subarray(0, this.#size) };
  }

  release(): void {
    this.#isShared = false; // the transaction has inserted the bytes
    this.#drop();
  }

  #drop(): void {
    this.#isReleased = true;
    this.#free();
  }

  async discard(): Promise<void> {
    if (this.#spilled) return this.#spilled.discard();
    this.#drop();
  }

  /** Grows the buffer to hold `bytes`. False when that exceeds the size or the memory. */
  #ensureCapacity(bytes: number): boolean {
    if (bytes > this.#options.maxSize) return false;
    if (bytes <= this.#buffer.length) return true;
    // Doubled, so that a blob of tiny chunks is copied a few times and not once for each.
    const doubled = Math.min(this.#options.maxSize, Math.max(bytes, 2 * this.#buffer.length, MIN_BUFFER));
    const pool = doubled > MAX_OWN_BUFFER ? poolFor(bytes) : undefined;
    const capacity = pool?.size ?? doubled;
    if (!this.#options.memory.take(capacity)) return false;
    const buffer = pool?.acquire() ?? Buffer.allocUnsafeSlow(capacity);
    buffer.set(this.#buffer.subarray(0, this.#size));
    this.#free();
    this.#buffer = buffer;
    this.#pool = pool;
    return true;
  }

  #spill(): StagedBlob {
    const blob = this.#options.spill();
    if (this.#size > 0) blob.write(this.#buffer.subarray(0, this.#size));
    this.#free();
    return blob;
  }

  #free(): void {
    this.#options.memory.giveBack(this.#buffer.length);
    if (!this.#isShared) this.#pool?.release(this.#buffer);
    this.#pool = undefined;
    this.#buffer = Buffer.alloc(0);
  }
}

const poolFor = (bytes: number): BufferPool | undefined =>
  [smallBuffers, largeBuffers].find(({ size }) => bytes <= size);
