import type { Frame } from './frame.ts';

/** Bytes of frames that a node keeps for those who come later, of all groups together. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Bounds what all groups of a node keep, by bytes: beyond it, what was kept first is forgotten first. */
export class FrameCache {
  /** In the order in which they came, each with what takes it out of its group. */
  readonly #kept = new Map<Frame, () => void>();
  #bytes = 0;

  add(frame: Frame, forget: () => void): void {
    this.#kept.set(frame, forget);
    this.#bytes += frame.bytes.length;
    for (const [oldest, forgetOldest] of this.#kept) {
      if (this.#bytes <= MAX_BYTES) return;
      this.delete(oldest);
      forgetOldest();
    }
  }

  delete(frame: Frame): void {
    if (this.#kept.delete(frame)) this.#bytes -= frame.bytes.length;
  }
}
