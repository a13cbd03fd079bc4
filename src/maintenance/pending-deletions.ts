import type { EntityManager } from '../database/database.ts';
import { BlobDeletion } from '../database/entities/index.ts';
import { transact } from '../database/transaction.ts';
import { removeThumbnailsOf } from '../files/thumbnails/thumbnail-usage.ts';
import type { Storage } from '../storage/storage.ts';

/** Blobs that are deleted at once. */
const BATCH_SIZE = 200;

/**
 * Deletes the blobs of removed files that are listed in `blob_deletions`, also those that a server
 * that crashed has left there. Returns how many were deleted. Throws when some could not be, after
 * the others were: the next time tries them again. It gives up when none of a batch can be deleted,
 * as when the storage cannot be reached.
 */
export async function deletePendingBlobs(em: EntityManager, storage: Storage): Promise<number> {
  const failures: unknown[] = [];
  let deleted = 0;
  for (let after = ''; ; ) {
    const keys = await keysAfter(em, after);
    const results = await Promise.allSettled(keys.map((key) => storage.delete(key)));
    const gone = keys.filter((_, index) => results[index]?.status === 'fulfilled');
    if (gone.length > 0) await forget(em, gone);
    deleted += gone.length;
    failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
    after = keys.at(-1) ?? after;
    if (keys.length < BATCH_SIZE || gone.length === 0) break;
  }
  if (failures.length > 0)
    throw new Error(`${failures.length} blobs could not be deleted, and will be tried again.`, { cause: failures[0] });
  return deleted;
}

async function keysAfter(em: EntityManager, after: string): Promise<string[]> {
  const order = { orderBy: { blobKey: 'asc' }, limit: BATCH_SIZE, disableIdentityMap: true } as const;
  return (await em.find(BlobDeletion, { blobKey: { $gt: after } }, order)).map((row) => row.blobKey);
}

const forget = (em: EntityManager, keys: string[]): Promise<void> =>
  transact(em.fork(), async (tx) => {
    await tx.nativeDelete(BlobDeletion, { blobKey: { $in: keys } });
    await removeThumbnailsOf(tx, keys);
  });
