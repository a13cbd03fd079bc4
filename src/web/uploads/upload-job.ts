import { pause, retryDelayMs } from 'attache-client/retry';
import type { JobHost } from './job-host.ts';
import { attemptBatch, attemptLarge } from './upload-attempt.ts';
import { toBatch } from './upload-batch.ts';
import type { Batch, Entry, Lane } from './upload-entry.ts';
import { isAmbiguous, retriesOf, toUploadError, UploadError } from './upload-error.ts';
import { adaptToLimits, dissolve, failUnreadable } from './upload-recovery.ts';

/** Attempts without progress after errors that may last. */
const FEW = 5;

/**
 * Sends one large file, or some small ones in a request, until they are stored or refused. Its loop
 * is not that of attache-client: between two attempts, it shows the failure, sends less in a
 * request, or ends those that only the user can repair.
 */
export class UploadJob {
  readonly lane: Lane;
  readonly entries: readonly Entry[];
  readonly batch: Batch | undefined;
  readonly #host: JobHost;
  readonly #ending = new AbortController();
  #waiting = new AbortController();
  /**
   * Since the server has stored more: all failures, and those that are retried a few times only.
   */
  #failures = 0;
  #lastingFailures = 0;
  /** Whether all of the last request was sent. */
  #isSent = false;

  private constructor(lane: Lane, entries: readonly Entry[], batch: Batch | undefined, host: JobHost) {
    this.lane = lane;
    this.entries = entries;
    this.batch = batch;
    this.#host = host;
  }

  /** The next job of a lane; undefined when nothing of it is queued. */
  static next(lane: Lane, all: readonly Entry[], host: JobHost): UploadJob | undefined {
    const [first, ...others] = all.filter((entry) => entry.state === 'queued' && entry.lane === lane);
    if (!first) return undefined;
    const batch = lane === 'small' ? (first.batch ?? toBatch(first, others, host.limits)) : undefined;
    const job = new UploadJob(lane, batch?.entries ?? [first], batch, host);
    for (const entry of job.#active) entry.become('uploading');
    return job;
  }

  /** Stops. The states of its entries are for the caller to set. */
  abort(): void {
    this.#ending.abort(new UploadError('UNREACHABLE', 'stopped'));
    this.#waiting.abort();
  }

  /** Ends a wait for the next attempt. */
  retryNow(): void {
    this.#waiting.abort();
  }

  async run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#attempt();
        return;
      } catch (error) {
        if (signal.aborted || !(await this.#recover(toUploadError(error)))) return;
        for (const entry of this.#active) entry.become('uploading');
      }
    }
  }

  get #active(): Entry[] {
    return this.entries.filter(({ isCancelled }) => !isCancelled);
  }

  #attempt(): Promise<void> {
    this.#isSent = false;
    const options = {
      signal: this.#ending.signal,
      onStored: () => {
        this.#failures = 0;
        this.#lastingFailures = 0;
      },
      onSent: () => {
        this.#isSent = true;
      },
    };
    if (this.batch) return attemptBatch(this.batch, this.#host, options);
    return attemptLarge(this.entries[0] as Entry, this.#host, options);
  }

  /** Waits for the next attempt. Resolves to false when there is none. */
  async #recover(error: UploadError): Promise<boolean> {
    if (error.code === 'SIGNED_OUT') {
      this.#host.signedOut();
      return false;
    }
    const retries = retriesOf(error);
    if (this.batch && this.#isSent && isAmbiguous(error)) this.batch.isUncertain = true;
    if (error.code === 'CONFLICT' && this.batch?.isReduced) return this.#fail(new UploadError('RESULT_LOST'));
    if (error.code === 'UNREACHABLE' && (await failUnreadable(this, this.#ending.signal))) return false;
    if (!this.batch?.isUncertain && adaptToLimits(this, error, this.#host.limits)) return false;
    if (retries === 'never' || (retries === 'few' && this.#lastingFailures >= FEW)) {
      this.#host.failMatching(this.entries[0] as Entry, error);
      return this.#fail(error);
    }
    const delay = retryDelayMs(error, this.#failures);
    this.#failures += 1;
    if (retries === 'few') this.#lastingFailures += 1;
    for (const entry of this.#active) entry.become('waiting', { problem: error, retryAt: Date.now() + delay });
    this.#host.progressed();
    this.#waiting = new AbortController();
    await pause(delay, this.#waiting.signal).catch(() => {}); // The user does not want to wait.
    return !this.#ending.signal.aborted;
  }

  /** Ends the attempts. A user who tries again repeats a request whose result is unknown. */
  #fail(problem: UploadError): false {
    if (!this.batch?.isUncertain || problem.code === 'RESULT_LOST') dissolve(this);
    for (const entry of this.#active) entry.become('failed', { problem });
    return false;
  }
}
