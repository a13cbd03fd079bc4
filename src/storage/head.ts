import { largeBuffers } from './buffers.ts';

/**
 * How many bytes of its beginning a staged blob keeps in memory: the type of a file and the
 * dimensions of an image are found in them, also behind the previews that cameras put first.
 */
export const HEAD_BYTES = largeBuffers.size;

/** The first bytes of what is written. */
export class Head {
  #buffer: Buffer | undefined;
  #size = 0;

  /** Copies what belongs to the head. */
  write(chunk: Uint8Array): void {
    if (this.#size === HEAD_BYTES) return;
    this.#buffer ??= largeBuffers.acquire();
    const part = chunk.subarray(0, HEAD_BYTES - this.#size);
    this.#buffer.set(part, this.#size);
    this.#size += part.length;
  }

  /** Valid until `release()`. */
  get bytes(): Uint8Array {
    return this.#buffer?.subarray(0, this.#size) ?? new Uint8Array();
  }

  /** Frees its memory. Nothing may be written after it. */
  release(): void {
    if (this.#buffer) largeBuffers.release(this.#buffer);
    this.#buffer = undefined;
    this.#size = HEAD_BYTES;
  }
}
