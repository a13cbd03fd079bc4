import type { Context } from '../context.ts';
import { File, ResumableUpload } from '../database/entities/index.ts';
import { ConflictError } from '../errors.ts';
import { deletePendingBlobs } from '../maintenance/pending-deletions.ts';
import { deleteExpiredUploads } from '../uploads/resumable/resumable-upload.ts';

/** Keys that are looked up together. */
const BATCH = 200;
const keyAlone = { fields: ['blobKey'], disableIdentityMap: true } as const;

/** As many orphans, and most of all blobs, are no leftovers of a crash: it is the database of another folder. */
const PLAUSIBLE = 100;

type Stores = Pick<Context, 'em' | 'storage'>;

export interface SweepOptions {
  /** What came before this moment and belongs to nobody goes. A blob is older than its row: leave uploads under way their time. */
  before: Date;
  /** Only looks. */
  dryRun?: boolean | undefined;
  /** Goes on where most of the bytes would go. */
  force?: boolean | undefined;
}

/** What was found to belong to nobody, and, unless it was only looked for, is gone. */
export interface Swept {
  /** Staged leftovers, and uploads that nobody went on with; not counted when it is only looked. */
  staged: number;
  /** Blobs of removed files that were still to be deleted; not counted when it is only looked. */
  deleted: number;
  /** Blobs that no row names, and their bytes. */
  orphans: number;
  orphanBytes: number;
  /** Blobs that rows name, and that are not there: files were lost. `verify` says which. */
  missing: number;
}

/**
 * Removes what a crash left behind: staged bytes that nobody comes back for, blobs of removed files, blobs that never
 * got a row. First it only looks, and throws `ConflictError` when most of the blobs would go. Servers may be running; of several that
 * sweep at once, each finds less to do.
 */
export async function sweep(shelves: Stores, options: SweepOptions): Promise<Swept> {
  const { em, storage } = shelves;
  const { before, dryRun = false, force = false } = options;
  const startedAt = new Date();
  const seen = await walk(shelves, before);
  const missing = Math.max(0, (await countKeys(shelves, startedAt)) - seen.named);
  const { orphans, orphanBytes } = seen;
  if (dryRun) return { staged: 0, deleted: 0, orphans, orphanBytes, missing };
  if (!force && orphans > PLAUSIBLE && orphans > seen.blobs / 2) {
    throw new ConflictError(
      `${orphans} of ${seen.blobs} blobs belong to no file, as when the database is not that of this folder. Nothing was removed. ` +
        'If they are to go all the same, say so with --force.',
    );
  }
  const staged = (await storage.removeStaged(before)) + (await deleteExpiredUploads({ em, storage }, startedAt));
  const deleted = await deletePendingBlobs(em, storage);
  // Looked up once more: what was committed meanwhile stays.
  const gone = orphans > 0 ? await walk(shelves, before, (key) => storage.delete(key)) : seen;
  return { staged, deleted, orphans: gone.orphans, orphanBytes: gone.orphanBytes, missing };
}

interface Walked {
  blobs: number;
  /** Those of them that a file names. */
  named: number;
  orphans: number;
  orphanBytes: number;
}

/** Looks at every blob, and does something about each that is old enough and belongs to nobody. */
async function walk(
  { em, storage }: Stores,
  before: Date,
  onOrphan: (key: string) => Promise<void> = async () => {},
): Promise<Walked> {
  const walked: Walked = { blobs: 0, named: 0, orphans: 0, orphanBytes: 0 };
  const look = async (batch: Map<string, { size: number; isOld: boolean }>) => {
    const keys = [...batch.keys()];
    const files = new Set((await em.find(File, { blobKey: { $in: keys } }, keyAlone)).map((row) => row.blobKey));
    const uploads = await em.find(ResumableUpload, { blobKey: { $in: keys } }, keyAlone);
    const needed = files.union(new Set(uploads.map((row) => row.blobKey)));
    walked.blobs += keys.length;
    walked.named += files.size;
    for (const [key, { size, isOld }] of batch) {
      if (needed.has(key) || !isOld) continue;
      await onOrphan(key);
      walked.orphans += 1;
      walked.orphanBytes += size;
    }
    batch.clear();
  };
  const batch = new Map<string, { size: number; isOld: boolean }>();
  for await (const { key, size, storedAt } of storage.list()) {
    batch.set(key, { size, isOld: storedAt < before });
    if (batch.size === BATCH) await look(batch);
  }
  if (batch.size > 0) await look(batch);
  return walked;
}

/** How many blobs files name that were there before a moment. */
async function countKeys({ em }: Stores, before: Date): Promise<number> {
  const rows: { keys: number | string }[] = await em.execute(
    'select count(distinct blob_key) as keys from files where created_at < ?',
    [before],
  );
  return Number(rows[0]?.keys);
}
