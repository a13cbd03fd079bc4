import { Busy } from '../errors.ts';

/** How many queries run at once: of all users together, and of one user. */
export interface Concurrency {
  total: number;
  perUser: number;
}

/** After so many milliseconds of queries, the event loop serves what else waits for it. */
const SLICE_MS = 8;
/** A query that takes longer than this is expensive: its user rests as long as it took beyond that. */
const CHEAP_MS = 5;
const MAX_REST_MS = 250;
/** Queries of one user that wait, and how long each waits at most. */
const MAX_WAITING = 10_000;
const MAX_WAIT_MS = 30_000;

interface Waiting {
  start(): void;
  deadline: number;
  refuse(error: Busy): void;
}

interface Lane {
  running: number;
  waiting: Waiting[];
  isResting: boolean;
}

/**
 * Queries of lists, in turns: users take turns, whatever number of queries each of them sends, and whoever runs
 * expensive queries leaves at least half of the time to others. Without that, a user who sends a hundred counts of a
 * large table at once would keep everybody else waiting until all of them are done.
 */
export class QueryQueue {
  readonly #concurrency: Concurrency;
  /** Users who run or wait; whoever had a turn goes to the end. */
  readonly #lanes = new Map<number, Lane>();
  #running = 0;
  #sinceYield = 0;
  #isYielding = false;

  constructor(concurrency: Concurrency) {
    this.#concurrency = concurrency;
  }

  /** Runs a query when it is its turn; `spent` is told how long it ran. Throws `Busy` when it would wait too long. */
  async run<T>(userId: number, query: () => Promise<T>, spent: (ms: number) => void): Promise<T> {
    const lane = this.#laneOf(userId);
    if (lane.waiting.length === 0 && this.#mayStart(lane)) this.#start(lane);
    else await this.#wait(lane);
    const since = performance.now();
    try {
      return await query();
    } finally {
      const ms = performance.now() - since;
      spent(ms);
      this.#end(userId, lane, ms);
    }
  }

  #laneOf(userId: number): Lane {
    const known = this.#lanes.get(userId);
    if (known) return known;
    const lane: Lane = { running: 0, waiting: [], isResting: false };
    this.#lanes.set(userId, lane);
    return lane;
  }

  #mayStart(lane: Lane): boolean {
    const { total, perUser } = this.#concurrency;
    return !lane.isResting && !this.#isYielding && lane.running < perUser && this.#running < total;
  }

  #start(lane: Lane): void {
    lane.running += 1;
    this.#running += 1;
  }

  #wait(lane: Lane): Promise<void> {
    if (lane.waiting.length >= MAX_WAITING) throw tooBusy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    lane.waiting.push({ start: resolve, refuse: reject, deadline: performance.now() + MAX_WAIT_MS });
    return promise;
  }

  #end(userId: number, lane: Lane, ms: number): void {
    lane.running -= 1;
    this.#running -= 1;
    this.#sinceYield += ms;
    if (ms > CHEAP_MS) this.#rest(userId, lane, Math.min(ms - CHEAP_MS, MAX_REST_MS));
    if (this.#sinceYield > SLICE_MS && !this.#isYielding) this.#yield();
    else this.#next();
    this.#forget(userId, lane);
  }

  #rest(userId: number, lane: Lane, ms: number): void {
    if (lane.isResting) return;
    lane.isResting = true;
    setTimeout(() => {
      lane.isResting = false;
      this.#next();
      this.#forget(userId, lane);
    }, ms);
  }

  #yield(): void {
    this.#isYielding = true;
    setImmediate(() => {
      this.#isYielding = false;
      this.#sinceYield = 0;
      this.#next();
    });
  }

  #next(): void {
    for (const [userId, lane] of [...this.#lanes]) {
      if (this.#running >= this.#concurrency.total) return;
      const next = this.#mayStart(lane) ? lane.waiting.shift() : undefined;
      if (!next) continue;
      this.#lanes.delete(userId);
      this.#lanes.set(userId, lane);
      if (next.deadline < performance.now()) {
        next.refuse(tooBusy());
        this.#next();
        return;
      }
      this.#start(lane);
      next.start();
    }
  }

  #forget(userId: number, lane: Lane): void {
    const isIdle = lane.running === 0 && lane.waiting.length === 0 && !lane.isResting;
    if (isIdle && this.#lanes.get(userId) === lane) this.#lanes.delete(userId);
  }
}

const tooBusy = () =>
  new Busy('Too many of your queries wait for the server. Wait for the answers before you send more.', 5);
