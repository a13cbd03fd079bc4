import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** How long renders may occupy the event loop before they yield. */
const SLICE_MS = 4;
/** Users for whom renders run concurrently. Most of the time, a render waits for the database. */
const CONCURRENCY = 8;

/** A render that waits, runs or is done. */
export interface Job<Result> {
  readonly result: Promise<Result>;
  hasStarted: boolean;
  /** Runs it. Resolves when the result is settled. */
  start(): Promise<void>;
}

/**
 * Runs the renders of all groups of a node. It schedules users round robin with one render each at
 * a time, so that many renders of one user do not delay those of others, and yields to the event
 * loop after `SLICE_MS` of renders.
 */
export class RenderQueue {
  /** Waiting jobs by user id, in the order in which users are served next. */
  readonly #waiting = new Map<number, Job<unknown>[]>();
  /** Users for whom a render runs. */
  readonly #served = new Set<number>();
  #workers = 0;
  /** When the renders of this iteration of the event loop began. */
  #sliceStart: number | undefined;

  /** Queues a render for a user. */
  add<Result>(userId: number, render: () => Promise<Result>): Job<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    promise.catch(() => {}); // Callers handle the rejection of `result`.
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

  /**
   * Queues a job for another user who needs the same result: it runs when the first of its users is
   * served.
   */
  join(job: Job<unknown>, userId: number): void {
    if (job.hasStarted) return;
    const jobs = this.#waiting.get(userId);
    if (jobs?.includes(job)) return;
    if (jobs) jobs.push(job);
    else this.#waiting.set(userId, [job]);
    if (this.#workers < CONCURRENCY) void this.#work();
  }

  /** Whether a job of the user waits. */
  isWaiting(userId: number): boolean {
    return this.#waiting.has(userId);
  }

  async #work(): Promise<void> {
    this.#workers += 1;
    for (;;) {
      while (this.#isSliceOver()) await yieldToEventLoop();
      const next = this.#next();
      if (!next) break;
      this.#served.add(next.userId);
      await next.job.start();
      this.#served.delete(next.userId);
    }
    this.#workers -= 1;
  }

  /** Takes the first job of the first user for whom none runs, and moves that user to the end. */
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
    if (this.#sliceStart === undefined) {
      this.#sliceStart = performance.now();
      setImmediate(() => {
        this.#sliceStart = undefined;
      });
    }
    return performance.now() - this.#sliceStart >= SLICE_MS;
  }
}
