import type { Viewer } from '../auth/permissions.ts';

/** For how long after its entry the audit log has no other one of the same download. */
const WINDOW_MS = 60_000;
/** Downloads that are remembered. Beyond that the oldest is forgotten, and recorded once more. */
const MAX_REMEMBERED = 10_000;

/** Who downloads which file, from where. */
export interface DownloadFacts {
  viewer: Viewer;
  address: string | undefined;
  fileId: number;
  /** Whether a thumbnail was sent, and not the content. */
  isPreview: boolean;
}

/**
 * The downloads that this server has recorded in the last minute. A player that reads a video in
 * ranges makes one entry a minute of it, and not one for each range.
 */
export class RecentDownloads {
  /** Until when each is not recorded again, oldest first. */
  readonly #until = new Map<string, number>();

  has(download: DownloadFacts, now: Date): boolean {
    return (this.#until.get(keyOf(download)) ?? 0) > now.getTime();
  }

  /** To be called when the entry is committed. */
  add(download: DownloadFacts, now: Date): void {
    const key = keyOf(download);
    this.#until.delete(key);
    this.#until.set(key, now.getTime() + WINDOW_MS);
    const [oldest] = this.#until.keys();
    if (oldest !== undefined && this.#until.size > MAX_REMEMBERED) this.#until.delete(oldest);
  }
}

const keyOf = ({ viewer: { userId, keyId, guest, linkHash }, address, fileId, isPreview }: DownloadFacts): string =>
  JSON.stringify([userId, keyId, guest, linkHash, address, fileId, isPreview]);
