import { canRemoveFile } from '../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { ForbiddenError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type FileAccess, getFileAccess, permissionFactsOf } from '../files/load-files.ts';
import { deletePendingBlobs } from '../maintenance/pending-deletions.ts';
import { lockForEdit } from '../workspace/authorize.ts';
import { detachAll } from './detach-all.ts';
import { lockVersions } from './lock-versions.ts';
import { removeVersion, removeVersionGroups } from './remove-versions.ts';

/**
 * Removes a file with all its versions and attachments, or only the version with this id; then the
 * version before it is the newest. Bytes that no other file has are deleted; downloads that have
 * begun are still completed. Returns the removed ids. Throws `NotFoundError`, or `ForbiddenError`
 * when the viewer may see the file but not remove it.
 */
export async function removeFile(ctx: RequestContext, id: number, { onlyThisVersion = false } = {}): Promise<number[]> {
  return removeInTransaction(ctx, async (tx) => {
    await lockVersions(tx, [(await getFileAccess(tx, id)).file.versionGroup]);
    const access = await getFileAccess(tx, id);
    const { file } = access;
    const versions = await rowsWhere(tx.em, File, 't.version_group = ?', [file.versionGroup]);
    authorizeRemove(tx, access, onlyThisVersion ? [file] : versions);
    return onlyThisVersion ? removeVersion(tx, file) : removeVersionGroups(tx, [file.versionGroup]);
  });
}

/**
 * Detaches every file from an attachable, and removes those that are attached to nothing else.
 * Returns the removed ids. Throws `NotFoundError`, `ForbiddenError`.
 */
export async function removeAllFiles(ctx: RequestContext, on: AttachableRef): Promise<number[]> {
  return removeInTransaction(ctx, async (tx) => {
    await lockForEdit(tx, on);
    return detachAll(tx, [on]);
  });
}

/**
 * Runs a removal in a transaction, and deletes the bytes that no file needs any more after the
 * commit.
 */
export async function removeInTransaction<T>(
  request: RequestContext,
  remove: (tx: TransactionContext) => Promise<T>,
): Promise<T> {
  const ctx = contextOf(request);
  const removed = await inTransaction(ctx, remove, { onFullDisk: true });
  ctx.em.clear();
  try {
    await deletePendingBlobs(ctx.em, ctx.storage);
  } catch (err) {
    // The files are removed. Their keys stay in `blob_deletions`, for the next removal or sweep.
    ctx.log.warn({ err }, 'bytes of removed files could not be deleted yet');
  }
  return removed;
}

/**
 * Asserts that the viewer may remove each version: the uploader of one version may not remove those
 * of others.
 */
function authorizeRemove(ctx: Context, { file, rights }: FileAccess, versions: readonly Row<File>[]): void {
  if (versions.every((version) => canRemoveFile(ctx.viewer, permissionFactsOf(version), rights))) return;
  throw new ForbiddenError(
    `You may see File:${file.id}, but only its uploader and those who may edit all that it is attached to may remove it.`,
  );
}
