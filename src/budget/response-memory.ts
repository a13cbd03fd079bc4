import { BadUserInputError } from '../errors.ts';
import { WaitQueue } from './wait-queue.ts';

/** A request that holds memory, or waits for it. */
export interface MemoryUser {
  userId: number;
  /** In bytes. */
  held: number;
}

/** The requests that wait, by user: whoever was given some goes to the end. None of the sets is empty. */
type WaitingUsers = Map<number, Set<MemoryUser>>;

/**
 * The bytes that answers under way hold in memory, of all requests together. What does not fit waits; one user holds at
 * most a part of it, so that others are always served.
 *
 * Requests that hold some come first, and then those that hold nothing; among each, users take turns, and the requests
 * of one user are served in the order in which they came. A request that asks several times at once is served one by
 * one. Whoever comes later does not pass by: a large answer would wait for ever.
 *
 * A request may ask again while it holds some. So that requests never wait for each other for ever, one request at a
 * time, of those that hold some already, may pass the limits: it comes to its end, and then another one may.
 *
 * Only the first request of each user is looked at, and none when another is first: whatever number of requests wait,
 * a call takes no longer than in proportion to the number of users.
 */
export class ResponseMemory {
  readonly #total: number;
  readonly #perUser: number;
  readonly #byUser = new Map<number, number>();
  #held = 0;
  readonly #lines = new Map<MemoryUser, WaitQueue>();
  readonly #holding: WaitingUsers = new Map();
  readonly #new: WaitingUsers = new Map();
  #privileged: MemoryUser | undefined;

  constructor(total: number, perUser: number) {
    this.#total = total;
    this.#perUser = perUser;
  }

  /**
   * Resolves once the holder has so many bytes more. Rejects with `RateLimitedError` when it waited too long, as all does that the
   * holder waits for, and with `BadUserInputError` when the holder is released.
   */
  reserve(holder: MemoryUser, bytes: number): Promise<void> {
    const known = this.#lines.get(holder);
    if (known) return known.wait(bytes);
    const line = new WaitQueue(TOO_BUSY, (error) => {
      this.#leave(holder, error);
      this.#grant();
    });
    const promise = line.wait(bytes);
    this.#lines.set(holder, line);
    const isFirst = this.#enter(holder);
    if (isFirst || this.#privileged === holder) this.#grant();
    return promise;
  }

  /** Gives back all that the holder has; what it waits for is refused. */
  release(holder: MemoryUser): void {
    if (holder.held === 0 && !this.#lines.has(holder)) return;
    this.#leave(holder);
    this.#add(holder, -holder.held);
    if (this.#privileged === holder) this.#privileged = undefined;
    this.#grant();
  }

  /** Whether the holder is the first of its user. */
  #enter(holder: MemoryUser): boolean {
    const users = holder.held > 0 ? this.#holding : this.#new;
    const waiting = users.get(holder.userId) ?? new Set();
    users.set(holder.userId, waiting.add(holder));
    return waiting.size === 1;
  }

  #leave(holder: MemoryUser, error?: Error): void {
    const line = this.#lines.get(holder);
    if (!line) return;
    this.#lines.delete(holder);
    this.#remove(holder);
    line.refuse(error ?? new BadUserInputError('Nobody waits for the answer any more.'));
  }

  #remove(holder: MemoryUser): void {
    const users = holder.held > 0 ? this.#holding : this.#new;
    const waiting = users.get(holder.userId);
    waiting?.delete(holder);
    if (waiting?.size === 0) users.delete(holder.userId);
  }

  #grant(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const line = this.#lines.get(next) as WaitQueue;
      const { bytes } = line;
      this.#remove(next);
      this.#moveToEnd(next.userId);
      this.#add(next, bytes);
      line.admit();
      if (line.length > 0) this.#enter(next);
      else this.#lines.delete(next);
    }
  }

  /** Who is given what it waits for, if anybody. */
  #next(): MemoryUser | undefined {
    if (this.#privileged && this.#lines.has(this.#privileged)) return this.#privileged;
    const blocked = new Set<number>();
    for (const users of [this.#holding, this.#new]) {
      for (const [userId, waiting] of users) {
        if (blocked.has(userId)) continue;
        const [holder] = waiting;
        const bytes = (holder && this.#lines.get(holder)?.bytes) ?? 0;
        const hasRoom = this.#ofUser(userId) + bytes <= this.#perUser;
        if (hasRoom && this.#held + bytes <= this.#total) return holder;
        if (users === this.#holding && !this.#privileged) {
          this.#privileged = holder;
          return holder;
        }
        if (hasRoom) return undefined;
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
