import type { BatchLimits } from './upload-batch.ts';
import type { Batch, Entry, Lane } from './upload-entry.ts';
import { UploadError } from './upload-error.ts';

/** A proxy that accepts less than this, in bytes, is not worked around. */
const MIN_CHUNK_BYTES = 256 * 1024;

/** The most that is sent in one request: it decreases when the server or a proxy refuses more. */
export interface RequestLimits extends BatchLimits {
  chunkBytes: number;
}

/** The entries of a request. */
export interface Sent {
  lane: Lane;
  entries: readonly Entry[];
  batch: Batch | undefined;
}

/** Nothing of the request is stored, or its results are known: its files may be sent in others. */
export function dissolve({ entries }: Sent): void {
  for (const entry of entries) entry.batch = undefined;
}

/** Sends less in a request, if its length was refused. Queues its files again, and returns true. */
export function adaptToLimits(sent: Sent, { code }: UploadError, limits: RequestLimits): boolean {
  const { lane, entries } = sent;
  const isProxy = code === 'PROXY_LIMIT';
  if (!isProxy && code !== 'PAYLOAD_TOO_LARGE') return false;
  if (entries.length > 1) {
    limits.batchFiles = Math.max(1, Math.min(limits.batchFiles, Math.floor(entries.length / 2)));
  } else if (isProxy && limits.chunkBytes > MIN_CHUNK_BYTES) {
    if (lane === 'large') limits.chunkBytes /= 4;
    for (const entry of entries) entry.lane = 'large';
  } else {
    return false;
  }
  dissolve(sent);
  for (const entry of entries) if (!entry.isCancelled) entry.become('queued');
  return true;
}

/**
 * A file that cannot be read looks like a lost connection. If there is one, fails it, queues the
 * others again, and resolves to true.
 */
export async function failUnreadable(sent: Sent, signal: AbortSignal): Promise<boolean> {
  const { entries, batch } = sent;
  const readable = await Promise.all(entries.map(({ file }) => isReadable(file)));
  if (signal.aborted || readable.every(Boolean)) return false;
  dissolve(sent);
  if (batch?.isUncertain) {
    const others = entries.filter((_, index) => readable[index]);
    const reduced: Batch = { ...batch, entries: others, isReduced: true };
    for (const entry of others) entry.batch = reduced;
  }
  for (const [index, entry] of entries.entries())
    if (entry.isCancelled) continue;
    else if (readable[index]) entry.become('queued');
    else entry.become('failed', { problem: new UploadError('UNREADABLE') });
  return true;
}

async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
