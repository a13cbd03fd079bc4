import type { ChosenFile, UploadItem, UploadProblem, UploadState, UploadTarget } from './upload-item.ts';

/** Small files are sent many in one request, each other one alone and resumably. */
export type Lane = 'small' | 'large';

/** Files that are sent in one request. Repeated, it has the same files and the same key. */
export interface Batch {
  idempotencyKey: string;
  entries: Entry[];
  /**
   * Whether all of it was sent without a result: its files may be stored. Until there is one, they
   * are sent under this key only, or they might be stored twice.
   */
  isUncertain?: boolean;
  /** Whether a file is missing that was sent before: the server would report that as a conflict. */
  isReduced?: boolean;
}

/** The weight of the newest measurement in the speed of an upload. */
const NEWEST = 0.3;
const MEASURE_MS = 400;

/** One upload, with what the queue needs to send it. */
export class Entry {
  readonly file: File;
  readonly fingerprint: string;
  lane: Lane;
  /** The request that it is part of, until the server has answered it. */
  batch: Batch | undefined;
  /** The address of the resumable upload, once it was created. */
  uploadUrl: string | undefined;
  isCancelled = false;
  #item: UploadItem;
  #measured = { at: 0, bytes: 0 };

  constructor(id: number, { file, path }: ChosenFile, target: UploadTarget, fingerprint: string, lane: Lane) {
    this.file = file;
    this.fingerprint = fingerprint;
    this.lane = lane;
    this.#item = {
      id,
      name: file.name,
      path,
      size: file.size,
      target,
      state: 'queued',
      sentBytes: 0,
      speed: 0,
      canPause: true,
    };
  }

  get item(): UploadItem {
    return this.#item;
  }

  get state(): UploadState {
    return this.#item.state;
  }

  get target(): UploadTarget {
    return this.#item.target;
  }

  /** Changes the state, and forgets what belonged to the former one. */
  become(state: UploadState, change: { problem?: UploadProblem; retryAt?: number; fileId?: string | undefined } = {}) {
    const { problem, retryAt, fileId = this.#item.fileId } = change;
    const sentBytes = state === 'done' ? this.#item.size : this.#item.sentBytes;
    this.#item = { ...this.#item, state, sentBytes, speed: 0, problem, retryAt, fileId, canPause: !this.batch };
    this.#measured = { at: 0, bytes: 0 };
  }

  /** Takes the bytes that were sent so far, and measures the speed. */
  progress(sentBytes: number): void {
    const now = performance.now();
    const elapsed = now - this.#measured.at;
    let { speed } = this.#item;
    if (this.#measured.at === 0) this.#measured = { at: now, bytes: sentBytes };
    else if (elapsed > MEASURE_MS) {
      const newest = Math.max(0, ((sentBytes - this.#measured.bytes) * 1000) / elapsed);
      speed = speed === 0 ? newest : speed * (1 - NEWEST) + newest * NEWEST;
      this.#measured = { at: now, bytes: sentBytes };
    }
    this.#item = { ...this.#item, sentBytes: Math.min(sentBytes, this.#item.size), speed };
  }
}
