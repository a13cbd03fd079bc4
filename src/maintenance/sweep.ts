import type { Context } from '../context.ts';
import { File, ResumableUpload } from '../database/entities/index.ts';
import { scanNow } from '../database/scans.ts';
import { ConflictError } from '../errors.ts';
import { deleteExpiredUploads } from '../uploads/resumable/terminate-upload.ts';
import { deletePendingBlobs } from './pending-deletions.ts';

/** Keys that one statement looks up. */
const BATCH_SIZE = 200;
const keyOnly = { fields: ['blobKey'], disableIdentityMap: true } as const;

/**
 * More orphans than this, when they are more than half of the blobs outside of the database, are
 * not left by crashes: then the database is that of another folder.
 */
const MAX_PLAUSIBLE_ORPHANS = 100;

type Stores = Pick<Context, 'em' | 'storage'>;

export interface SweepOptions {
  /**
   * Orphans that were stored before this moment are removed. A blob is stored before its row, so it
   * has to lie further back than any running upload takes.
   */
  before: Date;
  /** Counts, and removes nothing. */
  dryRun?: boolean | undefined;
  /** Removes even more than half of the blobs. */
  force?: boolean | undefined;
}

/** What was found, and, except in a dry run, removed. */
export interface Swept {
  /** Staged files, and expired uploads; 0 in a dry run. */
  staged: number;
  /** Blobs of removed files that were still to be deleted; 0 in a dry run. */
  deleted: number;
  /** Blobs that no row names, and their sum in bytes. */
  orphans: number;
  orphanBytes: number;
  /** Blobs that rows name and the storage lacks: files were lost. `verify` names them. */
  missing: number;
}

/**
 * Removes what crashes left: staged bytes, blobs of removed files, and blobs without a row. It
 * counts before it removes anything, and throws `ConflictError` when more than half of the blobs
 * would be removed. Servers may be running, and several sweeps at once do no harm.
 */
export async function sweep(stores: Stores, options: SweepOptions): Promise<Swept> {
  const { em, storage } = stores;
  const { before, dryRun = false, force = false } = options;
  const startedAt = new Date();
  const found = await scanBlobs(stores, before);
  const missing = Math.max(0, (await countKeys(stores, startedAt)) - found.named);
  const { orphans, orphanBytes } = found;
  if (dryRun) return { staged: 0, deleted: 0, orphans, orphanBytes, missing };
  const { outside } = found;
  if (!force && outside.orphans > MAX_PLAUSIBLE_ORPHANS && outside.orphans > outside.blobs / 2) {
    throw new ConflictError(
      `${outside.orphans} of ${outside.blobs} blobs belong to no file, as when the database is not that of this folder. Nothing was removed. ` +
        'To remove them nevertheless, use --force.',
    );
  }
  const staged = (await storage.removeStaged(before)) + (await deleteExpiredUploads({ em, storage }, startedAt));
  const deleted = await deletePendingBlobs(em, storage);
  // Scanned again: blobs whose rows were committed meanwhile stay.
  const removed = orphans > 0 ? await scanBlobs(stores, before, (key) => storage.delete(key)) : found;
  return { staged, deleted, orphans: removed.orphans, orphanBytes: removed.orphanBytes, missing };
}

interface BlobCounts {
  /** Blobs that the row of a file names. */
  named: number;
  orphans: number;
  orphanBytes: number;
  /**
   * The blobs, and the orphans among them, that are not in the database. A database with the rows
   * of files has their small blobs, too, whichever folder it is started on.
   */
  outside: { blobs: number; orphans: number };
}

interface FoundBlob {
  size: number;
  isOld: boolean;
  isOutside: boolean;
}

/**
 * Counts all blobs, and calls `onOrphan` for each that was stored before the moment and that no row
 * names.
 */
async function scanBlobs(
  { em, storage }: Stores,
  before: Date,
  onOrphan: (key: string) => Promise<void> = async () => {},
): Promise<BlobCounts> {
  const counts: BlobCounts = { named: 0, orphans: 0, orphanBytes: 0, outside: { blobs: 0, orphans: 0 } };
  const countBatch = async (batch: Map<string, FoundBlob>) => {
    const keys = [...batch.keys()];
    const files = new Set((await em.find(File, { blobKey: { $in: keys } }, keyOnly)).map((row) => row.blobKey));
    const uploads = await em.find(ResumableUpload, { blobKey: { $in: keys } }, keyOnly);
    const needed = files.union(new Set(uploads.map((row) => row.blobKey)));
    counts.named += files.size;
    for (const [key, { size, isOld, isOutside }] of batch) {
      if (isOutside) counts.outside.blobs += 1;
      if (needed.has(key) || !isOld) continue;
      await onOrphan(key);
      counts.orphans += 1;
      if (isOutside) counts.outside.orphans += 1;
      counts.orphanBytes += size;
    }
    batch.clear();
  };
  const batch = new Map<string, FoundBlob>();
  for await (const { key, size, storedAt, isInDatabase = false } of storage.list()) {
    batch.set(key, { size, isOld: storedAt < before, isOutside: !isInDatabase });
    if (batch.size === BATCH_SIZE) await countBatch(batch);
  }
  if (batch.size > 0) await countBatch(batch);
  return counts;
}

/** How many blobs are named by the rows of files that were created before a moment. */
async function countKeys({ em }: Stores, before: Date): Promise<number> {
  const rows: { keys: number | string }[] = await scanNow(
    em,
    'select count(distinct blob_key) as keys from files where created_at < ?',
    [before],
  );
  return Number(rows[0]?.keys);
}
