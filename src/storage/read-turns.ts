/** Of blobs of 128 KiB, SQLite reads so many in about a millisecond. */
const READS_A_TURN = 8;

/**
 * Divides synchronous reads among turns of the event loop. Those of a thousand downloads that wait
 * would otherwise run one after the other, with no other request between them.
 */
export class ReadTurns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in a later turn, in the order of the calls, for at most `READS_A_TURN` in each. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(() => this.#startReads());
    });
  }

  #startReads(): void {
    for (const resolve of this.#waiting.splice(0, READS_A_TURN)) resolve();
    if (this.#waiting.length > 0) setImmediate(() => this.#startReads());
  }
}
