import type { Entry } from './upload-entry.ts';
import type { QueueSnapshot, UploadState } from './upload-item.ts';

/** The shortest time between two updates of the view. */
const NOTIFY_MS = 200;

/** What the view shows of the uploads, for `useSyncExternalStore`. */
export class SnapshotStore {
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #listeners = new Set<() => void>();
  #snapshot = toSnapshot([]);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(entries: ReadonlyMap<number, Entry>) {
    this.#entries = entries;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): QueueSnapshot => this.#snapshot;

  /** Updates the view, at most once in `NOTIFY_MS`. */
  update(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#snapshot = toSnapshot([...this.#entries.values()]);
      for (const listener of this.#listeners) listener();
    }, NOTIFY_MS);
  }
}

function toSnapshot(entries: readonly Entry[]): QueueSnapshot {
  const counts: Record<UploadState, number> = { queued: 0, uploading: 0, waiting: 0, paused: 0, failed: 0, done: 0 };
  let [sentBytes, totalBytes, speed] = [0, 0, 0];
  for (const { item } of entries) {
    counts[item.state] += 1;
    if (item.state === 'failed') continue;
    sentBytes += item.sentBytes;
    totalBytes += item.size;
    speed += item.speed;
  }
  return { items: entries.map(({ item }) => item), counts, sentBytes, totalBytes, speed };
}
