import { BadUserInputError } from '../errors.ts';
import { WaitQueue } from './wait-queue.ts';

/** A request that holds memory or waits for it. */
export interface MemoryUser {
  userId: number;
  /** In bytes. */
  held: number;
}

/** The waiting requests, by user: one that was granted memory goes to the end. No set is empty. */
type WaitingUsers = Map<number, Set<MemoryUser>>;

/**
 * The memory of all responses in progress. A reservation that does not fit waits. One user holds at
 * most a part of the memory, so that others are always served.
 *
 * Requests that hold memory come first, then those that hold none. Within each group users are
 * served round-robin, and the requests of one user in order of arrival. Concurrent reservations of
 * one request are granted one by one. A later reservation never overtakes: a large response could
 * wait without end.
 *
 * A request may reserve more while it holds memory. Against deadlock, one request at a time, of
 * those that hold memory, may exceed the limits: it completes, and then another one may.
 *
 * Only the first request of each user is considered: however many requests wait, a call takes time
 * in proportion to the number of users.
 */
export class ResponseMemory {
  readonly #total: number;
  readonly #perUser: number;
  readonly #byUser = new Map<number, number>();
  #held = 0;
  readonly #queues = new Map<MemoryUser, WaitQueue>();
  readonly #holding: WaitingUsers = new Map();
  readonly #new: WaitingUsers = new Map();
  #privileged: MemoryUser | undefined;

  constructor(total: number, perUser: number) {
    this.#total = total;
    this.#perUser = perUser;
  }

  /**
   * Resolves once the holder has `bytes` more. Rejects with `RateLimitedError`, with all
   * other reservations of the holder, when it has waited too long, and with `BadUserInputError`
   * when the holder is released.
   */
  reserve(holder: MemoryUser, bytes: number): Promise<void> {
    const known = this.#queues.get(holder);
    if (known) return known.wait(bytes);
    const queue = new WaitQueue(TOO_BUSY, (error) => {
      this.#removeFromQueue(holder, error);
      this.#grant();
    });
    const promise = queue.wait(bytes);
    this.#queues.set(holder, queue);
    const isFirst = this.#enter(holder);
    if (isFirst || this.#privileged === holder) this.#grant();
    return promise;
  }

  /** Releases all memory of the holder, and refuses its waiting reservations. */
  release(holder: MemoryUser): void {
    if (holder.held === 0 && !this.#queues.has(holder)) return;
    this.#removeFromQueue(holder);
    this.#add(holder, -holder.held);
    if (this.#privileged === holder) this.#privileged = undefined;
    this.#grant();
  }

  /** Adds the holder to those that wait. Returns whether it is the first of its user. */
  #enter(holder: MemoryUser): boolean {
    const users = holder.held > 0 ? this.#holding : this.#new;
    const waiting = users.get(holder.userId) ?? new Set();
    users.set(holder.userId, waiting.add(holder));
    return waiting.size === 1;
  }

  #removeFromQueue(holder: MemoryUser, error?: Error): void {
    const queue = this.#queues.get(holder);
    if (!queue) return;
    this.#queues.delete(holder);
    this.#remove(holder);
    queue.refuse(error ?? new BadUserInputError('The client disconnected.'));
  }

  #remove(holder: MemoryUser): void {
    const users = holder.held > 0 ? this.#holding : this.#new;
    const waiting = users.get(holder.userId);
    waiting?.delete(holder);
    if (waiting?.size === 0) users.delete(holder.userId);
  }

  #grant(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const queue = this.#queues.get(next) as WaitQueue;
      const { bytes } = queue;
      this.#remove(next);
      this.#moveToEnd(next.userId);
      this.#add(next, bytes);
      queue.admit();
      if (queue.length > 0) this.#enter(next);
      else this.#queues.delete(next);
    }
  }

  /** The holder whose reservation is granted next, if any. */
  #next(): MemoryUser | undefined {
    if (this.#privileged && this.#queues.has(this.#privileged)) return this.#privileged;
    const blocked = new Set<number>();
    for (const users of [this.#holding, this.#new]) {
      for (const [userId, waiting] of users) {
        if (blocked.has(userId)) continue;
        const [holder] = waiting;
        const bytes = (holder && this.#queues.get(holder)?.bytes) ?? 0;
        const fitsUser = this.#ofUser(userId) + bytes <= this.#perUser;
        if (fitsUser && this.#held + bytes <= this.#total) return holder;
        if (users === this.#holding && !this.#privileged) {
          this.#privileged = holder;
          return holder;
        }
        if (fitsUser) return undefined;
        blocked.add(userId);
      }
    }
    return undefined;
  }

  #moveToEnd(userId: number): void {
    for (const users of [this.#holding, this.#new]) {
      const waiting = users.get(userId);
      if (!waiting) continue;
      users.delete(userId);
      users.set(userId, waiting);
    }
  }

  #ofUser = (userId: number): number => this.#byUser.get(userId) ?? 0;

  #add(holder: MemoryUser, bytes: number): void {
    holder.held += bytes;
    this.#held += bytes;
    const ofUser = this.#ofUser(holder.userId) + bytes;
    if (ofUser > 0) this.#byUser.set(holder.userId, ofUser);
    else this.#byUser.delete(holder.userId);
  }
}

const TOO_BUSY = 'The server is sending other large answers. Try again later, or ask for less at once.';
