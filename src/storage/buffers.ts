const MAX_SPARE = 32;

/**
 * Buffers of one size, which are used again. A new one costs more than to fill it: the kernel
 * clears its pages, and each is memory outside of the heap that the garbage collector counts.
 */
export class BufferPool {
  /** In bytes. */
  readonly size: number;
  readonly #spare: Buffer[] = [];

  constructor(size: number) {
    this.size = size;
  }

  /** A buffer with anything in it. */
  acquire(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Takes back a buffer that nothing reads or writes any more. */
  release(buffer: Buffer): void {
    if (this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
  }
}

/** Buffers of 64 KiB. */
export const smallBuffers = new BufferPool(64 * 1024);
/** Buffers of 128 KiB. */
export const largeBuffers = new BufferPool(128 * 1024);
