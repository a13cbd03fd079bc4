import { RateLimitedError } from '../errors.ts';
import { QueryLane, type QueryRequest } from './query-lane.ts';
import { WaitQueue } from './wait-queue.ts';

/** How many queries run at once: of all users together, and of one user. */
export interface Concurrency {
  total: number;
  perUser: number;
}

/** The number of users above which idle ones are dropped. */
const MANY_LANES = 1000;

/**
 * Schedules queries of lists round-robin: by user, however many queries each of them sends, and by
 * request within a user. A user who runs expensive queries leaves at least half of the time to
 * others. Without that, a user who sends a hundred counts of a large table at once would block
 * everybody else until all of them are done.
 *
 * When a request can no longer be answered, all of its waiting queries are refused at once, with
 * one error.
 */
export class QueryQueue {
  readonly #concurrency: Concurrency;
  readonly #lanes = new Map<number, QueryLane>();
  /** Users with waiting queries; one of whom a query was started goes to the end. */
  readonly #waiting = new Map<number, QueryLane>();
  #running = 0;
  #forgetAt = MANY_LANES;

  constructor(concurrency: Concurrency) {
    this.#concurrency = concurrency;
  }

  /**
   * Runs a query when it is scheduled, and passes its duration to `spent`. Throws
   * `RateLimitedError` when it would wait too long, and the error with which the request was
   * refused.
   */
  async run<T>(
    userId: number,
    query: () => Promise<T>,
    spent: (ms: number) => void,
    request: QueryRequest = { isOfClient: true },
  ): Promise<T> {
    if (request.refused) throw request.refused;
    const lane = this.#laneOf(userId);
    if (lane.waiting.size === 0 && this.#canStart(lane)) this.#start(lane);
    else await this.#wait(userId, lane, request);
    const since = performance.now();
    try {
      return await query();
    } finally {
      const ms = performance.now() - since;
      spent(ms);
      this.#end(lane, ms);
    }
  }

  /** Refuses the waiting queries of the request, and all later ones. */
  refuse(userId: number, request: QueryRequest, error: Error): void {
    request.refused ??= error;
    const lane = this.#lanes.get(userId);
    const queue = lane?.waiting.get(request);
    if (!lane || !queue) return;
    lane.queries -= queue.length;
    this.#removeQueue(userId, lane, request);
    queue.refuse(error);
  }

  /** Whether the request has waiting queries. */
  isWaiting = (userId: number, request: QueryRequest): boolean =>
    this.#lanes.get(userId)?.waiting.has(request) ?? false;

  #laneOf(userId: number): QueryLane {
    const known = this.#lanes.get(userId);
    if (known) return known;
    if (this.#lanes.size >= this.#forgetAt) this.#forgetIdle();
    const lane = new QueryLane();
    this.#lanes.set(userId, lane);
    return lane;
  }

  #canStart(lane: QueryLane): boolean {
    const { total, perUser } = this.#concurrency;
    return !lane.isPaused && lane.running < perUser && this.#running < total;
  }

  #start(lane: QueryLane): void {
    lane.running += 1;
    this.#running += 1;
  }

  #wait(userId: number, lane: QueryLane, request: QueryRequest): Promise<void> {
    const known = lane.waiting.get(request);
    if (!lane.canWait(request, known?.length ?? 0)) {
      const error = new RateLimitedError(TOO_BUSY, 5);
      this.refuse(userId, request, error);
      throw error;
    }
    const queue = known ?? new WaitQueue(TOO_BUSY, (error) => this.refuse(userId, request, error));
    if (!known) {
      lane.waiting.set(request, queue);
      lane.requestsOfClient += Number(request.isOfClient);
      this.#waiting.set(userId, lane);
    }
    lane.queries += 1;
    return queue.wait();
  }

  #removeQueue(userId: number, lane: QueryLane, request: QueryRequest): void {
    lane.waiting.delete(request);
    lane.requestsOfClient -= Number(request.isOfClient);
    if (lane.waiting.size === 0) this.#waiting.delete(userId);
  }

  #end(lane: QueryLane, ms: number): void {
    lane.running -= 1;
    this.#running -= 1;
    lane.addTime(ms);
    if (lane.pauseMs > 0 && !lane.isPaused) this.#pause(lane);
    this.#next();
  }

  /** Pauses a user until its debt is back at the allowance. */
  #pause(lane: QueryLane): void {
    lane.isPaused = true;
    setTimeout(() => {
      lane.isPaused = false;
      this.#next();
    }, lane.pauseMs);
  }

  /** Starts what may start. A user that is moved to the end is visited again in the same loop. */
  #next(): void {
    for (const [userId, lane] of this.#waiting) {
      if (this.#running >= this.#concurrency.total) return;
      if (!this.#canStart(lane)) continue;
      this.#waiting.delete(userId);
      this.#waiting.set(userId, lane);
      this.#start(lane);
      this.#admitOne(userId, lane);
    }
  }

  #admitOne(userId: number, lane: QueryLane): void {
    for (const [request, queue] of lane.waiting) {
      lane.queries -= 1;
      queue.admit();
      lane.waiting.delete(request);
      if (queue.length > 0) lane.waiting.set(request, queue);
      else this.#removeQueue(userId, lane, request);
      return;
    }
  }

  /** Drops users without running or waiting queries and without debt, when there are many. */
  #forgetIdle(): void {
    const now = performance.now();
    for (const [userId, lane] of this.#lanes) if (lane.isIdle(now)) this.#lanes.delete(userId);
    this.#forgetAt = Math.max(MANY_LANES, 2 * this.#lanes.size);
  }
}

const TOO_BUSY = 'Too many of your queries wait for the server. Wait for the answers before you send more.';
