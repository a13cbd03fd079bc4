import type { Limits, RequestBudget } from '../context.ts';
import { type AttacheError, BadUserInputError, RateLimitedError } from '../errors.ts';
import { costsTooMuch, queryTimeout, responseTooLarge } from './budget-errors.ts';
import type { QueryRequest } from './query-lane.ts';
import { type Concurrency, QueryQueue } from './query-queue.ts';
import { type MemoryUser, ResponseMemory } from './response-memory.ts';

/** Less than this is counted, and waits only behind other reservations of its request. */
const SMALL = 64 * 1024;
/** Milliseconds of look-ups of a request that are not queued. */
const FREE_MS = 50;

/** A budget that ends with its request. */
export interface OpenBudget extends RequestBudget, Disposable {
  /** The user of the request, as soon as it is known. */
  userId: number;
}

/** Each holds back one user for another; a page waits for no scan. */
interface Queues {
  queries: QueryQueue;
  scans: QueryQueue;
}

/** Opens the budgets of requests, which share the memory and the database of the server. */
export class RequestBudgets {
  readonly #limits: Limits;
  readonly #memory: ResponseMemory;
  readonly #queues: Queues;

  constructor(limits: Limits, { queries, scans }: { queries: Concurrency; scans: Concurrency }) {
    this.#limits = limits;
    this.#memory = new ResponseMemory(2 * limits.maxAnswerSize, limits.maxAnswerSize);
    this.#queues = { queries: new QueryQueue(queries), scans: new QueryQueue(scans) };
  }

  /**
   * The budget of a request. Dispose of it when the response was sent, or its client disconnected.
   */
  open(): OpenBudget {
    return new Budget(this.#limits, this.#queues, this.#memory);
  }

  /** The budget of work without a response: everything is counted, and no memory is reserved. */
  unanswered(userId: number): RequestBudget {
    const budget = new Budget(this.#limits, this.#queues, undefined);
    budget.userId = userId;
    return budget;
  }
}

class Budget implements OpenBudget {
  readonly #limits: Limits;
  readonly #queues: Queues;
  readonly #memory: ResponseMemory | undefined;
  readonly #holder: MemoryUser = { userId: 0, held: 0 };
  readonly #request: QueryRequest;
  #bytes = 0;
  #unreserved = 0;
  /** Reservations that wait for memory. */
  #waiting = 0;
  #cost = 0;
  #queryMs = 0;
  #lookUps = 0;
  #lookingSince = 0;
  uploads = 0;
  #isOver = false;
  #busy: RateLimitedError | undefined;
  files = 0;
  exceeded: AttacheError | undefined;

  constructor(limits: Limits, queues: Queues, memory: ResponseMemory | undefined) {
    this.#limits = limits;
    this.#queues = queues;
    this.#memory = memory;
    this.#request = { isOfClient: memory !== undefined };
  }

  get userId(): number {
    return this.#holder.userId;
  }

  set userId(id: number) {
    if (this.#holder.held === 0) this.#holder.userId = id;
  }

  async reserve(bytes: number): Promise<void> {
    const limit = this.#limits.maxAnswerSize;
    if (this.exceeded) throw this.exceeded;
    this.#bytes += bytes;
    if (this.#bytes > limit) throw this.#exceed(responseTooLarge(limit));
    this.#unreserved += bytes;
    if (this.#unreserved >= SMALL || this.#waiting > 0) await this.#hold(this.#unreserved);
  }

  async reserveResponse(bytes: number): Promise<void> {
    const missing = bytes - this.#holder.held;
    if (missing >= SMALL) await this.#hold(missing);
  }

  async #hold(bytes: number): Promise<void> {
    this.#unreserved = 0;
    if (this.#isOver || !this.#memory) return;
    if (this.#busy) throw this.#busy;
    this.#waiting += 1;
    try {
      await this.#memory.reserve(this.#holder, bytes);
    } catch (error) {
      // Later reservations of the same request are refused at once.
      if (error instanceof RateLimitedError) this.#busy = error;
      throw error;
    } finally {
      this.#waiting -= 1;
    }
  }

  addCost(cost: number): void {
    if (this.exceeded) throw this.exceeded;
    this.#cost += cost;
    const limit = this.#limits.maxQueryCost;
    if (this.#cost > limit) throw this.#exceed(costsTooMuch(limit));
  }

  async lookUp<T>(run: () => Promise<T>): Promise<T> {
    if (this.#queryMs > FREE_MS) return this.query(run);
    this.#assertInTime();
    // Concurrent look-ups are timed together: on SQLite, each would count the time of all others.
    if (this.#lookUps++ === 0) this.#lookingSince = performance.now();
    try {
      return await run();
    } finally {
      if (--this.#lookUps === 0) this.#queryMs += performance.now() - this.#lookingSince;
    }
  }

  #assertInTime(): void {
    if (this.exceeded) throw this.exceeded;
    if (this.#request.refused) throw this.#request.refused;
    if (this.#queryMs > this.#limits.maxQueryMs) throw this.#exceed(queryTimeout(this.#limits.maxQueryMs));
  }

  query<T>(run: () => Promise<T>): Promise<T> {
    return this.#runIn(this.#queues.queries, run);
  }

  scan<T>(run: () => Promise<T>): Promise<T> {
    return this.#runIn(this.#queues.scans, run);
  }

  async #runIn<T>(queue: QueryQueue, run: () => Promise<T>): Promise<T> {
    const checked = () => {
      this.#assertInTime();
      return run();
    };
    this.#assertInTime();
    return queue.run(this.#holder.userId, checked, (ms) => this.#spent(ms), this.#request);
  }

  /**
   * Over the limit, waiting queries are refused at once. If none waits, the response is complete
   * and is sent.
   */
  #spent(ms: number): void {
    this.#queryMs += ms;
    if (this.#queryMs <= this.#limits.maxQueryMs || this.exceeded) return;
    const error = queryTimeout(this.#limits.maxQueryMs);
    if (this.#all.some((queue) => queue.isWaiting(this.#holder.userId, this.#request))) this.#exceed(error);
  }

  #exceed(error: AttacheError): AttacheError {
    this.exceeded ??= error;
    this.#refuse(this.exceeded);
    return error;
  }

  #refuse(error: Error): void {
    for (const queue of this.#all) queue.refuse(this.#holder.userId, this.#request, error);
  }

  get #all(): QueryQueue[] {
    return [this.#queues.queries, this.#queues.scans];
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#refuse(CLIENT_DISCONNECTED);
    this.#memory?.release(this.#holder);
  }
}

/** One for all requests: creating an error takes longer than everything else at their end. */
const CLIENT_DISCONNECTED = new BadUserInputError('The client disconnected.');
