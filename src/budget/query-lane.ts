import type { WaitQueue } from './wait-queue.ts';

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

/** The queries of one user: what runs, what waits, and how much time they took. */
export class QueryLane {
  running = 0;
  /** The waiting requests; one of which a query was started goes to the end. No queue is empty. */
  readonly waiting = new Map<QueryRequest, WaitQueue>();
  /** Waiting queries of all of these. */
  queries = 0;
  requestsOfClient = 0;
  isPaused = false;
  /** Moving average of the milliseconds that a query takes. */
  #average = 0;
  /** Milliseconds of queries that were run and not yet paid off, as of `#at`. */
  #debt = 0;
  #at = performance.now();

  /** Whether one more query of a request may wait, which has `waiting` of them already. */
  canWait({ isOfClient }: QueryRequest, waiting: number): boolean {
    if (waiting >= MAX_OF_REQUEST) return false;
    if (!isOfClient) return true;
    const limit = this.#average > EXPENSIVE_MS ? MAX_EXPENSIVE_REQUESTS : MAX_REQUESTS;
    if (waiting === 0 && this.requestsOfClient >= limit) return false;
    return waiting < MAX_BESIDE_OTHERS || this.queries - waiting < MAX_OF_OTHERS;
  }

  /** Counts the time of a query that has ended. */
  addTime(ms: number): void {
    const now = performance.now();
    this.#average += (ms - this.#average) / 8;
    this.#debt = Math.min(Math.max(0, this.#debt - (now - this.#at) * REFILL) + ms, MAX_DEBT_MS);
    this.#at = now;
  }

  /** The milliseconds from the end of the last query until the debt is back at the allowance. */
  get pauseMs(): number {
    return Math.max(0, this.#debt - ALLOWANCE_MS) / REFILL;
  }

  /** Whether nothing is lost when the user is dropped: no query, and no debt. */
  isIdle(now: number): boolean {
    const hasQueries = this.running > 0 || this.waiting.size > 0;
    return !hasQueries && !this.isPaused && this.#debt <= (now - this.#at) * REFILL;
  }
}
