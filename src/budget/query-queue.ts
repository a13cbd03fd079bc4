import { RateLimitedError } from '../errors.ts';
import { WaitQueue } from './wait-queue.ts';

/** How many queries run at once: of all users together, and of one user. */
export interface Concurrency {
  total: number;
  perUser: number;
}

/** Whose queries are refused together. */
export interface QueryRequest {
  /** How many requests of clients wait is limited; what the server does by itself is not a request of a client. */
  isOfClient: boolean;
  /** Why no query of it runs any more. */
  refused?: Error;
}

/** A user may have so many milliseconds of queries at once; beyond that, as much time is left to others. */
const ALLOWANCE_MS = 50;
/** Of each millisecond that passes, the part that a user gets anew. */
const REFILL = 0.5;
const MAX_DEBT_MS = 500;
/** Requests of one user that wait: each holds its parsed query, and all that waits with it. */
const MAX_REQUESTS = 200;
/** As many when the queries of the user take this long on average: more would wait too long anyway. */
const MAX_EXPENSIVE_REQUESTS = 20;
const EXPENSIVE_MS = 20;
/** Queries of one request that wait. */
const MAX_OF_REQUEST = 5000;
/** So many may wait when other requests of the user have `MAX_OF_OTHERS` that wait. */
const MAX_BESIDE_OTHERS = 20;
const MAX_OF_OTHERS = 500;

/** Users whose last queries are remembered before those who are idle are forgotten. */
const MANY_LANES = 1000;

interface Lane {
  running: number;
  /** The requests that wait; whichever had a turn goes to the end. None of the lines is empty. */
  waiting: Map<QueryRequest, WaitQueue>;
  /** Of all of these. */
  queries: number;
  requestsOfClient: number;
  /** Milliseconds that a query takes: of the last ones. */
  average: number;
  /** Milliseconds of queries that it had, as far as they are not made up for, at a moment. */
  debt: number;
  at: number;
  isResting: boolean;
}

/**
 * Queries of lists, in turns: users take turns, whatever number of queries each of them sends, and so do the requests of
 * a user. Whoever runs expensive queries leaves at least half of the time to others. Without that, a user who sends a
 * hundred counts of a large table at once would keep everybody else waiting until all of them are done.
 *
 * What waits for a request that cannot be answered any more is refused at once, all of it with one error.
 */
export class QueryQueue {
  readonly #concurrency: Concurrency;
  readonly #lanes = new Map<number, Lane>();
  /** Users who wait; whoever had a turn goes to the end. */
  readonly #waiting = new Map<number, Lane>();
  #running = 0;
  #forgetAt = MANY_LANES;

  constructor(concurrency: Concurrency) {
    this.#concurrency = concurrency;
  }

  /**
   * Runs a query when it is its turn; `spent` is told how long it ran. Throws `RateLimitedError` when it would wait too long, and
   * the error that the request was refused with.
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

  /** No query of the request begins any more, and those that wait are refused. */
  refuse(userId: number, request: QueryRequest, error: Error): void {
    request.refused ??= error;
    const lane = this.#lanes.get(userId);
    const line = lane?.waiting.get(request);
    if (!lane || !line) return;
    lane.queries -= line.length;
    this.#removeLine(userId, lane, request);
    line.refuse(error);
  }

  /** Whether queries of the request wait. */
  isWaiting = (userId: number, request: QueryRequest): boolean =>
    this.#lanes.get(userId)?.waiting.has(request) ?? false;

  #laneOf(userId: number): Lane {
    const known = this.#lanes.get(userId);
    if (known) return known;
    if (this.#lanes.size >= this.#forgetAt) this.#forgetIdle();
    const idle = { running: 0, queries: 0, requestsOfClient: 0, average: 0, debt: 0, isResting: false };
    const lane: Lane = { ...idle, waiting: new Map(), at: performance.now() };
    this.#lanes.set(userId, lane);
    return lane;
  }

  #mayStart(lane: Lane): boolean {
    const { total, perUser } = this.#concurrency;
    return !lane.isResting && lane.running < perUser && this.#running < total;
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
    const line = known ?? new WaitQueue(TOO_BUSY, (error) => this.refuse(userId, request, error));
    if (!known) {
      lane.waiting.set(request, line);
      lane.requestsOfClient += Number(request.isOfClient);
      this.#waiting.set(userId, lane);
    }
    lane.queries += 1;
    return line.wait();
  }

  #mayWait(lane: Lane, { isOfClient }: QueryRequest, waiting: number): boolean {
    if (waiting >= MAX_OF_REQUEST) return false;
    if (!isOfClient) return true;
    const limit = lane.average > EXPENSIVE_MS ? MAX_EXPENSIVE_REQUESTS : MAX_REQUESTS;
    if (waiting === 0 && lane.requestsOfClient >= limit) return false;
    return waiting < MAX_BESIDE_OTHERS || lane.queries - waiting < MAX_OF_OTHERS;
  }

  #removeLine(userId: number, lane: Lane, request: QueryRequest): void {
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
    if (lane.debt > ALLOWANCE_MS && !lane.isResting) this.#rest(lane);
    this.#next();
  }

  /** Until what it had too much is made up for. */
  #rest(lane: Lane): void {
    lane.isResting = true;
    setTimeout(
      () => {
        lane.isResting = false;
        this.#next();
      },
      (lane.debt - ALLOWANCE_MS) / REFILL,
    );
  }

  /** Starts what may start. Whoever is moved to the end of the users comes again in the same loop. */
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
    for (const [request, line] of lane.waiting) {
      lane.queries -= 1;
      line.admit();
      lane.waiting.delete(request);
      if (line.length > 0) lane.waiting.set(request, line);
      else this.#removeLine(userId, lane, request);
      return;
    }
  }

  /** Forgets those who neither run nor wait and have nothing to make up for, when there are many. */
  #forgetIdle(): void {
    const now = performance.now();
    for (const [userId, lane] of this.#lanes) {
      const isIdle = lane.running === 0 && lane.waiting.size === 0 && !lane.isResting;
      if (isIdle && lane.debt <= (now - lane.at) * REFILL) this.#lanes.delete(userId);
    }
    this.#forgetAt = Math.max(MANY_LANES, 2 * this.#lanes.size);
  }
}

const TOO_BUSY = 'Too many of your queries wait for the server. Wait for the answers before you send more.';
