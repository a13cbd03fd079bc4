import { ContentScan } from '../../files/inspect/content-scan.ts';

/**
 * How many uploads the cache has at most. The bytes of others are read again when they are
 * completed.
 */
const MAX_SCANS = 1000;

const scans = new Map<string, { position: number; scan: ContentScan }>();

/**
 * Removes and returns the scan of the first `position` bytes of an upload; undefined when this
 * server did not receive all of them, or no longer has the scan.
 */
export function takeScan(id: string, position: number): ContentScan | undefined {
  if (position === 0) return new ContentScan();
  const cached = scans.get(id);
  scans.delete(id);
  return cached?.position === position ? cached.scan : undefined;
}

/** Stores the scan of the first `position` bytes until the upload is appended to or completed. */
export function storeScan(id: string, position: number, scan: ContentScan): void {
  scans.set(id, { position, scan });
  const [oldest] = scans.keys();
  if (scans.size > MAX_SCANS && oldest !== undefined) scans.delete(oldest);
}
