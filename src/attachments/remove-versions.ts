import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment, BlobDeletion, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { lockRows } from '../database/sql.ts';
import { excerpt } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import type { TransactionContext } from '../events/in-transaction.ts';
import { repointAttachment } from './create-attachment.ts';
import { emitChange } from './emit-file-events.ts';
import { deleteAttachmentRows } from './primary-attachment.ts';
import { trackUsage } from './quota.ts';

/**
 * Removes files with all their versions and attachments, and emits `FILE_REMOVED` for each
 * attachment. `track` updates the usage. Returns the ids of the versions. The caller authorizes,
 * and deletes the bytes after the commit.
 */
export async function removeVersionGroups(
  ctx: TransactionContext,
  versionGroups: readonly string[],
  track = trackUsage,
): Promise<number[]> {
  if (versionGroups.length === 0) return [];
  const files = await inChunks(versionGroups, (chunk) => ctx.em.find(File, { versionGroup: { $in: chunk } }));
  const ids = files.map((file) => file.id);
  const attachments = await inChunks(ids, (chunk) =>
    ctx.em.find(Attachment, { file: { $in: chunk } }, { populate: ['file'] }),
  );
  const primaries = new Map(attachments.filter((row) => row.isPrimary).map((row) => [row.file.id, row]));
  for (const attachment of attachments) {
    const file = snapshotOf(attachment.file.unwrap());
    ctx.emit({ type: 'FILE_REMOVED', attachment, primary: primaries.get(file.id), file });
  }
  for (const { id, name } of files.filter((file) => file.isNewest))
    ctx.audit({ action: 'FILE_REMOVED', target: `File:${id}`, details: { name: excerpt(name) } });
  await track(ctx.em, versionGroups, async () => {
    await deleteAttachmentRows(
      ctx,
      attachments.map((row) => row.id),
    );
    await deleteRows(ctx, files);
  });
  return ids;
}

/**
 * Removes one version. If it is the newest, the attachments are pointed to the version before it;
 * if it is the only one, the file is removed. Returns the removed ids. The caller authorizes, and
 * deletes the bytes after the commit.
 */
export async function removeVersion(ctx: TransactionContext, file: Row<File>): Promise<number[]> {
  const versions = await ctx.em.find(File, { versionGroup: file.versionGroup }, { orderBy: { version: 'desc' } });
  const successor = versions.find((version) => version.id !== file.id);
  if (!successor) return removeVersionGroups(ctx, [file.versionGroup]);
  const before = snapshotOf(versions[0] as File);
  const attachments = await ctx.em.find(Attachment, { file: before.id });
  await trackUsage(ctx.em, [file.versionGroup], async () => {
    if (file.isNewest) {
      successor.isNewest = true;
      successor.hasPrimary = attachments.some((row) => row.isPrimary);
      for (const row of attachments) repointAttachment(ctx, row, successor);
      await ctx.em.flush();
    }
    await deleteRows(ctx, [file]);
  });
  ctx.audit({ action: 'FILE_VERSION_REMOVED', target: `File:${file.id}` });
  const after = file.id === before.id ? snapshotOf(successor) : before;
  const primary = attachments.find((row) => row.isPrimary);
  for (const attachment of attachments) {
    const change = { type: 'FILE_VERSION_REMOVED', attachment, primary, previousFileId: file.id } as const;
    emitChange(ctx, change, before, after);
  }
  return [file.id];
}

/**
 * Deletes the rows. Of blobs that no other file has, it deletes the bytes in the database, and adds
 * the keys to `blob_deletions`, for what is stored elsewhere.
 */
async function deleteRows(ctx: Context, files: readonly Row<File>[]): Promise<void> {
  const keys = [...new Set(files.map((file) => file.blobKey))];
  // Files that share bytes are locked: of two transactions that remove the last ones, the second
  // finds none left.
  const sharing = await inChunks(keys, (chunk) =>
    ctx.em.find(File, { blobKey: { $in: chunk } }, { fields: ['id'], disableIdentityMap: true }),
  );
  const ids = sharing.map((file) => file.id);
  if (ids.length > files.length) await lockRows(ctx.em, 'files', ids, 'update');
  await inChunks(
    files.map((file) => file.id),
    (chunk) => ctx.em.nativeDelete(File, { id: { $in: chunk } }),
  );
  const remaining = await inChunks(keys, (chunk) =>
    ctx.em.find(File, { blobKey: { $in: chunk } }, { disableIdentityMap: true }),
  );
  const needed = new Set(remaining.map((file) => file.blobKey));
  const unneeded = keys.filter((key) => !needed.has(key));
  await ctx.storage.rows?.delete(ctx.em, unneeded);
  await ctx.em.insertMany(
    BlobDeletion,
    unneeded.map((blobKey) => ({ blobKey, requestedAt: ctx.now() })),
  );
}
