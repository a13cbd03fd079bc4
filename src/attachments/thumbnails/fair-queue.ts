import { Busy } from '../../errors.ts';

/** Work that waits, of one user and of all together. Beyond it, clients are told to ask again. */
const MAX_WAITING_OF_USER = 32;
const MAX_WAITING = 256;

interface Job {
  userId: number;
  run(): Promise<void>;
}

/**
 * Does one piece of work after the other. Of several users who wait, the one whose work has taken the least time since
 * the queue was last empty is next: pictures that take seconds make their own uploader wait, and nobody else
 * longer than until the one that is being read is done.
 */
export class FairQueue {
  readonly #waiting: Job[] = [];
  readonly #usedMs = new Map<number, number>();
  #isRunning = false;

  /** Answers what the work answers. Throws `Busy` when too much waits. */
  run<Result>(userId: number, work: () => Promise<Result>): Promise<Result> {
    const own = this.#waiting.filter((job) => job.userId === userId).length;
    if (own >= MAX_WAITING_OF_USER || this.#waiting.length >= MAX_WAITING)
      throw new Busy('Too many thumbnails are being made. Ask again in a moment.');
    return new Promise((resolve, reject) => {
      this.#waiting.push({ userId, run: () => work().then(resolve, reject) });
      if (!this.#isRunning) void this.#runAll();
    });
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

  #next(): Job | undefined {
    let best = 0;
    for (const [index, job] of this.#waiting.entries()) {
      if (this.#usedBy(job) < this.#usedBy(this.#waiting[best] as Job)) best = index;
    }
    return this.#waiting.splice(best, 1)[0];
  }

  #usedBy({ userId }: Job): number {
    return this.#usedMs.get(userId) ?? 0;
  }
}
