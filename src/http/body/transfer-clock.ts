/** How slowly a client may send a body. */
export interface Pace {
  /** The longest time without a byte, in milliseconds. */
  idleMs: number;
  /** Added to the time that the received bytes earn, in milliseconds. */
  graceMs: number;
  /** The lowest average rate, in bytes per second. */
  bytesPerSecond: number;
}

/**
 * Measures the time that a client has for a body. The time grows with the bytes received; otherwise
 * a client that sends one byte now and then would keep its connection and the server's memory
 * without end. Time in which the server is not ready to read does not count.
 */
export class TransferClock {
  readonly #pace: Pace;
  #receivedBytes = 0;
  #waitedMs = 0;
  #waitingSince: number | undefined;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Starts to count time: the server is ready for more bytes. */
  wait(): void {
    this.#waitingSince ??= performance.now();
  }

  /** Stops counting time: the server is not ready, or needs no more bytes. */
  stop(): void {
    if (this.#waitingSince !== undefined) this.#waitedMs += performance.now() - this.#waitingSince;
    this.#waitingSince = undefined;
  }

  /** Counts received bytes, and stops the clock. */
  received(bytes: number): void {
    this.stop();
    this.#receivedBytes += bytes;
  }

  /** How long the next bytes may still take, in milliseconds; zero or less when time is up. */
  get remainingMs(): number {
    const { idleMs, graceMs, bytesPerSecond } = this.#pace;
    const waitingMs = this.#waitingSince === undefined ? 0 : performance.now() - this.#waitingSince;
    const allowedMs = graceMs + (this.#receivedBytes / bytesPerSecond) * 1000;
    return Math.min(idleMs - waitingMs, allowedMs - this.#waitedMs - waitingMs);
  }

  /** The message for a client whose time is up. */
  get reason(): string {
    const { idleMs, bytesPerSecond } = this.#pace;
    return `The request sent nothing for ${idleMs / 1000} seconds, or less than ${bytesPerSecond} bytes a second.`;
  }
}
