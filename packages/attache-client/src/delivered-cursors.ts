/** The most cursors that are kept to recognise an event that was delivered already. */
const MAX_KNOWN = 1000;

/** The cursors of the last events that were delivered. */
export class DeliveredCursors {
  readonly #known = new Set<string>();
  #waiting: { cursor: string; resolve(): void } | undefined;

  has(cursor: string): boolean {
    return this.#known.has(cursor);
  }

  add(cursor: string): void {
    this.#known.add(cursor);
    const [oldest = ''] = this.#known;
    if (this.#known.size > MAX_KNOWN) this.#known.delete(oldest);
    if (this.#waiting?.cursor === cursor) this.#waiting.resolve();
  }

  /** Resolves when the event with this cursor was delivered. Replaces the wait for another one. */
  arrival(cursor: string): Promise<void> {
    if (this.has(cursor)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { cursor, resolve };
    });
  }
}
