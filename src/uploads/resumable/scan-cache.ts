import { ContentScan } from '../../files/inspect/content-scan.ts';

/** Uploads whose scan is kept. For others, all that came is read again at their end. */
const MOST = 1000;

const scans = new Map<string, { position: number; scan: ContentScan }>();

/** The scan of what came of an upload so far, to go on with; undefined when this server has not seen all of it. */
export function takeScan(id: string, position: number): ContentScan | undefined {
  if (position === 0) return new ContentScan();
  const kept = scans.get(id);
  scans.delete(id);
  return kept?.position === position ? kept.scan : undefined;
}

export function storeScan(id: string, position: number, scan: ContentScan): void {
  scans.set(id, { position, scan });
  const [oldest] = scans.keys();
  if (scans.size > MOST && oldest !== undefined) scans.delete(oldest);
}
