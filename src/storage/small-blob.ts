import { GrowingBuffer } from './buffers.ts';
import { HEAD_BYTES } from './head.ts';
import type { PendingBlob, StagedBlob } from './storage.ts';

/**
 * Bytes of memory that all small blobs may take together, from their first byte until their
 * transaction is committed. Beyond it, blobs are staged in the other storage: those of a thousand
 * slow uploads, or of a request of thousands of files, would fill the memory.
 */
const MAX_MEMORY = 16 * 1024 ** 2;

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
  readonly #buffer = new GrowingBuffer();
  #spilled: StagedBlob | undefined;
  #key: string | undefined;
  #isReleased = false;
  /** Whether a transaction may still read the bytes. */
  #isPending = false;

  constructor(options: SmallBlobStaging) {
    this.#options = options;
  }

  get head(): Uint8Array {
    return this.#spilled?.head ?? this.#buffer.bytes.subarray(0, HEAD_BYTES);
  }

  write(chunk: Uint8Array): boolean {
    if (this.#isReleased) return true;
    if (!this.#spilled && this.#takeMemory(this.#buffer.size + chunk.length)) {
      this.#buffer.write(chunk);
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
    this.#isPending = true;
    return { key: this.#key, bytes: this.#buffer.bytes };
  }

  release(): void {
    this.#isPending = false; // the transaction that read the bytes is committed
    this.#isReleased = true;
    this.#free();
  }

  async discard(): Promise<void> {
    if (this.#spilled) return this.#spilled.discard();
    this.#isReleased = true;
    this.#free();
  }

  /** Takes memory for so many bytes. False when that exceeds the size or the shared memory. */
  #takeMemory(bytes: number): boolean {
    const { maxSize, memory } = this.#options;
    if (bytes > maxSize) return false;
    const { capacity } = this.#buffer;
    const needed = this.#buffer.capacityFor(bytes);
    if (needed === capacity) return true;
    if (!memory.take(needed)) return false; // the buffer is copied, so both exist for a moment
    memory.giveBack(capacity);
    return true;
  }

  #spill(): StagedBlob {
    const blob = this.#options.spill();
    if (this.#buffer.size > 0) blob.write(this.#buffer.bytes);
    this.#free();
    return blob;
  }

  #free(): void {
    this.#options.memory.giveBack(this.#buffer.capacity);
    this.#buffer.free({ reuse: !this.#isPending });
  }
}
