import type { Batch, Entry } from './upload-entry.ts';

/** The most that is sent in one request. */
export interface BatchLimits {
  batchFiles: number;
  batchBytes: number;
}

/** Collects queued files for the same attachable, in their order. */
export function toBatch(first: Entry, others: readonly Entry[], limits: BatchLimits): Batch {
  const batch: Batch = { idempotencyKey: randomKey(), entries: [first] };
  let bytes = first.file.size;
  for (const entry of others) {
    if (batch.entries.length >= limits.batchFiles || bytes >= limits.batchBytes) break;
    if (entry.target.on !== first.target.on || entry.batch) continue;
    batch.entries.push(entry);
    bytes += entry.file.size;
  }
  for (const entry of batch.entries) entry.batch = batch;
  return batch;
}

/** `crypto.randomUUID` is missing on pages without HTTPS. */
const randomKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
