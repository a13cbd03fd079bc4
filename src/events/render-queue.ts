import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** How long renders keep the event loop before others have their turn. */
const SLICE_MS = 4;
/** Users for whom something is rendered at once. Each waits for the database most of the time. */
const AT_ONCE = 8;

/** A render that waits, runs or is done. */
export interface Job<Result> {
  readonly result: Promise<Result>;
  hasStarted: boolean;
  /** Runs it; fulfils when the result is settled. */
  start(): Promise<void>;
}

/**
 * Runs the renders of all groups of a node: users take turns, each with one render at a time, so that the many of one
 * user delay nobody else's; and after a few milliseconds of them, everything else on the event loop comes first.
 */
export class RenderQueue {
  /** By user, in the order of their turns. */
  readonly #waiting = new Map<number, Job<unknown>[]>();
  readonly #served = new Set<number>();
  #workers = 0;
  /** When the renders of this turn of the event loop began. */
  #sliceBegan: number | undefined;

  add<Result>(userId: number, render: () => Promise<Result>): Job<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    promise.catch(() => {}); // reported to whoever waits for it
    const job: Job<Result> = {
      result: promise,
      hasStarted: false,
      async start() {
        job.hasStarted = true;
        await Promise.try(render).then(resolve, reject);
      },
    };
    this.join(job, userId);
    return job;
  }

  /** Another user waits for the same: it comes with the first turn of any of them. */
  join(job: Job<unknown>, userId: number): void {
    if (job.hasStarted) return;
    const jobs = this.#waiting.get(userId);
    if (jobs?.includes(job)) return;
    if (jobs) jobs.push(job);
    else this.#waiting.set(userId, [job]);
    if (this.#workers < AT_ONCE) void this.#work();
  }

  /** Whether something for the user waits for its turn. */
  isWaiting(userId: number): boolean {
    return this.#waiting.has(userId);
  }

  async #work(): Promise<void> {
    this.#workers += 1;
    for (;;) {
      while (this.#isSliceOver()) await yieldToOthers();
      const next = this.#next();
      if (!next) break;
      this.#served.add(next.userId);
      await next.job.start();
      this.#served.delete(next.userId);
    }
    this.#workers -= 1;
  }

  /** Takes the first job of the first user for whom nothing is rendered now; that user is the last from here on. */
  #next(): { userId: number; job: Job<unknown> } | undefined {
    for (const [userId, jobs] of this.#waiting) {
      if (this.#served.has(userId)) continue;
      const job = jobs.shift();
      this.#waiting.delete(userId);
      if (jobs.length > 0) this.#waiting.set(userId, jobs);
      if (job && !job.hasStarted) return { userId, job };
    }
    return undefined;
  }

  #isSliceOver(): boolean {
    if (this.#sliceBegan === undefined) {
      this.#sliceBegan = performance.now();
      setImmediate(() => {
        this.#sliceBegan = undefined;
      });
    }
    return performance.now() - this.#sliceBegan >= SLICE_MS;
  }
}
