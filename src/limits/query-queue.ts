import { Busy } from '../errors.ts';

/** How many queries run at once: of all users together, and of one user. */
export interface Concurrency {
  total: number;
  perUser: number;
}

/** A user may have so many milliseconds of queries at once; beyond that, as much time is left to others. */
const ALLOWANCE_MS = 50;
/** Of each millisecond that passes, the part that a user gets anew. */
const REFILL = 0.5;
const MAX_DEBT_MS = 500;
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
  /** Milliseconds of queries that it had, as far as they are not made up for, at a moment. */
  debt: number;
  at: number;
  isResting: boolean;
  forgetting?: NodeJS.Timeout | undefined;
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
    const lane: Lane = { running: 0, waiting: [], debt: 0, at: performance.now(), isResting: false };
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

  #wait(lane: Lane): Promise<void> {
    if (lane.waiting.length >= MAX_WAITING) throw tooBusy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    lane.waiting.push({ start: resolve, refuse: reject, deadline: performance.now() + MAX_WAIT_MS });
    return promise;
  }

  #end(userId: number, lane: Lane, ms: number): void {
    lane.running -= 1;
    this.#running -= 1;
    const now = performance.now();
    lane.debt = Math.min(Math.max(0, lane.debt - (now - lane.at) * REFILL) + ms, MAX_DEBT_MS);
    lane.at = now;
    if (lane.debt > ALLOWANCE_MS && !lane.isResting) this.#rest(userId, lane);
    this.#next();
    this.#forget(userId, lane);
  }

  /** Until what it had too much is made up for. */
  #rest(userId: number, lane: Lane): void {
    lane.isResting = true;
    setTimeout(
      () => {
        lane.isResting = false;
        this.#next();
        this.#forget(userId, lane);
      },
      (lane.debt - ALLOWANCE_MS) / REFILL,
    );
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

  /** Whoever neither runs nor waits is forgotten when nothing is left to make up for. */
  #forget(userId: number, lane: Lane): void {
    const isIdle = () => lane.running === 0 && lane.waiting.length === 0 && !lane.isResting;
    if (!isIdle()) return;
    const ms = (lane.debt / REFILL - (performance.now() - lane.at)) | 0;
    const forget = () => isIdle() && this.#lanes.get(userId) === lane && this.#lanes.delete(userId);
    if (ms <= 0) forget();
    else if (!lane.forgetting) {
      lane.forgetting = setTimeout(() => {
        lane.forgetting = undefined;
        this.#forget(userId, lane);
      }, ms).unref();
    }
  }
}

const tooBusy = () =>
  new Busy('Too many of your queries wait for the server. Wait for the answers before you send more.', 5);
