import type { Frame } from './frame.ts';

/** Bytes of the frames that all groups of a node keep for subscribers that catch up. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Bounds, by bytes, the frames that all groups of a node keep together. Beyond the bound, the
 * frames that were added first are evicted first.
 */
export class FrameCache {
  /** In the order of insertion, each with the callback that removes it from its group. */
  readonly #evictions = new Map<Frame, () => void>();
  #bytes = 0;

  /** Adds a frame. `evict` is called when the bound removes it, and not when `delete` does. */
  add(frame: Frame, evict: () => void): void {
    this.#evictions.set(frame, evict);
    this.#bytes += frame.bytes.length;
    for (const [oldest, evictOldest] of this.#evictions) {
      if (this.#bytes <= MAX_BYTES) return;
      this.delete(oldest);
      evictOldest();
    }
  }

  delete(frame: Frame): void {
    if (this.#evictions.delete(frame)) this.#bytes -= frame.bytes.length;
  }
}
