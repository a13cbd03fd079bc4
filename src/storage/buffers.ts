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

export const buffersOf64KiB = new BufferPool(64 * 1024);
export const buffersOf128KiB = new BufferPool(128 * 1024);

/** In bytes. A buffer that is filled in tiny chunks is not smaller. */
const MIN_CAPACITY = 1024;
/** In bytes. Larger buffers come from a pool, if there is one of their size. */
const MAX_OWN_CAPACITY = 32 * 1024;

/** Bytes in one buffer, which grows with them: it has at most twice their size, or a KiB. */
export class GrowingBuffer {
  #buffer: Buffer = Buffer.alloc(0);
  #pool: BufferPool | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The size of its memory, in bytes. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /** Valid until it grows or is freed. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  /** The capacity that it will have with so many bytes. */
  capacityFor(bytes: number): number {
    if (bytes <= this.capacity) return this.capacity;
    // Doubled, so that bytes in tiny chunks are copied a few times and not once for each chunk.
    const doubled = Math.max(bytes, 2 * this.capacity, MIN_CAPACITY);
    if (bytes <= MAX_OWN_CAPACITY) return Math.min(doubled, MAX_OWN_CAPACITY);
    return poolFor(bytes)?.size ?? doubled;
  }

  /** Copies the chunk. */
  write(chunk: Uint8Array): void {
    this.#grow(this.#size + chunk.length);
    this.#buffer.set(chunk, this.#size);
    this.#size += chunk.length;
  }

  /** Frees the memory. Without `reuse`, someone else may still read it. */
  free({ reuse = true } = {}): void {
    if (reuse) this.#pool?.release(this.#buffer);
    this.#pool = undefined;
    this.#buffer = Buffer.alloc(0);
    this.#size = 0;
  }

  #grow(bytes: number): void {
    if (bytes <= this.capacity) return;
    const capacity = this.capacityFor(bytes);
    const pool = bytes > MAX_OWN_CAPACITY ? poolFor(bytes) : undefined;
    const buffer = pool?.acquire() ?? Buffer.allocUnsafeSlow(capacity);
    buffer.set(this.bytes);
    this.#pool?.release(this.#buffer);
    this.#buffer = buffer;
    this.#pool = pool;
  }
}

const poolFor = (bytes: number): BufferPool | undefined =>
  [buffersOf64KiB, buffersOf128KiB].find(({ size }) => bytes <= size);
