/** How slowly a client may send a body. */
export interface Pace {
  /** How long it may send nothing at all, in milliseconds. */
  idleMs: number;
  /** How long it may take beyond what its bytes are due, in milliseconds. */
  graceMs: number;
  /** The least that it sends on average, in bytes a second. */
  bytesPerSecond: number;
}

/**
 * The time that a client has for a body: it grows with the bytes that came. Without it, a client that sends a byte now
 * and then would keep a connection, and what the server holds for it, for as long as it likes. Time in which the
 * server is not ready to read is not the client's, and does not count.
 */
export class TransferClock {
  readonly #pace: Pace;
  #received = 0;
  #waitedMs = 0;
  #waitingSince: number | undefined;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** The server is ready for more bytes from now on. */
  wait(): void {
    this.#waitingSince ??= performance.now();
  }

  /** The server is not ready, or need not be. */
  stop(): void {
    if (this.#waitingSince !== undefined) this.#waitedMs += performance.now() - this.#waitingSince;
    this.#waitingSince = undefined;
  }

  received(bytes: number): void {
    this.stop();
    this.#received += bytes;
  }

  /** How long the next bytes may take from now on, in milliseconds; nothing or less when the time is over. */
  get remainingMs(): number {
    const { idleMs, graceMs, bytesPerSecond } = this.#pace;
    const waiting = this.#waitingSince === undefined ? 0 : performance.now() - this.#waitingSince;
    const due = graceMs + (this.#received / bytesPerSecond) * 1000;
    return Math.min(idleMs - waiting, due - this.#waitedMs - waiting);
  }

  /** What the client is told when its time is over. */
  get reason(): string {
    const { idleMs, bytesPerSecond } = this.#pace;
    return `The request sent nothing for ${idleMs / 1000} seconds, or less than ${bytesPerSecond} bytes a second.`;
  }
}
