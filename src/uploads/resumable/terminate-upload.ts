import type { FilterQuery } from '@mikro-orm/core';
import { assertWriteScope } from '../../auth/require-scope.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import type { EntityManager } from '../../database/database.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { ConflictError } from '../../errors.ts';
import { inTransaction, type TransactionContext } from '../../events/in-transaction.ts';
import type { Storage } from '../../storage/storage.ts';
import { deleteUpload, deleteUploadRow, isUrlValid, releaseUrl } from '../reservation.ts';
import { findUpload } from './find-upload.ts';
import { acquireUploadLock, isUnlocked, lockExpired } from './upload-lock.ts';

/**
 * Deletes an upload, and its bytes unless a file has them. A request that still sends to it is
 * interrupted. `find` returns the upload as it is now, and throws for one that the viewer may not
 * delete. Throws `NotFoundError`, `ForbiddenError` for a read-only key, and `ConflictError`
 * for a part of an unfinished final upload.
 */
export async function terminateUpload(
  request: RequestContext,
  id: string,
  find: (ctx: Context, id: string) => Promise<ResumableUpload> = findUpload,
): Promise<void> {
  const ctx = contextOf(request);
  await find(ctx, id);
  assertWriteScope(ctx.viewer);
  await using _lock = await acquireUploadLock(ctx, id);
  const upload = await find(ctx, id);
  if (upload.partOf && !upload.isFinished)
    throw new ConflictError(`This upload was joined into /uploads/${upload.partOf.id}. Delete that.`);
  await deleteWithBytes(ctx, upload, () => deleteAudited(ctx, upload));
}

/**
 * Deletes an upload that could not become a file, and its bytes. While the URL of a direct upload
 * works, the row stays with what it reserves, and says why. The caller holds the lock.
 */
export async function refuseUpload(ctx: Context, upload: ResumableUpload, { message }: Error): Promise<void> {
  const { id, urlExpiresAt } = upload;
  await deleteWithBytes(ctx, upload, async () => {
    if (!urlExpiresAt || !isUrlValid(upload, ctx.now())) return deleteUpload(ctx.em, id);
    const change = { refusal: message, received: 0, facts: null, expiresAt: urlExpiresAt };
    return ctx.em.nativeUpdate(ResumableUpload, { id, isFinished: false }, change);
  });
}

/**
 * Deletes the row, or lets it expire while the URL of a direct upload works; with an entry of the
 * audit log for an unfinished upload.
 */
async function deleteAudited(ctx: Context, upload: ResumableUpload): Promise<void> {
  const { id, user } = upload;
  const remove = async (tx: TransactionContext) => {
    const expire = () =>
      tx.em.nativeUpdate(ResumableUpload, { id, isFinished: upload.isFinished }, { expiresAt: tx.now() });
    const wasUnfinished = isUrlValid(upload, tx.now())
      ? (await expire()) > 0 && !upload.isFinished
      : await deleteUploadRow(tx.em, id);
    if (wasUnfinished) tx.audit({ action: 'UPLOAD_CANCELLED', target: `User:${user.id}`, details: { upload: id } });
  };
  await inTransaction(ctx, remove, { onFullDisk: true });
}

/**
 * Deletes the bytes, those of parts as well, and then the rows: after a crash in between, the rows
 * are found again. The caller holds the lock.
 */
export async function deleteWithBytes(
  { em, storage }: { em: EntityManager; storage: Storage },
  upload: Pick<ResumableUpload, 'id' | 'blobKey' | 'isFinished'>,
  deleteRow: () => Promise<unknown> = () => deleteUpload(em, upload.id),
): Promise<void> {
  if (!upload.isFinished) {
    const parts = await em.find(ResumableUpload, { partOf: upload.id }, { disableIdentityMap: true });
    for (const { blobKey } of [...parts, upload]) await storage.resume(blobKey, 0).discard();
  }
  await storage.removePartial(upload.blobKey); // a server that crashed may have copied the bytes
  await storage.direct?.remove(upload.blobKey);
  await deleteRow();
}

/**
 * A condition: the upload is not a part of an unfinished final upload, with which it is deleted.
 */
const isIndependent = { $or: [{ partOf: null }, { isFinished: true }] };

/** A condition: no bytes can arrive by a presigned URL. */
const hasNoUrl = (now: Date) => ({ $or: [{ urlExpiresAt: null }, { urlExpiresAt: { $lte: now } }] });

/** Expired uploads that one statement reads. */
const BATCH_SIZE = 100;

/**
 * Deletes the uploads that have expired and are not locked, and what was sent by URLs that have
 * expired. Returns how many of the uploads were unfinished. Throws when some could not be deleted,
 * after the others were: the next time tries them again.
 */
export async function deleteExpiredUploads(
  stores: { em: EntityManager; storage: Storage },
  now: Date,
): Promise<number> {
  let deleted = 0;
  try {
    await releaseExpiredUrls(stores, now);
  } finally {
    const expired = [{ expiresAt: { $lte: now } }, isUnlocked(now), isIndependent, hasNoUrl(now)];
    await forEachUpload(stores.em, { $and: expired }, 'expiresAt', async (upload) => {
      // A last request may have extended or completed the upload since it was read.
      if (!(await lockExpired(stores.em, upload, now))) return;
      await deleteWithBytes(stores, upload);
      if (!upload.isFinished) deleted += 1;
    });
  }
  return deleted;
}

/** Ends the URLs of finished uploads: deletes what was sent again, and releases what they hold. */
function releaseExpiredUrls({ em, storage }: { em: EntityManager; storage: Storage }, now: Date): Promise<void> {
  const expired = { isFinished: true, urlExpiresAt: { $lte: now } };
  return forEachUpload(em, expired, 'urlExpiresAt', async ({ id, blobKey }) => {
    await storage.direct?.remove(blobKey);
    await releaseUrl(em, id);
  });
}

/**
 * Handles the uploads that fulfil a condition, which those that were handled no longer do, in the
 * order of a time. When some have failed, it throws after all others were handled, or as many have
 * failed as one statement reads; the cause is the first error.
 */
async function forEachUpload(
  em: EntityManager,
  where: FilterQuery<ResumableUpload>,
  by: 'expiresAt' | 'urlExpiresAt',
  handle: (upload: ResumableUpload) => Promise<void>,
): Promise<void> {
  const failed = new Map<string, unknown>();
  for (let found = BATCH_SIZE; found === BATCH_SIZE && failed.size < BATCH_SIZE; ) {
    const others = failed.size > 0 ? { $and: [where, { id: { $nin: [...failed.keys()] } }] } : where;
    const options = { limit: BATCH_SIZE, orderBy: { [by]: 'asc' }, disableIdentityMap: true } as const;
    const uploads = await em.find(ResumableUpload, others as FilterQuery<ResumableUpload>, options);
    for (const upload of uploads) {
      try {
        await handle(upload);
      } catch (error) {
        failed.set(upload.id, error);
      }
    }
    found = uploads.length;
  }
  const [first] = failed.values();
  if (failed.size > 0)
    throw new Error(`${failed.size} expired uploads could not be deleted, and will be tried again.`, { cause: first });
}
