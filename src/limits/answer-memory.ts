import { Busy } from '../errors.ts';

/** How long a request waits for memory before it is refused. */
const MAX_WAIT_MS = 30_000;

/** A request that holds memory, or waits for it. */
export interface Holder {
  userId: number;
  /** In bytes. */
  held: number;
}

interface Waiting {
  holder: Holder;
  bytes: number;
  grant(): void;
  timer: NodeJS.Timeout;
}

/**
 * The bytes that answers under way hold in memory, of all requests together. What does not fit waits; one user holds at
 * most a part of it, so that others are always served.
 *
 * A request may ask again while it holds some. So that requests never wait for each other for ever, one request at a
 * time, of those that hold some already, may pass the limits: it comes to its end, and then another one may.
 */
export class AnswerMemory {
  readonly #total: number;
  readonly #perUser: number;
  readonly #byUser = new Map<number, number>();
  #held = 0;
  #waiting: Waiting[] = [];
  #privileged: Holder | undefined;

  constructor(total: number, perUser: number) {
    this.#total = total;
    this.#perUser = perUser;
  }

  /** Resolves once the holder has so many bytes more. Rejects with `Busy` when it waited too long. */
  reserve(holder: Holder, bytes: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
      reject(new Busy('The server is sending other large answers. Try again later, or ask for less at once.', 5));
      this.#grant();
    }, MAX_WAIT_MS);
    const waiting: Waiting = { holder, bytes, grant: resolve, timer };
    this.#waiting.push(waiting);
    this.#grant();
    return promise;
  }

  /** Gives back all that the holder has; what it waits for is not given any more. */
  release(holder: Holder): void {
    for (const one of this.#waiting) if (one.holder === holder) clearTimeout(one.timer);
    this.#waiting = this.#waiting.filter((one) => one.holder !== holder);
    this.#add(holder, -holder.held);
    if (this.#privileged === holder) this.#privileged = undefined;
    this.#grant();
  }

  #grant(): void {
    const blocked = new Set<number>();
    let isFull = false;
    const refused: Waiting[] = [];
    const holdersFirst = this.#waiting.toSorted((a, b) => Number(b.holder.held > 0) - Number(a.holder.held > 0));
    for (const one of holdersFirst) {
      const { holder, bytes } = one;
      const hasRoom = this.#ofUser(holder.userId) + bytes <= this.#perUser && !blocked.has(holder.userId);
      const fits = hasRoom && !isFull && this.#held + bytes <= this.#total;
      if (fits || this.#mayPass(holder)) {
        this.#add(holder, bytes);
        clearTimeout(one.timer);
        one.grant();
        continue;
      }
      refused.push(one);
      // Whoever comes later does not pass by: a large answer would wait for ever.
      blocked.add(holder.userId);
      isFull ||= hasRoom;
    }
    this.#waiting = this.#waiting.filter((one) => refused.includes(one));
  }

  #mayPass(holder: Holder): boolean {
    if (holder.held === 0) return false;
    this.#privileged ??= holder;
    return this.#privileged === holder;
  }

  #ofUser = (userId: number): number => this.#byUser.get(userId) ?? 0;

  #add(holder: Holder, bytes: number): void {
    holder.held += bytes;
    this.#held += bytes;
    const ofUser = this.#ofUser(holder.userId) + bytes;
    if (ofUser > 0) this.#byUser.set(holder.userId, ofUser);
    else this.#byUser.delete(holder.userId);
  }
}
