/** Where files are uploaded to. */
export interface UploadTarget {
  /** Attachable to attach the files to, as in `Task:1`. */
  on?: string | undefined;
  /** Any version of a file, as in `File:1`: the upload becomes its next version. */
  parentId?: string | undefined;
  /** What the user knows the target by. */
  label: string;
}

/** A file that the user chose. */
export interface ChosenFile {
  file: File;
  /** Its path below the folder that was chosen, or its name. */
  path: string;
}

/**
 * - `queued`: not yet begun.
 * - `waiting`: an attempt failed, and another follows by itself.
 * - `failed`: the user has to decide.
 */
export type UploadState = 'queued' | 'uploading' | 'waiting' | 'paused' | 'failed' | 'done';

/** Why an upload waits or failed. */
export interface UploadProblem {
  /** A code of the server, or one of `UploadError`. */
  code: string;
  /** The server's own words; empty when it did not answer. */
  message: string;
}

/** One upload as it is shown. A change replaces the object. */
export interface UploadItem {
  id: number;
  name: string;
  path: string;
  size: number;
  target: UploadTarget;
  state: UploadState;
  sentBytes: number;
  /** Bytes a second; 0 unless the upload is being sent. */
  speed: number;
  problem?: UploadProblem | undefined;
  /** Time of the next attempt, in milliseconds since 1970. */
  retryAt?: number | undefined;
  /** Whether the user may pause it: not while it is sent together with other small files. */
  canPause: boolean;
  /** The stored file, as in `File:42`. */
  fileId?: string | undefined;
}

/** Everything that the panel shows. */
export interface QueueSnapshot {
  items: readonly UploadItem[];
  counts: Readonly<Record<UploadState, number>>;
  sentBytes: number;
  totalBytes: number;
  speed: number;
}

const UNFINISHED: ReadonlySet<UploadState> = new Set(['queued', 'uploading', 'waiting', 'paused']);

export const isUnfinished = ({ state }: Pick<UploadItem, 'state'>): boolean => UNFINISHED.has(state);
