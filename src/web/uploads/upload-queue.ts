import { deleteUpload } from 'attache-client/tus';
import type { JobHost, QueueOptions } from './job-host.ts';
import { SnapshotStore } from './queue-snapshot.ts';
import { RunningJobs } from './running-jobs.ts';
import { fingerprintOf, openStoredUploads } from './stored-uploads.ts';
import { createServer } from './upload-attempt.ts';
import { Entry } from './upload-entry.ts';
import type { UploadError } from './upload-error.ts';
import { type ChosenFile, isUnfinished, type UploadState, type UploadTarget } from './upload-item.ts';

/** Files up to this size, in bytes, are sent many in one request. */
const SMALL_BYTES = 1024 * 1024;

/**
 * The uploads of a user, which continue while the user moves between views. A few are sent at a
 * time, in the order in which they were added; the others are objects that wait.
 */
export class UploadQueue {
  readonly #host: JobHost;
  readonly #entries = new Map<number, Entry>();
  readonly #jobs = new RunningJobs();
  readonly #store = new SnapshotStore(this.#entries);
  #isOpen = true;
  #lastId = 0;

  constructor(options: QueueOptions) {
    this.#host = {
      ...options,
      stored: openStoredUploads(options.userId),
      limits: { batchFiles: 20, batchBytes: 8 * 1024 * 1024, chunkBytes: 32 * 1024 * 1024 },
      progressed: () => this.#store.update(),
      failMatching: (entry, error) => this.#failMatching(entry, error),
      signedOut: () => this.close(),
    };
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = this.#store.subscribe;
  readonly snapshot = this.#store.snapshot;

  /** Uploads whose files have to be chosen again, because the page was reloaded. */
  interruptedOn(on: string): { fingerprint: string; name: string }[] {
    const listed = new Set([...this.#entries.values()].filter(({ state }) => state !== 'done').map(fingerprint));
    return this.#host.stored.namesOn(on).filter((one) => !listed.has(one.fingerprint));
  }

  discardInterrupted(fingerprint: string): void {
    const url = this.#host.stored.find(fingerprint);
    this.#host.stored.remove(fingerprint);
    if (url) void this.#deleteUpload(url);
    this.#changed();
  }

  /** Adds files. Returns how many were not added, because the same are being uploaded already. */
  add(files: readonly ChosenFile[], target: UploadTarget): number {
    const running = new Set([...this.#entries.values()].filter(({ item }) => isUnfinished(item)).map(fingerprint));
    let skipped = 0;
    for (const chosen of files) {
      const print = fingerprintOf(chosen.file, chosen.path, target);
      if (running.has(print)) {
        skipped += 1;
        continue;
      }
      running.add(print);
      this.#lastId += 1;
      const isSmall = chosen.file.size <= SMALL_BYTES && target.on !== undefined && target.parentId === undefined;
      const entry = new Entry(this.#lastId, chosen, target, print, isSmall ? 'small' : 'large');
      this.#entries.set(this.#lastId, entry);
    }
    this.#changed();
    return skipped;
  }

  pause(id: number): void {
    const entry = this.#entries.get(id);
    if (!entry?.item.canPause || !isUnfinished(entry.item)) return;
    this.#jobs.jobOf(entry)?.abort();
    entry.become('paused');
    this.#changed();
  }

  /** Continues an upload that is paused, waits or failed. */
  resume(id: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (entry.state === 'waiting') this.#jobs.jobOf(entry)?.retryNow();
    // Requests keep their files: the others of this one continue as well.
    else for (const one of entry.batch?.entries ?? [entry]) if (isStopped(one.state)) one.become('queued');
    this.#changed();
  }

  cancel(id: number): void {
    const entry = this.#entries.get(id);
    if (entry) this.#cancel([entry]);
  }

  /** Cancels what is unfinished. */
  cancelAll(): void {
    this.#cancel([...this.#entries.values()].filter(({ item }) => isUnfinished(item)));
  }

  /** Cancels what is unfinished, and removes all others from the list. */
  clear(): void {
    this.#cancel([...this.#entries.values()]);
  }

  pauseAll(): void {
    this.#jobs.abortAll();
    for (const entry of this.#entries.values()) if (isUnfinished(entry.item)) entry.become('paused');
    this.#changed();
  }

  resumeAll(): void {
    this.#jobs.retryNow();
    for (const entry of this.#entries.values()) if (entry.state === 'paused') entry.become('queued');
    this.#changed();
  }

  retryFailed(): void {
    for (const entry of this.#entries.values()) if (entry.state === 'failed') entry.become('queued');
    this.#changed();
  }

  clearFinished(): void {
    for (const { item } of [...this.#entries.values()]) if (item.state === 'done') this.#entries.delete(item.id);
    this.#changed();
  }

  /** Sends what is queued, until `close` is called. */
  open(): void {
    this.#isOpen = true;
    this.#changed();
  }

  /** Stops all requests. What is unfinished continues after `open`. */
  close(): void {
    this.#isOpen = false;
    this.#jobs.abortAll();
    for (const entry of this.#entries.values())
      if (entry.state === 'uploading' || entry.state === 'waiting') entry.become('queued');
    this.#changed();
  }

  /** Others begin only after all of these are cancelled: there may be thousands. */
  #cancel(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#entries.delete(entry.item.id);
      entry.isCancelled = true;
      if (!entry.batch || entry.batch.entries.every(({ isCancelled }) => isCancelled)) this.#jobs.jobOf(entry)?.abort();
      if (isUnfinished(entry.item) || entry.state === 'failed') this.#host.stored.remove(entry.fingerprint);
      if (entry.uploadUrl && entry.state !== 'done') void this.#deleteUpload(entry.uploadUrl);
    }
    this.#changed();
  }

  #deleteUpload(url: string): Promise<void> {
    return deleteUpload(createServer(this.#host.token), url);
  }

  #failMatching({ target }: Entry, error: UploadError): void {
    const concernsAll = error.code === 'UNAUTHENTICATED';
    if (!concernsAll && error.code !== 'FORBIDDEN' && error.code !== 'NOT_FOUND') return;
    for (const entry of this.#entries.values()) {
      const matches = concernsAll || (entry.target.on === target.on && entry.target.parentId === target.parentId);
      if (matches && entry.state === 'queued') entry.become('failed', { problem: error });
    }
  }

  /** Begins what may be sent now. */
  #changed(): void {
    if (this.#isOpen) this.#jobs.begin([...this.#entries.values()], this.#host, () => this.#changed());
    this.#store.update();
  }
}

const fingerprint = (entry: Entry) => entry.fingerprint;

const isStopped = (state: UploadState) => state === 'paused' || state === 'failed';
