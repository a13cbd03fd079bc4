import type { EventEmitter } from 'node:events';
import { RateLimitedError } from '../../errors.ts';

/** What a body has of its own pool: all of an ordinary query, and the fields of an ordinary form. */
const FIRST = 256 * 1024;
/** Bytes of one pool that are held at once, and those of one user. */
const TOTAL = 64 * 1024 * 1024;
const PER_USER = TOTAL / 4;
/** How long a body waits for room, and how many bodies may, of one user and in all. */
const WAIT_MS = 30_000;
const MAX_WAITING_OF_USER = 32;
const MAX_WAITING = 1000;

export interface BodyBudgetOptions {
  total?: number;
  perUser?: number;
  waitMs?: number;
}

/**
 * The memory of bodies that are held whole: JSON, the fields of forms, WebSocket messages. A client that opens eighty
 * of them and sends no end would hold a gigabyte; here it waits, unread, until others are done. Files do not count.
 *
 * Bytes are charged when they come, so that announcing many costs nobody anything. The first of each body come out of a
 * pool of their own: however many large bodies are held, ordinary queries and uploads go on. Of one user's bodies, and
 * of all, the oldest never waits for the others, so that no two can wait for each other for ever.
 */
export class BodyBudget {
  readonly #first: Pool;
  readonly #rest: Pool;

  constructor({ total = TOTAL, perUser = PER_USER, waitMs = WAIT_MS }: BodyBudgetOptions = {}) {
    this.#first = new Pool(total, perUser, waitMs);
    this.#rest = new Pool(total, perUser, waitMs);
  }

  /**
   * Takes room for so many more bytes of a body, until it is released. Undefined when there is room at once; else a
   * promise of it, which rejects with `RateLimitedError` when that takes too long, or when `body` closes.
   */
  take(body: EventEmitter, userId: number, bytes: number): Promise<void> | undefined {
    const begun = this.#first.heldBy(body);
    const pool = begun + bytes <= FIRST && this.#rest.heldBy(body) === 0 ? this.#first : this.#rest;
    return pool.take(body, userId, bytes);
  }

  /** The body is not needed any more. Without one, nothing happens. */
  release(body: EventEmitter): void {
    this.#first.release(body);
    this.#rest.release(body);
  }
}

interface Waiter {
  body: EventEmitter;
  userId: number;
  bytes: number;
  admit(): void;
}

class Pool {
  readonly #total: number;
  readonly #perUser: number;
  readonly #waitMs: number;
  #taken = 0;
  /** Each in the order in which its first bytes came. */
  readonly #bodies = new Map<EventEmitter, { userId: number; bytes: number }>();
  readonly #byUser = new Map<number, { bytes: number; bodies: Set<EventEmitter> }>();
  readonly #waiting = new Set<Waiter>();
  readonly #waitingOf = new Map<number, number>();

  constructor(total: number, perUser: number, waitMs: number) {
    this.#total = total;
    this.#perUser = perUser;
    this.#waitMs = waitMs;
  }

  heldBy(body: EventEmitter): number {
    return this.#bodies.get(body)?.bytes ?? 0;
  }

  take(body: EventEmitter, userId: number, bytes: number): Promise<void> | undefined {
    return this.#tryTake(body, userId, bytes) ? undefined : this.#wait(body, userId, bytes);
  }

  release(body: EventEmitter): void {
    const held = this.#bodies.get(body);
    if (!held) return;
    this.#bodies.delete(body);
    this.#taken -= held.bytes;
    const own = this.#byUser.get(held.userId);
    if (own) {
      own.bytes -= held.bytes;
      own.bodies.delete(body);
      if (own.bodies.size === 0) this.#byUser.delete(held.userId);
    }
    // In the order of arrival; one whose user holds too much keeps nobody else waiting.
    for (const waiter of this.#waiting)
      if (this.#tryTake(waiter.body, waiter.userId, waiter.bytes)) {
        this.#forget(waiter);
        waiter.admit();
      }
  }

  #tryTake(body: EventEmitter, userId: number, bytes: number): boolean {
    const own = this.#byUser.get(userId) ?? { bytes: 0, bodies: new Set() };
    const isFirst = (bodies: Iterable<EventEmitter>) => {
      for (const first of bodies) return first === body;
      return true;
    };
    const fitsUser = own.bytes + bytes <= this.#perUser || isFirst(own.bodies);
    const fits = this.#taken + bytes <= this.#total || isFirst(this.#bodies.keys());
    if (!fitsUser || !fits) return false;
    const held = this.#bodies.get(body) ?? { userId, bytes: 0 };
    held.bytes += bytes;
    this.#bodies.set(body, held);
    own.bytes += bytes;
    own.bodies.add(body);
    this.#byUser.set(userId, own);
    this.#taken += bytes;
    return true;
  }

  async #wait(body: EventEmitter, userId: number, bytes: number): Promise<void> {
    const waitingOfUser = this.#waitingOf.get(userId) ?? 0;
    if (this.#waiting.size >= MAX_WAITING || waitingOfUser >= MAX_WAITING_OF_USER) throw busy();
    const turn = Promise.withResolvers<void>();
    const waiter: Waiter = { body, userId, bytes, admit: turn.resolve };
    const giveUp = () => turn.reject(busy());
    const timer = setTimeout(giveUp, this.#waitMs);
    body.once('close', giveUp);
    this.#waiting.add(waiter);
    this.#waitingOf.set(userId, waitingOfUser + 1);
    try {
      await turn.promise;
    } finally {
      clearTimeout(timer);
      body.off('close', giveUp);
      this.#forget(waiter);
    }
  }

  #forget(waiter: Waiter): void {
    if (!this.#waiting.delete(waiter)) return;
    const left = (this.#waitingOf.get(waiter.userId) ?? 1) - 1;
    if (left > 0) this.#waitingOf.set(waiter.userId, left);
    else this.#waitingOf.delete(waiter.userId);
  }
}

const busy = () =>
  new RateLimitedError('The server holds as many request bodies as it may at this moment. Try again.', 1);
