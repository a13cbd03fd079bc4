import { RateLimitedError } from '../errors.ts';
import { WaitQueue } from './wait-queue.ts';

/** How many queries run at once: of all users together, and of one user. */
export interface Concurrency {
  total: number;
  perUser: number;
}

/** A request, whose queries are refused together. */
export interface QueryRequest {
  /** The number of waiting requests of clients is limited; work of the server itself is not. */
  isOfClient: boolean;
  /** Why none of its queries may run any more. */
  refused?: Error;
}

/**
 * Milliseconds of queries that a user may run in a burst; beyond that, as much time is left to
 * others.
 */
const ALLOWANCE_MS = 50;
/** The part of each elapsed millisecond by which a user's debt is reduced. */
const REFILL = 0.5;
const MAX_DEBT_MS = 500;
/** Waiting requests of one user: each holds its parsed query, and everything that waits with it. */
const MAX_REQUESTS = 200;
/**
 * The same when the queries of the user take this long on average: more would wait too long anyway.
 */
const MAX_EXPENSIVE_REQUESTS = 20;
const EXPENSIVE_MS = 20;
/** Waiting queries of one request. */
const MAX_OF_REQUEST = 5000;
/** The same while other requests of the user have `MAX_OF_OTHERS` waiting queries. */
const MAX_BESIDE_OTHERS = 20;
const MAX_OF_OTHERS = 500;

/** The number of users above which idle ones are dropped. */
const MANY_LANES = 1000;

interface Lane {
  running: number;
  /** The waiting requests; one of which a query was started goes to the end. No queue is empty. */
  waiting: Map<QueryRequest, WaitQueue>;
  /** Waiting queries of all of these. */
  queries: number;
  requestsOfClient: number;
  /** Moving average of the milliseconds that a query takes. */
  average: number;
  /** Milliseconds of queries that were run and not yet paid off, as of `at`. */
  debt: number;
  at: number;
  isPaused: boolean;
}

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
  readonly #lanes = new Map<number, Lane>();
  /** Users with waiting queries; one of whom a query was started goes to the end. */
  readonly #waiting = new Map<number, Lane>();
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
    if (lane.waiting.size === 0 && this.#mayStart(lane)) this.#start(lane);
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

  #laneOf(userId: number): Lane {
    const known = this.#lanes.get(userId);
    if (known) return known;
    if (this.#lanes.size >= this.#forgetAt) this.#forgetIdle();
    const idle = { running: 0, queries: 0, requestsOfClient: 0, average: 0, debt: 0, isPaused: false };
    const lane: Lane = { ...idle, waiting: new Map(), at: performance.now() };
    this.#lanes.set(userId, lane);
    return lane;
  }

  #mayStart(lane: Lane): boolean {
    const { total, perUser } = this.#concurrency;
    return !lane.isPaused && lane.running < perUser && this.#running < total;
  }

  #start(lane: Lane): void {
    lane.running += 1;
    this.#running += 1;
  }

  #wait(userId: number, lane: Lane, request: QueryRequest): Promise<void> {
    const known = lane.waiting.get(request);
    if (!this.#mayWait(lane, request, known?.length ?? 0)) {
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

  #mayWait(lane: Lane, { isOfClient }: QueryRequest, waiting: number): boolean {
    if (waiting >= MAX_OF_REQUEST) return false;
    if (!isOfClient) return true;
    const limit = lane.average > EXPENSIVE_MS ? MAX_EXPENSIVE_REQUESTS : MAX_REQUESTS;
    if (waiting === 0 && lane.requestsOfClient >= limit) return false;
    return waiting < MAX_BESIDE_OTHERS || lane.queries - waiting < MAX_OF_OTHERS;
  }

  #removeQueue(userId: number, lane: Lane, request: QueryRequest): void {
    lane.waiting.delete(request);
    lane.requestsOfClient -= Number(request.isOfClient);
    if (lane.waiting.size === 0) this.#waiting.delete(userId);
  }

  #end(lane: Lane, ms: number): void {
    lane.running -= 1;
    this.#running -= 1;
    const now = performance.now();
    lane.average += (ms - lane.average) / 8;
    lane.debt = Math.min(Math.max(0, lane.debt - (now - lane.at) * REFILL) + ms, MAX_DEBT_MS);
    lane.at = now;
    if (lane.debt > ALLOWANCE_MS && !lane.isPaused) this.#pause(lane);
    this.#next();
  }

  /** Pauses a user until its debt is back at the allowance. */
  #pause(lane: Lane): void {
    lane.isPaused = true;
    setTimeout(
      () => {
        lane.isPaused = false;
        this.#next();
      },
      (lane.debt - ALLOWANCE_MS) / REFILL,
    );
  }

  /** Starts what may start. A user that is moved to the end is visited again in the same loop. */
  #next(): void {
    for (const [userId, lane] of this.#waiting) {
      if (this.#running >= this.#concurrency.total) return;
      if (!this.#mayStart(lane)) continue;
      this.#waiting.delete(userId);
      this.#waiting.set(userId, lane);
      this.#start(lane);
      this.#admitOne(userId, lane);
    }
  }

  #admitOne(userId: number, lane: Lane): void {
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
    for (const [userId, lane] of this.#lanes) {
      const isIdle = lane.running === 0 && lane.waiting.size === 0 && !lane.isPaused;
      if (isIdle && lane.debt <= (now - lane.at) * REFILL) this.#lanes.delete(userId);
    }
    this.#forgetAt = Math.max(MANY_LANES, 2 * this.#lanes.size);
  }
}

const TOO_BUSY = 'Too many of your queries wait for the server. Wait for the answers before you send more.';
