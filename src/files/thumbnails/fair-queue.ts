import { RateLimitedError } from '../../errors.ts';

/** Work that waits, of one user and of all together. Beyond it, clients are told to ask again. */
const MAX_WAITING_OF_USER = 500;
const MAX_WAITING = 2000;
/** How long work waits, in milliseconds. A browser that waits longer shows nothing either. */
const MAX_WAIT_MS = 30_000;

interface Job {
  userId: number;
  isWanted(): boolean;
  run(): Promise<void>;
  reject(error: RateLimitedError): void;
  timer: NodeJS.Timeout;
}

/**
 * Does one piece of work after the other. Of several users who wait, the one whose work has taken the least time since
 * the queue was last empty is next: pictures that take seconds make their own uploader wait, and nobody else
 * longer than until the one that is being read is done. What waits holds no bytes, so that a page with many new
 * pictures waits instead of failing.
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
   * Answers what the work answers. Throws `RateLimitedError` when too much waits, and rejects with it when the work has waited too
   * long, or `isWanted` answers false when its turn comes: then it is not begun.
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
      const since = performance.now();
      await job.run();
      this.#usedMs.set(job.userId, this.#usedBy(job) + performance.now() - since);
    }
    this.#usedMs.clear();
    this.#isRunning = false;
  }

  /** The next job that somebody still waits for. */
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

const busy = () => new RateLimitedError('Too many thumbnails are being made. Ask again in a moment.', 5);
