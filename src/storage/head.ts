import { GrowingBuffer } from './buffers.ts';

/**
 * How many bytes of its beginning a staged blob keeps in memory: the type of a file and the
 * dimensions of an image are found in them, also behind the previews that cameras put first.
 */
export const HEAD_BYTES = 128 * 1024;

/** The first bytes of what is written. */
export class Head {
  readonly #buffer = new GrowingBuffer();
  #isReleased = false;

  /** Copies what belongs to the head. */
  write(chunk: Uint8Array): void {
    const missing = HEAD_BYTES - this.#buffer.size;
    if (missing > 0 && !this.#isReleased) this.#buffer.write(chunk.subarray(0, missing));
  }

  /** Valid until more is written, or `release()`. */
  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  /** Frees its memory. What is written after it is ignored. */
  release(): void {
    this.#isReleased = true;
    this.#buffer.free();
  }
}
