import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { canRemoveFile } from '../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, File } from '../database/entities/index.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { ForbiddenError } from '../errors.ts';
import { type Snapshot, snapshotOf } from '../events/event.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { type FileAccess, getFileAccess, permissionFactsOf } from '../files/load-files.ts';
import { deletePendingBlobs } from '../maintenance/pending-deletions.ts';
import { trackTemporaryUsage } from '../uploads/temporary-usage.ts';
import { lockForEdit } from '../workspace/authorize.ts';
import { lockVersions } from './lock-versions.ts';
import { deleteAttachments, primaryAttachmentsOf } from './primary-attachment.ts';
import { trackProjectUsage } from './quota.ts';
import { removeVersion, removeVersionGroups } from './remove-versions.ts';

/**
 * Rows of one batch: it bounds memory and the length of statements, however many files there are.
 */
export const BATCH_SIZE = 200;
const withFile = { populate: ['file'], disableIdentityMap: true } as const;

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
  const removed = await inTransaction(ctx, remove);
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
 * Detaches every file from the attachables, and removes those that are then attached to nothing. A
 * file whose primary attachment was on none of them stays stored, as when it is detached: otherwise
 * users could remove any file that they may attach to an attachable of their own. Administrators
 * remove these, too. Returns the removed ids.
 */
export async function detachAll(ctx: TransactionContext, refs: readonly AttachableRef[]): Promise<number[]> {
  if (refs.length === 0) return [];
  const where = {
    $or: [...Map.groupBy(refs, (ref) => ref.type)].map(([onType, ofType]) => ({
      onType,
      onId: { $in: ofType.map((ref) => ref.id) },
    })),
  };
  const removed: number[] = [];
  for (;;) {
    const found = await ctx.em.find(Attachment, where, { ...withFile, limit: BATCH_SIZE });
    if (found.length === 0) return removed;
    await lockVersions(
      ctx,
      found.map((row) => row.file.unwrap().versionGroup),
    );
    // Read again: while this waited, they may have got a next version, or have been detached.
    const rows = await inChunks(
      found.map((row) => row.id),
      (chunk) => ctx.em.find(Attachment, { id: { $in: chunk } }, withFile),
    );
    const files = new Map(rows.map((row) => [row.file.id, row.file.unwrap()]));
    const snapshots = new Map([...files].map(([id, file]) => [id, snapshotOf(file)]));
    const primaries = await primaryAttachmentsOf(ctx, [...files.keys()]);
    const primaryHere = new Set(rows.flatMap((row) => (row.isPrimary ? row.file.id : [])));
    const retained = [...files.values()].filter(({ id }) => !primaryHere.has(id) && !ctx.viewer.isAdmin);
    // Only retained files can become unattached: the others that are attached to nothing are
    // removed below.
    await trackTemporaryUsage(
      ctx.em,
      retained.map((file) => file.versionGroup),
      () =>
        trackProjectUsage(
          ctx.em,
          [...files.values()].map((file) => file.versionGroup),
          () => deleteAttachments(ctx, rows),
        ),
    );
    const elsewhere = await inChunks(files.keys(), (chunk) =>
      ctx.em.find(Attachment, { file: { $in: chunk } }, { disableIdentityMap: true }),
    );
    for (const row of elsewhere) files.delete(row.file.id);
    for (const file of retained) files.delete(file.id);
    for (const attachment of rows) {
      const file = snapshots.get(attachment.file.id) as Snapshot;
      const type = files.has(file.id) ? 'FILE_REMOVED' : 'FILE_DETACHED';
      ctx.emit({ type, attachment, primary: primaries.get(file.id), file });
    }
    for (const row of rows.filter((row) => !files.has(row.file.id)))
      ctx.audit({
        action: 'FILE_DETACHED',
        target: `File:${row.file.id}`,
        details: { from: topicOf({ type: row.onType, id: row.onId }) },
      });
    await ctx.flushEvents();
    removed.push(
      ...(await removeVersionGroups(
        ctx,
        [...files.values()].map((file) => file.versionGroup),
        trackProjectUsage,
      )),
    );
    // Memory stays bounded, and other requests are served between two batches.
    await ctx.em.flush();
    ctx.em.clear();
    await yieldToEventLoop();
  }
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
