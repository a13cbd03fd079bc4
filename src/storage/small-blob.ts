import type { PendingBlob, StagedBlob } from './storage.ts';

/**
 * Bytes of memory that all small blobs may take together, from their first byte until their
 * transaction is committed. Beyond it, blobs are staged in the other storage: a thousand slow
 * uploads, or a request of thousands of files, take no more memory than this.
 */
const MAX_MEMORY = 16 * 1024 ** 2;
/** In bytes. A buffer of a blob that arrives in tiny chunks is not smaller. */
const MIN_BUFFER = 1024;

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
  #size = 0;
  #spilled: StagedBlob | undefined;
  #key: string | undefined;
  #isReleased = false;

  constructor(options: SmallBlobStaging) {
    this.#options = options;
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
    if (this.#key === undefined || this.#isReleased) return undefined;
    return { key: this.#key, bytes: this.#buffer.subarray(0, this.#size) };
  }

  release(): void {
    this.#isReleased = true;
    this.#free();
  }

  async discard(): Promise<void> {
    if (this.#spilled) return this.#spilled.discard();
    this.release();
  }

  /** Grows the buffer to hold `bytes`. False when that exceeds the size or the memory. */
  #ensureCapacity(bytes: number): boolean {
    if (bytes > this.#options.maxSize) return false;
    if (bytes <= this.#buffer.length) return true;
    // Doubled, so that a blob of tiny chunks is copied a few times and not once for each.
    const capacity = Math.min(this.#options.maxSize, Math.max(bytes, 2 * this.#buffer.length, MIN_BUFFER));
    if (!this.#options.memory.take(capacity)) return false;
    const buffer = Buffer.allocUnsafeSlow(capacity);
    buffer.set(this.#buffer.subarray(0, this.#size));
    this.#free();
    this.#buffer = buffer;
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
    this.#buffer = Buffer.alloc(0);
  }
}
