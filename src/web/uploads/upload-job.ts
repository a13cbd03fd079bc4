import { sendBatch } from './send-batch.ts';
import { sendResumable } from './send-resumable.ts';
import type { StoredUploads } from './stored-uploads.ts';
import { type BatchLimits, toBatch } from './upload-batch.ts';
import type { Batch, Entry, Lane } from './upload-entry.ts';
import { isAmbiguous, retriesOf, UploadError } from './upload-error.ts';
import { retryDelayMs, waitToRetry } from './wait-to-retry.ts';

/** Attempts without progress after errors that may last. */
const FEW = 5;
/** A proxy that accepts less than this, in bytes, is not worked around. */
const MIN_CHUNK_BYTES = 256 * 1024;

export interface QueueOptions {
  userId: string;
  /** The header `Authorization` of the next request: another one than the one that was refused. */
  authorization(refused?: string): Promise<string>;
  /** Removes a stored file that was cancelled while it was sent. */
  removeFile(fileId: string): void;
}

/** What jobs need of their queue. */
export interface JobHost extends QueueOptions {
  stored: StoredUploads;
  limits: BatchLimits & { chunkBytes: number };
  /** Called when the view has something new to show. */
  progressed(): void;
  /** Fails every upload that would be refused for the same reason. */
  failMatching(entry: Entry, error: UploadError): void;
  /** Stops all uploads until the user has signed in again. */
  signedOut(): void;
}

/** Sends one large file, or some small ones in a request, until they are stored or refused. */
export class UploadJob {
  readonly lane: Lane;
  readonly entries: readonly Entry[];
  readonly #batch: Batch | undefined;
  readonly #host: JobHost;
  readonly #ending = new AbortController();
  #waiting = new AbortController();
  /** Since the server has stored more: all failures, and those that are retried a few times only. */
  #failures = 0;
  #lastingFailures = 0;
  /** The bytes that the server has, as far as it has reported. */
  #storedBytes = 0;
  #authorization: string | undefined;
  #isRefused = false;
  /** Whether all of the last request was sent. */
  #isSent = false;

  private constructor(lane: Lane, entries: readonly Entry[], batch: Batch | undefined, host: JobHost) {
    this.lane = lane;
    this.entries = entries;
    this.#batch = batch;
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
        await (this.#batch ? this.#sendBatch(this.#batch) : this.#sendLarge());
        return;
      } catch (error) {
        if (signal.aborted) return;
        const failure = error instanceof UploadError ? error : new UploadError('BAD_USER_INPUT', String(error));
        if (!(await this.#recover(failure))) return;
        for (const entry of this.#active) entry.become('uploading');
      }
    }
  }

  get #active(): Entry[] {
    return this.entries.filter(({ isCancelled }) => !isCancelled);
  }

  /** Tokens end, also during an upload. */
  async #authorize(): Promise<string> {
    this.#authorization = await this.#host.authorization(this.#isRefused ? this.#authorization : undefined);
    this.#isRefused = false;
    return this.#authorization;
  }

  async #sendLarge(): Promise<void> {
    const [entry] = this.entries as [Entry];
    const { stored, limits, progressed } = this.#host;
    entry.uploadUrl ??= stored.find(entry.fingerprint);
    const fileId = await sendResumable({
      file: entry.file,
      target: entry.target,
      authorize: () => this.#authorize(),
      uploadUrl: entry.uploadUrl,
      chunkBytes: limits.chunkBytes,
      signal: this.#ending.signal,
      onUrl(url) {
        entry.uploadUrl = url;
        stored.keep(entry.fingerprint, url, entry.file.name, entry.target);
      },
      onProgress: (sentBytes) => {
        entry.progress(sentBytes);
        progressed();
      },
      // Bytes that were sent are no progress: the server may fail at the end of each request.
      onOffset: (storedBytes) => {
        if (storedBytes <= this.#storedBytes) return;
        this.#storedBytes = storedBytes;
        this.#failures = 0;
        this.#lastingFailures = 0;
      },
    });
    stored.remove(entry.fingerprint);
    entry.become('done', { fileId });
  }

  async #sendBatch(batch: Batch): Promise<void> {
    const { entries, idempotencyKey } = batch;
    const [first] = entries as [Entry];
    const total = entries.reduce((sum, { file }) => sum + file.size, 0);
    this.#isSent = false;
    const results = await sendBatch({
      on: first.target.on as string,
      files: entries.map(({ file }) => file),
      idempotencyKey,
      authorization: await this.#authorize(),
      signal: this.#ending.signal,
      onProgress: (share) => {
        // The parts of a form are sent one after the other.
        let sent = share * total;
        this.#isSent = share === 1;
        for (const entry of entries) {
          entry.progress(Math.min(sent, entry.file.size));
          sent = Math.max(0, sent - entry.file.size);
        }
        this.#host.progressed();
      },
    });
    this.#dissolve();
    for (const [index, entry] of entries.entries()) {
      const result = results[index];
      if (!result) continue;
      if ('error' in result) entry.become('failed', { problem: result.error });
      else if (entry.isCancelled) this.#host.removeFile(result.fileId);
      else entry.become('done', { fileId: result.fileId });
    }
  }

  /** Waits for the next attempt. Resolves to false when there is none. */
  async #recover(error: UploadError): Promise<boolean> {
    this.#isRefused = error.code === 'UNAUTHENTICATED';
    if (error.code === 'SIGNED_OUT') {
      this.#host.signedOut();
      return false;
    }
    const retries = retriesOf(error);
    if (this.#batch && this.#isSent && isAmbiguous(error)) this.#batch.isUncertain = true;
    if (error.code === 'CONFLICT' && this.#batch?.isReduced) return this.#fail(new UploadError('RESULT_LOST'));
    if (error.code === 'UNREACHABLE' && (await this.#failUnreadable())) return false;
    if (!this.#batch?.isUncertain && this.#adaptToLimits(error)) return false;
    if (retries === 'never' || (retries === 'few' && this.#lastingFailures >= FEW)) {
      this.#host.failMatching(this.entries[0] as Entry, error);
      return this.#fail(error);
    }
    const delay = Math.max(error.retryAfterMs, retryDelayMs(this.#failures));
    this.#failures += 1;
    if (retries === 'few') this.#lastingFailures += 1;
    for (const entry of this.#active) entry.become('waiting', { problem: error, retryAt: Date.now() + delay });
    this.#host.progressed();
    this.#waiting = new AbortController();
    await waitToRetry(delay, this.#waiting.signal);
    return !this.#ending.signal.aborted;
  }

  /** Ends the attempts. A user who tries again repeats a request whose result is unknown. */
  #fail(problem: UploadError): false {
    if (!this.#batch?.isUncertain || problem.code === 'RESULT_LOST') this.#dissolve();
    for (const entry of this.#active) entry.become('failed', { problem });
    return false;
  }

  /** A file that cannot be read looks like a lost connection. Queues the others again. */
  async #failUnreadable(): Promise<boolean> {
    const readable = await Promise.all(this.entries.map(({ file }) => isReadable(file)));
    if (this.#ending.signal.aborted || readable.every(Boolean)) return false;
    this.#dissolve();
    if (this.#batch?.isUncertain) {
      const entries = this.entries.filter((_, index) => readable[index]);
      const reduced: Batch = { ...this.#batch, entries, isReduced: true };
      for (const entry of entries) entry.batch = reduced;
    }
    for (const [index, entry] of this.entries.entries())
      if (entry.isCancelled) continue;
      else if (readable[index]) entry.become('queued');
      else entry.become('failed', { problem: new UploadError('UNREADABLE') });
    return true;
  }

  /** Sends less in a request, if the server or a proxy refuses its length. Queues its files again. */
  #adaptToLimits({ code }: UploadError): boolean {
    const { limits } = this.#host;
    const isProxy = code === 'PROXY_LIMIT';
    if (!isProxy && code !== 'PAYLOAD_TOO_LARGE') return false;
    if (this.entries.length > 1) {
      limits.batchFiles = Math.max(1, Math.min(limits.batchFiles, Math.floor(this.entries.length / 2)));
    } else if (isProxy && limits.chunkBytes > MIN_CHUNK_BYTES) {
      if (this.lane === 'large') limits.chunkBytes /= 4;
      for (const entry of this.entries) entry.lane = 'large';
    } else {
      return false;
    }
    this.#dissolve();
    for (const entry of this.#active) entry.become('queued');
    return true;
  }

  /** Nothing of the request is stored, or its results are known: its files may be sent in others. */
  #dissolve(): void {
    for (const entry of this.entries) entry.batch = undefined;
  }
}

async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
