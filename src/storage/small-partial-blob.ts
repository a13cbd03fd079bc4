import type { StagingMemory } from './small-blob.ts';
import type { PendingBlob, ResumedBlob } from './storage.ts';

interface SmallPartialOptions {
  /** How many bytes the upload has already. */
  from: number;
  /** In bytes. */
  maxSize: number;
  memory: StagingMemory;
  newKey(): string;
  /** The bytes of the upload, if they are still in its file. */
  read(length: number): Promise<Buffer | undefined>;
}

/**
 * A resumable upload. It grows in its file, because its bytes have to be safe before it is
 * complete. A small one is then read into memory, and moves to the database with its row; the file
 * is removed after that.
 */
export class SmallPartialBlob implements ResumedBlob {
  readonly #partial: ResumedBlob;
  readonly #options: SmallPartialOptions;
  #length: number;
  #pending: PendingBlob | undefined;

  constructor(partial: ResumedBlob, options: SmallPartialOptions) {
    this.#partial = partial;
    this.#options = options;
    this.#length = options.from;
  }

  write(chunk: Uint8Array): boolean {
    this.#length += chunk.length;
    return this.#partial.write(chunk);
  }

  drained(): Promise<void> {
    return this.#partial.drained();
  }

  sync(): Promise<void> {
    return this.#partial.sync();
  }

  end(): Promise<void> {
    return this.#partial.end();
  }

  async commit(): Promise<string> {
    if (this.#pending) return this.#pending.key;
    const bytes = await this.#readSmall();
    if (!bytes) return this.#partial.commit();
    this.#pending = { key: this.#options.newKey(), bytes };
    return this.#pending.key;
  }

  get pending(): PendingBlob | undefined {
    return this.#pending;
  }

  release(): void {
    if (this.#pending) this.#options.memory.giveBack(this.#length);
    this.#pending = undefined;
  }

  async discard(): Promise<void> {
    this.release();
    await this.#partial.discard();
  }

  async #readSmall(): Promise<Buffer | undefined> {
    const { maxSize, memory, read } = this.#options;
    if (this.#length > maxSize || !memory.take(this.#length)) return undefined;
    try {
      const bytes = await read(this.#length);
      if (!bytes) memory.giveBack(this.#length);
      return bytes;
    } catch (error) {
      memory.giveBack(this.#length);
      throw error;
    }
  }
}
