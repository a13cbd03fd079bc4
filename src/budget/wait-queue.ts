import { RateLimitedError } from '../errors.ts';

interface Waiting {
  bytes: number;
  deadline: number;
  admit(): void;
  refuse(error: Error): void;
}

/** How long an entry waits before its request is refused. */
const MAX_WAIT_MS = 30_000;

/**
 * What one request waits for, in order of arrival. All of it is refused together, with one error,
 * because the response can no longer be complete. Every operation but `refuse` takes constant time.
 */
export class WaitQueue {
  readonly #expired: (error: RateLimitedError) => void;
  readonly #message: string;
  #waiting: Waiting[] = [];
  /** The index of the first that waits; those before it were admitted. */
  #first = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * `expired` is called when the first entry has waited too long, with a `RateLimitedError` of this
   * message.
   */
  constructor(message: string, expired: (error: RateLimitedError) => void) {
    this.#message = message;
    this.#expired = expired;
  }

  get length(): number {
    return this.#waiting.length - this.#first;
  }

  /** The bytes that the first entry waits for. */
  get bytes(): number {
    return this.#waiting[this.#first]?.bytes ?? 0;
  }

  /** Resolves when the entry is admitted; rejects when the request is refused. */
  wait(bytes = 0): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ bytes, deadline: performance.now() + MAX_WAIT_MS, admit: resolve, refuse: reject });
    this.#timer ??= setTimeout(() => this.#check(), MAX_WAIT_MS);
    return promise;
  }

  /** Admits the first entry. */
  admit(): void {
    this.#waiting[this.#first]?.admit();
    this.#first += 1;
    if (this.length === 0) this.#clear();
    else if (this.#first > 1000 && this.#first > this.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Refuses all entries. */
  refuse(error: Error): void {
    const refused = this.#waiting.slice(this.#first);
    this.#clear();
    for (const one of refused) one.refuse(error);
  }

  /**
   * One timer for the whole queue: it runs until the deadline of the entry that was first when it
   * began.
   */
  #check(): void {
    const first = this.#waiting[this.#first];
    // Timers may be a fraction of a millisecond early.
    const ms = Math.ceil((first?.deadline ?? 0) - performance.now());
    if (ms > 1) this.#timer = setTimeout(() => this.#check(), ms);
    else this.#expired(new RateLimitedError(this.#message, 5));
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#first = 0;
  }
}
