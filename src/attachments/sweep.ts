import type { Context } from '../context.ts';
import { File, UnfinishedUpload } from '../database/entities/index.ts';
import { finishDeletions } from './remove.ts';
import { expireUploads } from './unfinished.ts';

/** Keys that are looked up together. */
const BATCH = 200;
const keyAlone = { fields: ['blobKey'], disableIdentityMap: true } as const;

export interface SweepOptions {
  /** What came before this moment and belongs to nobody goes. A blob is older than its row: leave uploads under way their time. */
  before: Date;
  /** Only looks. */
  dryRun?: boolean | undefined;
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
}

/**
 * Removes what a crash left behind: staged bytes that nobody comes back for, blobs of removed files, blobs that never
 * got a row. Servers may be running; of several that sweep at once, each finds less to do.
 */
export async function sweep(
  { em, storage }: Pick<Context, 'em' | 'storage'>,
  { before, dryRun = false }: SweepOptions,
): Promise<Swept> {
  const swept: Swept = {
    staged: dryRun ? 0 : (await storage.removeStaged(before)) + (await expireUploads({ em, storage }, new Date())),
    deleted: dryRun ? 0 : await finishDeletions(em, storage),
    orphans: 0,
    orphanBytes: 0,
  };
  const keysWithRows = async (keys: string[]) => {
    const found = await Promise.all(
      [File, UnfinishedUpload].map((table) => em.find(table as typeof File, { blobKey: { $in: keys } }, keyAlone)),
    );
    return new Set(found.flat().map((row) => row.blobKey));
  };
  const look = async (some: Map<string, number>) => {
    const needed = await keysWithRows([...some.keys()]);
    for (const [key, size] of some) {
      if (needed.has(key)) continue;
      if (!dryRun) await storage.delete(key);
      swept.orphans += 1;
      swept.orphanBytes += size;
    }
    some.clear();
  };
  const batch = new Map<string, number>();
  for await (const { key, size, storedAt } of storage.list()) {
    if (storedAt >= before) continue;
    batch.set(key, size);
    if (batch.size === BATCH) await look(batch);
  }
  await look(batch);
  return swept;
}
