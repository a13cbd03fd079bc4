import type { RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, type File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BadUserInputError, NotFoundError } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { lockForEdit } from '../workspace/authorize.ts';
import {
  type AttachResult,
  attachLockedFiles,
  changeableGroups,
  findRequestedFiles,
  lockNewestVersions,
  newestVersionsOf,
} from './attach-files.ts';
import { lockVersions } from './lock-versions.ts';
import { deleteAttachmentRows, primaryAttachmentsOf, reassignPrimary } from './primary-attachment.ts';
import { trackUsage } from './quota.ts';

/**
 * Detaches files from an attachable: all of them, or none. They stay stored, and attached wherever
 * else they are. Throws `NotFoundError` with every id that is unknown or not attached there, and
 * `ForbiddenError`.
 */
export async function detachFiles(
  ctx: RequestContext,
  from: AttachableRef,
  fileIds: readonly number[],
): Promise<Row<File>[]> {
  const detach = async (tx: TransactionContext) => {
    await lockForEdit(tx, from);
    const { files, rows } = await detachFrom(tx, from, fileIds);
    await reassignPrimary(tx, rows);
    for (const row of rows)
      tx.audit({ action: 'FILE_DETACHED', target: `File:${row.file.id}`, details: { from: topicOf(from) } });
    return files;
  };
  return inTransaction(ctx, detach, { onFullDisk: true });
}

/**
 * Detaches files from one attachable and attaches them to another, in one transaction. Throws what
 * `detachFiles` and `attachFiles` throw, and `BadUserInputError` when both are the same.
 */
export async function moveFiles(
  ctx: RequestContext,
  from: AttachableRef,
  to: AttachableRef,
  fileIds: readonly number[],
): Promise<AttachResult> {
  if (topicOf(from) === topicOf(to)) throw new BadUserInputError('"from" and "to" must be different attachables.');
  return inTransaction(ctx, async (tx) => {
    await lockForEdit(tx, from);
    const target = await lockForEdit(tx, to);
    // Checked before they are detached: the viewer's right may come from `from`.
    const { files: found } = await findRequestedFiles(tx, fileIds);
    await lockNewestVersions(tx, found);
    const eligibleGroups = await changeableGroups(tx, found);
    const { files, rows } = await detachFrom(tx, from, fileIds);
    const attached = await attachLockedFiles(tx, target, files, eligibleGroups);
    await movePrimary(tx, rows, attached);
    const details = { from: topicOf(from), to: topicOf(to) };
    for (const row of rows) tx.audit({ action: 'FILE_MOVED', target: `File:${row.file.id}`, details });
    return attached;
  });
}

/**
 * A primary attachment stays primary when it is moved, also when the file was attached to the new
 * place already.
 */
async function movePrimary(
  { em }: TransactionContext,
  rows: readonly Attachment[],
  { attachments }: AttachResult,
): Promise<void> {
  const moved = new Set(rows.flatMap((row) => (row.isPrimary ? row.file.id : [])));
  const primaries = attachments.filter((row) => moved.has(row.file.id)).map((row) => row.id);
  if (primaries.length === 0) return;
  await em.flush();
  await inChunks(primaries, (chunk) =>
    em.nativeUpdate(Attachment, { id: { $in: chunk } }, { isPrimary: true, canBePrimary: true }),
  );
}

/**
 * Detaches the files and emits `FILE_DETACHED`. Returns them and the deleted attachments; the
 * caller assigns new primary attachments.
 */
async function detachFrom(
  ctx: TransactionContext,
  from: AttachableRef,
  fileIds: readonly number[],
): Promise<{ files: Row<File>[]; rows: Attachment[] }> {
  const { files, missing } = await findRequestedFiles(ctx, fileIds);
  await lockVersions(
    ctx,
    files.map((file) => file.versionGroup),
  );
  const newest = await newestVersionsOf(ctx, files);
  const rows = await inChunks(
    newest.map((file) => file.id),
    (chunk) => ctx.em.find(Attachment, { onType: from.type, onId: from.id, file: { $in: chunk } }),
  );
  const attachedHere = new Set(rows.map((row) => row.file.id));
  const notHere = new Set(newest.filter((file) => !attachedHere.has(file.id)).map((file) => file.versionGroup));
  const notAttached = files.filter((file) => notHere.has(file.versionGroup)).map((file) => `File:${file.id}`);
  const message =
    notAttached.length > 0 ? `Nothing was changed: ${notAttached.join(', ')} is not attached to ${topicOf(from)}.` : '';
  if (missing.length > 0) throw new NotFoundError(missing, message);
  if (message) throw new BadUserInputError(message);
  const primaries = await primaryAttachmentsOf(
    ctx,
    newest.map((file) => file.id),
  );
  await trackUsage(
    ctx.em,
    newest.map((file) => file.versionGroup),
    () =>
      deleteAttachmentRows(
        ctx,
        rows.map((row) => row.id),
      ),
  );
  const byId = new Map(newest.map((file) => [file.id, file]));
  for (const row of rows) {
    const file = byId.get(row.file.id) as File;
    ctx.emit({ type: 'FILE_DETACHED', attachment: row, primary: primaries.get(file.id), file: snapshotOf(file) });
  }
  return { files, rows };
}
