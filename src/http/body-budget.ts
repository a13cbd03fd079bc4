import type { IncomingMessage } from 'node:http';
import { Busy } from '../errors.ts';

/** Bodies up to this size have a budget of their own, so that a few large ones never keep an ordinary query out. */
const SMALL = 64 * 1024;
/** Bytes of all bodies of one kind that are held at once, and those of one user. */
const TOTAL = 64 * 1024 * 1024;
const PER_USER = TOTAL / 2;
/** How long a request waits for its turn, and how many requests may. */
const WAIT_MS = 10_000;
const MAX_WAITING = 1000;

interface Held {
  userId: number;
  bytes: number;
  pool: Pool;
}

/**
 * The memory of request bodies that are held whole: JSON and the fields of forms. A client that opens eighty of them and
 * sends no end would hold a gigabyte; here it waits, unread, until others are done. Files are not held and do not count.
 */
export class BodyBudget {
  readonly #small: Pool;
  readonly #large: Pool;
  readonly #held = new Map<IncomingMessage, Held>();

  constructor({ total = TOTAL, perUser = PER_USER }: { total?: number; perUser?: number } = {}) {
    this.#small = new Pool(total, perUser);
    this.#large = new Pool(total, perUser);
  }

  /**
   * Reserves room for a body of so many bytes until `release`, before the first of them is read. Waits for its turn.
   * Throws `Busy` when that does not come in time.
   */
  async reserve(request: IncomingMessage, userId: number, bytes: number): Promise<void> {
    if (this.#held.has(request)) throw new Error('The body of this request has room already.');
    const pool = bytes <= SMALL ? this.#small : this.#large;
    await pool.take(userId, bytes, request);
    this.#held.set(request, { userId, bytes, pool });
  }

  /** Reserves more for a body of unknown length while it comes. Throws `Busy` at once when there is no room. */
  grow(request: IncomingMessage, userId: number, bytes: number): void {
    const held = this.#held.get(request) ?? { userId, bytes: 0, pool: this.#large };
    if (!held.pool.tryTake(userId, bytes)) throw busy();
    held.bytes += bytes;
    this.#held.set(request, held);
  }

  /** The body is not needed any more. Without a reservation, nothing happens. */
  release(request: IncomingMessage): void {
    const held = this.#held.get(request);
    if (!held) return;
    this.#held.delete(request);
    held.pool.give(held.userId, held.bytes);
  }
}

interface Waiter {
  userId: number;
  bytes: number;
  admit(): void;
}

class Pool {
  readonly #total: number;
  readonly #perUser: number;
  #taken = 0;
  readonly #byUser = new Map<number, number>();
  readonly #waiting = new Set<Waiter>();

  constructor(total: number, perUser: number) {
    this.#total = total;
    this.#perUser = perUser;
  }

  /** A body that is larger than the budget is taken when nothing else is held. */
  tryTake(userId: number, bytes: number): boolean {
    const own = this.#byUser.get(userId) ?? 0;
    const fits = this.#taken === 0 || this.#taken + bytes <= this.#total;
    if (!fits || (own > 0 && own + bytes > this.#perUser)) return false;
    this.#taken += bytes;
    this.#byUser.set(userId, own + bytes);
    return true;
  }

  async take(userId: number, bytes: number, request: IncomingMessage): Promise<void> {
    if (this.tryTake(userId, bytes)) return;
    if (this.#waiting.size >= MAX_WAITING) throw busy();
    const turn = Promise.withResolvers<void>();
    const waiter: Waiter = { userId, bytes, admit: turn.resolve };
    const giveUp = () => turn.reject(busy());
    const timer = setTimeout(giveUp, WAIT_MS);
    request.once('close', giveUp);
    this.#waiting.add(waiter);
    try {
      await turn.promise;
    } finally {
      clearTimeout(timer);
      request.off('close', giveUp);
      this.#waiting.delete(waiter);
    }
  }

  give(userId: number, bytes: number): void {
    this.#taken -= bytes;
    const own = (this.#byUser.get(userId) ?? 0) - bytes;
    if (own > 0) this.#byUser.set(userId, own);
    else this.#byUser.delete(userId);
    // In the order of arrival; one whose user holds too much already keeps nobody else waiting.
    for (const waiter of this.#waiting) {
      if (!this.tryTake(waiter.userId, waiter.bytes)) continue;
      this.#waiting.delete(waiter);
      waiter.admit();
    }
  }
}

const busy = () => new Busy('The server holds as many request bodies as it may at this moment. Try again.', 1);
