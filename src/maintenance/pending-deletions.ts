import type { EntityManager } from '../database/database.ts';
import { BlobDeletion } from '../database/entities/index.ts';
import { transact } from '../database/transaction.ts';
import { removeThumbnailsOf } from '../files/thumbnails/thumbnail-usage.ts';
import type { Storage } from '../storage/storage.ts';

/** Blobs that are deleted at once. */
const BATCH_SIZE = 200;

/**
 * Deletes the blobs of removed files that are listed in `blob_deletions`, also those that a server
 * that crashed has left there. Returns how many were deleted.
 */
export async function deletePendingBlobs(em: EntityManager, storage: Storage): Promise<number> {
  for (let deleted = 0; ; ) {
    const pending = await em.find(BlobDeletion, {}, { limit: BATCH_SIZE, disableIdentityMap: true });
    if (pending.length === 0) return deleted;
    const keys = pending.map((row) => row.blobKey);
    await Promise.all(keys.map((key) => storage.delete(key)));
    await transact(em.fork(), async (tx) => {
      await tx.nativeDelete(BlobDeletion, { blobKey: { $in: keys } });
      await removeThumbnailsOf(tx, keys);
    });
    deleted += keys.length;
  }
}
