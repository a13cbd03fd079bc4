import type { EventEmitter } from 'node:events';
import { RateLimitedError } from '../../errors.ts';

/**
 * Bytes of a body from the first pool: an ordinary query, or the fields of an ordinary form, fits.
 */
const FIRST_BYTES = 256 * 1024;
/** Bytes of one pool, in all and for one user. */
const TOTAL = 64 * 1024 * 1024;
const PER_USER = TOTAL / 4;
/** How long a body waits for memory, and how many bodies of one user and in all may wait. */
const WAIT_MS = 30_000;
const MAX_WAITING_OF_USER = 32;
const MAX_WAITING = 1000;

export interface BodyBudgetOptions {
  /** Bytes of each pool. */
  total?: number;
  /** Bytes of each pool that one user may hold. */
  perUser?: number;
  /** How long a body waits for memory, in milliseconds. */
  waitMs?: number;
}

/**
 * Bounds the memory of bodies that are held as a whole: JSON, form fields and WebSocket messages.
 * Without it, a client with eighty unfinished bodies would hold a gigabyte. A body over the bound
 * is not read until others are released. Files do not count.
 *
 * Bytes are counted when they arrive, so a large `Content-Length` alone reserves nothing. The first
 * 256 KiB of each body come from a separate pool: ordinary queries and uploads go on however many
 * large bodies are held. The oldest body of each user, and the oldest of all, never waits, so
 * bodies cannot deadlock.
 */
export class BodyBudget {
  readonly #first: Pool;
  readonly #rest: Pool;

  constructor({ total = TOTAL, perUser = PER_USER, waitMs = WAIT_MS }: BodyBudgetOptions = {}) {
    this.#first = new Pool(total, perUser, waitMs);
    this.#rest = new Pool(total, perUser, waitMs);
  }

  /**
   * Reserves memory for more bytes of a body, until `release`. Returns undefined when there is
   * memory at once, or a promise. The promise rejects with `RateLimitedError` when the wait takes
   * too long, when too many bodies wait, or when `body` emits `close`.
   */
  reserve(body: EventEmitter, userId: number, bytes: number): Promise<void> | undefined {
    const held = this.#first.heldBy(body);
    const pool = held + bytes <= FIRST_BYTES && this.#rest.heldBy(body) === 0 ? this.#first : this.#rest;
    return pool.reserve(body, userId, bytes);
  }

  /** Frees the memory of a body. Does nothing when none was reserved. */
  release(body: EventEmitter): void {
    this.#first.release(body);
    this.#rest.release(body);
  }
}

interface Waiter {
  body: EventEmitter;
  userId: number;
  bytes: number;
  resolve(): void;
}

class Pool {
  readonly #total: number;
  readonly #perUser: number;
  readonly #waitMs: number;
  #heldBytes = 0;
  /** In the order of their first bytes. */
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

  reserve(body: EventEmitter, userId: number, bytes: number): Promise<void> | undefined {
    return this.#tryReserve(body, userId, bytes) ? undefined : this.#wait(body, userId, bytes);
  }

  release(body: EventEmitter): void {
    const held = this.#bodies.get(body);
    if (!held) return;
    this.#bodies.delete(body);
    this.#heldBytes -= held.bytes;
    const ofUser = this.#byUser.get(held.userId);
    if (ofUser) {
      ofUser.bytes -= held.bytes;
      ofUser.bodies.delete(body);
      if (ofUser.bodies.size === 0) this.#byUser.delete(held.userId);
    }
    // In the order of arrival. A waiter whose user is over its share does not block the others.
    for (const waiter of this.#waiting)
      if (this.#tryReserve(waiter.body, waiter.userId, waiter.bytes)) {
        this.#forget(waiter);
        waiter.resolve();
      }
  }

  #tryReserve(body: EventEmitter, userId: number, bytes: number): boolean {
    const ofUser = this.#byUser.get(userId) ?? { bytes: 0, bodies: new Set() };
    const isOldest = (bodies: Iterable<EventEmitter>) => {
      for (const oldest of bodies) return oldest === body;
      return true;
    };
    const fitsUser = ofUser.bytes + bytes <= this.#perUser || isOldest(ofUser.bodies);
    const fits = this.#heldBytes + bytes <= this.#total || isOldest(this.#bodies.keys());
    if (!fitsUser || !fits) return false;
    const held = this.#bodies.get(body) ?? { userId, bytes: 0 };
    held.bytes += bytes;
    this.#bodies.set(body, held);
    ofUser.bytes += bytes;
    ofUser.bodies.add(body);
    this.#byUser.set(userId, ofUser);
    this.#heldBytes += bytes;
    return true;
  }

  async #wait(body: EventEmitter, userId: number, bytes: number): Promise<void> {
    const waitingOfUser = this.#waitingOf.get(userId) ?? 0;
    if (this.#waiting.size >= MAX_WAITING || waitingOfUser >= MAX_WAITING_OF_USER) throw tooManyBodies();
    const reserved = Promise.withResolvers<void>();
    const waiter: Waiter = { body, userId, bytes, resolve: reserved.resolve };
    const giveUp = () => reserved.reject(tooManyBodies());
    const timer = setTimeout(giveUp, this.#waitMs);
    body.once('close', giveUp);
    this.#waiting.add(waiter);
    this.#waitingOf.set(userId, waitingOfUser + 1);
    try {
      await reserved.promise;
    } finally {
      clearTimeout(timer);
      body.off('close', giveUp);
      this.#forget(waiter);
    }
  }

  #forget(waiter: Waiter): void {
    if (!this.#waiting.delete(waiter)) return;
    const remaining = (this.#waitingOf.get(waiter.userId) ?? 1) - 1;
    if (remaining > 0) this.#waitingOf.set(waiter.userId, remaining);
    else this.#waitingOf.delete(waiter.userId);
  }
}

const tooManyBodies = () =>
  new RateLimitedError('The server has no memory left for request bodies at this moment. Try again.', 1);
