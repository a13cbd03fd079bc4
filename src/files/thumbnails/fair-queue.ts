import { RateLimitedError } from '../../errors.ts';

/**
 * Waiting jobs of one user, and of all users. Beyond them, new ones are refused with
 * `RateLimitedError`.
 */
const MAX_WAITING_OF_USER = 500;
const MAX_WAITING = 2000;
/** How long a job waits, in milliseconds. Browsers do not wait much longer for an image. */
const MAX_WAIT_MS = 30_000;

interface Job {
  userId: number;
  isWanted(): boolean;
  run(): Promise<void>;
  reject(error: RateLimitedError): void;
  timer: NodeJS.Timeout;
}

/**
 * Runs one job at a time. The next job is one of the user whose jobs have taken the least time
 * since the queue was last empty: images that take seconds delay their own user, and other users
 * only until the job that runs has ended. Waiting jobs hold no image in memory, so that a page with
 * many new images waits instead of failing.
 */
export class FairQueue {
  readonly #maxWaitMs: number;
  #waiting: Job[] = [];
  readonly #usedMs = new Map<number, number>();
  #isRunning = false;

  constructor(maxWaitMs = MAX_WAIT_MS) {
    this.#maxWaitMs = maxWaitMs;
  }

  /**
   * Queues a job and returns the result of `work`. Throws `RateLimitedError` when the queue is
   * full, and rejects with it when the job waited too long, or when `isWanted` returns false before
   * it is started.
   */
  run<Result>(userId: number, work: () => Promise<Result>, isWanted = () => true): Promise<Result> {
    if (this.#isFullFor(userId)) this.#dropUnwanted();
    if (this.#isFullFor(userId)) throw busy();
    return new Promise((resolve, reject) => {
      const job: Job = {
        userId,
        isWanted,
        run: () => work().then(resolve, reject),
        reject,
        timer: setTimeout(() => this.#drop((other) => other === job), this.#maxWaitMs).unref(),
      };
      this.#waiting.push(job);
      if (!this.#isRunning) void this.#runAll();
    });
  }

  #isFullFor(userId: number): boolean {
    if (this.#waiting.length >= MAX_WAITING) return true;
    return this.#waiting.filter((job) => job.userId === userId).length >= MAX_WAITING_OF_USER;
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#next(); job; job = this.#next()) {
      const start = performance.now();
      await job.run();
      this.#usedMs.set(job.userId, this.#usedBy(job) + performance.now() - start);
    }
    this.#usedMs.clear();
    this.#isRunning = false;
  }

  /** Takes the next job that is still wanted, and rejects those before it that are not. */
  #next(): Job | undefined {
    for (;;) {
      const [job] = this.#waiting.splice(this.#indexOfNext(), 1);
      if (!job) return undefined;
      clearTimeout(job.timer);
      if (job.isWanted()) return job;
      job.reject(busy());
    }
  }

  #indexOfNext(): number {
    let best = 0;
    for (const [index, job] of this.#waiting.entries()) {
      if (this.#usedBy(job) < this.#usedBy(this.#waiting[best] as Job)) best = index;
    }
    return best;
  }

  #dropUnwanted(): void {
    this.#drop((job) => !job.isWanted());
  }

  #drop(isDropped: (job: Job) => boolean): void {
    const dropped = new Set(this.#waiting.filter(isDropped));
    this.#waiting = this.#waiting.filter((job) => !dropped.has(job));
    for (const job of dropped) {
      clearTimeout(job.timer);
      job.reject(busy());
    }
  }

  #usedBy({ userId }: Job): number {
    return this.#usedMs.get(userId) ?? 0;
  }
}

const busy = () => new RateLimitedError('Too many thumbnails are being created. Try again in a moment.', 5);
