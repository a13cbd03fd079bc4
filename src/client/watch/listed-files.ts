import type { RemoteFile } from '../remote-files.ts';
import type { FileAdded } from './subscription.ts';

/** How many files are remembered: those that were added last. */
const MAX_REMEMBERED = 100_000;
/** The most time between the creation of a file and the event of its upload, in milliseconds. */
const MAX_EVENT_DELAY_MS = 1000;

/** Remembers the files that were listed, for those whose event comes as well. */
export interface ListedFiles {
  add(file: RemoteFile): void;
  /** Whether this event is of the upload of a file that was listed. True once for each file. */
  takes(event: Pick<FileAdded, 'file' | 'at'>): boolean;
}

/**
 * A file that is uploaded while the list is read is in the list, and in the events after the
 * position at its start. A file that is attached again later has an event like its first one: that
 * one is handled, since it is not of the time at which the file was created.
 */
export function createListedFiles(): ListedFiles {
  const ids = new Set<string>();
  return {
    add({ id }) {
      ids.add(id);
      if (ids.size > MAX_REMEMBERED) ids.delete(ids.values().next().value ?? '');
    },
    takes: ({ file, at }) =>
      Math.abs(Date.parse(at) - Date.parse(file.createdAt)) <= MAX_EVENT_DELAY_MS && ids.delete(file.id),
  };
}
