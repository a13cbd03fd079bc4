import type { JobHost } from './job-host.ts';
import type { Entry, Lane } from './upload-entry.ts';
import { UploadJob } from './upload-job.ts';

/** Requests at a time: browsers open six connections to a server, and lists need some. */
const MAX_JOBS: Record<Lane, number> = { large: 2, small: 2 };

/** The jobs that are sent now: the first of what is queued, in its order. */
export class RunningJobs {
  readonly #jobs = new Set<UploadJob>();

  /** Begins what may be sent now. Calls `onEnd` after each of these jobs. */
  begin(entries: readonly Entry[], host: JobHost, onEnd: () => void): void {
    for (const lane of ['large', 'small'] as const)
      while (this.#countOf(lane) < MAX_JOBS[lane]) {
        const job = UploadJob.next(lane, entries, host);
        if (!job) break;
        this.#jobs.add(job);
        void job.run().finally(() => {
          this.#jobs.delete(job);
          onEnd();
        });
      }
  }

  #countOf(lane: Lane): number {
    return [...this.#jobs].filter((job) => job.lane === lane).length;
  }

  jobOf(entry: Entry): UploadJob | undefined {
    return [...this.#jobs].find(({ entries }) => entries.includes(entry));
  }

  abortAll(): void {
    for (const job of this.#jobs) job.abort();
  }

  /** Ends all waits for the next attempt. */
  retryNow(): void {
    for (const job of this.#jobs) job.retryNow();
  }
}
