import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { canRemoveFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, BlobDeletion, File } from '../database/entities/index.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { lockRows } from '../database/sql.ts';
import { ForbiddenError } from '../errors.ts';
import { type Snapshot, snapshotOf } from '../events/event.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type FileAccess, getFileAccess, permissionFactsOf } from '../files/load-files.ts';
import { deletePendingBlobs } from '../maintenance/pending-deletions.ts';
import { trackTemporaryUsage } from '../uploads/temporary-quota.ts';
import { lockForEdit } from '../workspace/authorize.ts';
import { repointAttachment } from './add-files.ts';
import { emitChange } from './emit-file-events.ts';
import { lockVersions } from './lock-versions.ts';
import { deleteAttachmentRows, deleteAttachments, primaryAttachmentsOf } from './primary-attachment.ts';
import { trackProjectUsage, trackUsage } from './quota.ts';

/** Rows that are looked at together: however much there is, memory and statements stay small. */
export const BATCH_SIZE = 200;

/**
 * Removes a file with all its versions from everything it hangs on, or only the one version that the id names, after
 * which the one before it is the newest. Bytes go once nothing needs them; a download under way ends whole.
 * Answers the ids removed. Throws `NotFoundError`, or `ForbiddenError` when the viewer may see it but not remove it.
 */
export async function removeFile(ctx: Context, id: number, { onlyThisVersion = false } = {}): Promise<number[]> {
  return removeInTransaction(ctx, async (tx) => {
    await lockVersions(tx, [(await getFileAccess(tx, id)).file.versionGroup]);
    const seen = await getFileAccess(tx, id);
    const versions = await rowsWhere(tx.em, File, 't.version_group = ?', [seen.file.versionGroup]);
    authorizeRemove(tx, seen, onlyThisVersion ? [seen.file] : versions);
    return onlyThisVersion ? removeVersion(tx, seen.file) : removeVersionGroups(tx, [seen.file.versionGroup]);
  });
}

/**
 * Takes every file off an attachable, and removes those that hang nowhere else. Answers the ids removed.
 * Throws `NotFoundError`, `ForbiddenError`.
 */
export async function removeAllFiles(ctx: Context, on: AttachableRef): Promise<number[]> {
  return removeInTransaction(ctx, async (tx) => {
    await lockForEdit(tx, on);
    return detachAll(tx, [on]);
  });
}

/** Runs a removal in a transaction, and deletes the bytes that it set free once that is committed. */
export async function removeInTransaction<T>(ctx: Context, remove: (tx: TransactionContext) => Promise<T>): Promise<T> {
  const removed = await inTransaction(ctx, remove);
  ctx.em.clear();
  try {
    await deletePendingBlobs(ctx.em, ctx.storage);
  } catch (err) {
    // For everybody the files are gone. Their bytes are still on the list of deletions, and go at the next occasion.
    ctx.log.warn({ err }, 'bytes of removed files could not be deleted yet');
  }
  return removed;
}

/**
 * Takes everything off the attachables, and removes what then hangs nowhere. A file that did not belong to any of them
 * was shown there, and no more: it stays stored, as when it is detached. Otherwise whoever attaches a file to a place of
 * their own could remove it.
 */
export async function detachAll(ctx: TransactionContext, refs: readonly AttachableRef[]): Promise<number[]> {
  if (refs.length === 0) return [];
  const where = {
    $or: [...Map.groupBy(refs, (ref) => ref.type)].map(([onType, some]) => ({
      onType,
      onId: { $in: some.map((ref) => ref.id) },
    })),
  };
  const removed: number[] = [];
  for (;;) {
    const rows = await ctx.em.find(Attachment, where, {
      populate: ['file'],
      limit: BATCH_SIZE,
      disableIdentityMap: true,
    });
    if (rows.length === 0) return removed;
    const files = new Map(rows.map((row) => [row.file.id, row.file.unwrap()]));
    const snapshots = new Map([...files].map(([id, file]) => [id, snapshotOf(file)]));
    const primaries = await primaryAttachmentsOf(ctx, [...files.keys()]);
    const belonging = new Set(rows.flatMap((row) => (row.isPrimary ? row.file.id : [])));
    const staying = [...files.values()].filter(({ id }) => !belonging.has(id) && !ctx.viewer.isAdmin);
    // What is attached to nothing now and does not stay is removed below.
    await trackTemporaryUsage(
      ctx.em,
      staying.map((file) => file.versionGroup),
      () =>
        trackProjectUsage(
          ctx.em,
          [...files.values()].map((file) => file.versionGroup),
          () => deleteAttachments(ctx, rows),
        ),
    );
    const elsewhere = await inChunks(files.keys(), (some) =>
      ctx.em.find(Attachment, { file: { $in: some } }, { disableIdentityMap: true }),
    );
    for (const row of elsewhere) files.delete(row.file.id);
    for (const file of staying) files.delete(file.id);
    for (const attachment of rows) {
      const file = snapshots.get(attachment.file.id) as Snapshot;
      const type = files.has(file.id) ? 'FILE_REMOVED' : 'FILE_DETACHED';
      ctx.emit({ type, attachment, primary: primaries.get(file.id), file });
    }
    await ctx.flushEvents();
    removed.push(
      ...(await removeVersionGroups(
        ctx,
        [...files.values()].map((file) => file.versionGroup),
        trackProjectUsage,
      )),
    );
    // A piece is done with: nothing read of it is kept, and others have their turn.
    await ctx.em.flush();
    ctx.em.clear();
    await yieldToOthers();
  }
}

/** All of the versions have to be the viewer's to remove: who uploaded one does not take away the others'. */
function authorizeRemove(ctx: Context, { file, rights: access }: FileAccess, versions: readonly Row<File>[]): void {
  if (versions.every((version) => canRemoveFile(ctx.viewer, permissionFactsOf(version), access))) return;
  throw new ForbiddenError(
    `You may see File:${file.id}, but only its uploader and those who may edit all that it hangs on remove it.`,
  );
}

async function removeVersionGroups(
  ctx: TransactionContext,
  versionGroups: readonly string[],
  keep = trackUsage,
): Promise<number[]> {
  if (versionGroups.length === 0) return [];
  const files = await inChunks(versionGroups, (some) => ctx.em.find(File, { versionGroup: { $in: some } }));
  const ids = files.map((file) => file.id);
  const attachments = await inChunks(ids, (some) =>
    ctx.em.find(Attachment, { file: { $in: some } }, { populate: ['file'] }),
  );
  const primaries = new Map(attachments.filter((row) => row.isPrimary).map((row) => [row.file.id, row]));
  for (const attachment of attachments) {
    const file = snapshotOf(attachment.file.unwrap());
    ctx.emit({ type: 'FILE_REMOVED', attachment, primary: primaries.get(file.id), file });
  }
  await keep(ctx.em, versionGroups, async () => {
    await deleteAttachmentRows(
      ctx,
      attachments.map((row) => row.id),
    );
    await deleteRows(ctx, files);
  });
  return ids;
}

async function removeVersion(ctx: TransactionContext, file: Row<File>): Promise<number[]> {
  const versions = await ctx.em.find(File, { versionGroup: file.versionGroup }, { orderBy: { version: 'desc' } });
  const next = versions.find((version) => version.id !== file.id);
  if (!next) return removeVersionGroups(ctx, [file.versionGroup]);
  const before = snapshotOf(versions[0] as File);
  const attachments = await ctx.em.find(Attachment, { file: before.id });
  await trackUsage(ctx.em, [file.versionGroup], async () => {
    if (file.isNewest) {
      next.isNewest = true;
      for (const row of attachments) repointAttachment(ctx, row, next);
      await ctx.em.flush();
    }
    await deleteRows(ctx, [file]);
  });
  const after = file.id === before.id ? snapshotOf(next) : before;
  const primary = attachments.find((row) => row.isPrimary);
  for (const attachment of attachments) {
    const change = { type: 'FILE_VERSION_REMOVED', attachment, primary, previousFileId: file.id } as const;
    emitChange(ctx, change, before, after);
  }
  return [file.id];
}

/** Deletes the rows, and puts bytes that no other file needs on the list of deletions. */
async function deleteRows(ctx: Context, files: readonly Row<File>[]): Promise<void> {
  const keys = [...new Set(files.map((file) => file.blobKey))];
  // Of two who remove the last that need the same bytes, the second finds that nobody does.
  const sharing = await inChunks(keys, (some) =>
    ctx.em.find(File, { blobKey: { $in: some } }, { fields: ['id'], disableIdentityMap: true }),
  );
  const ids = sharing.map((file) => file.id);
  if (ids.length > files.length) await lockRows(ctx.em, 'files', ids, 'update');
  await inChunks(
    files.map((file) => file.id),
    (some) => ctx.em.nativeDelete(File, { id: { $in: some } }),
  );
  const left = await inChunks(keys, (some) =>
    ctx.em.find(File, { blobKey: { $in: some } }, { disableIdentityMap: true }),
  );
  const needed = new Set(left.map((file) => file.blobKey));
  await ctx.em.insertMany(
    BlobDeletion,
    keys.filter((key) => !needed.has(key)).map((blobKey) => ({ blobKey, requestedAt: ctx.now() })),
  );
}
