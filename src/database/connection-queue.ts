import { DatabaseUnavailableError } from '../errors.ts';

/** Lets one at a time hold a connection, in the order in which they came. */
export class ConnectionQueue {
  readonly #waiting: (() => void)[] = [];
  readonly #onIdle: () => void;
  #isHeld = false;
  #isClosed = false;

  /** `onIdle` is called whenever the connection was released and nobody waits for it. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Throws `DatabaseUnavailableError` when the queue is closed. */
  async acquire(): Promise<void> {
    if (this.#isHeld && !this.#isClosed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isClosed) throw new DatabaseUnavailableError({ cause: new Error('The database is closed.') });
    this.#isHeld = true;
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next) {
      next();
    } else {
      this.#isHeld = false;
      this.#onIdle();
    }
  }

  /** Waits for those that came before. Those that come later fail. */
  async close(): Promise<void> {
    await this.acquire();
    this.#isClosed = true;
    for (const fail of this.#waiting.splice(0)) fail();
  }
}
