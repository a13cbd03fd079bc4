import type { Context } from '../context.ts';
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
  attachAll,
  changeableGroups,
  findRequestedFiles,
  lockNewestVersions,
  newestVersionsOf,
} from './attach-files.ts';
import { lockVersions } from './lock-versions.ts';
import { deleteAttachmentRows, primaryAttachmentsOf, reassignPrimary } from './primary-attachment.ts';
import { trackUsage } from './quota.ts';

/**
 * Takes files off an attachable: all of them, or none and an error that names every id that is unknown or does not
 * hang there. They stay stored, and wherever else they hang. Throws `NotFoundError`, `ForbiddenError`, `BadUserInputError`.
 */
export async function detachFiles(ctx: Context, from: AttachableRef, fileIds: readonly number[]): Promise<Row<File>[]> {
  return inTransaction(ctx, async (tx) => {
    await lockForEdit(tx, from);
    const { files, rows } = await detachFrom(tx, from, fileIds);
    await reassignPrimary(tx, rows);
    return files;
  });
}

/** Takes files off one attachable and hangs them on another, as one. Throws what both steps throw. */
export async function moveFiles(
  ctx: Context,
  from: AttachableRef,
  to: AttachableRef,
  fileIds: readonly number[],
): Promise<AttachResult> {
  if (topicOf(from) === topicOf(to))
    throw new BadUserInputError('Files are there already: "from" and "to" are the same.');
  return inTransaction(ctx, async (tx) => {
    await lockForEdit(tx, from);
    const target = await lockForEdit(tx, to);
    // Asked before they are taken off: it may be the place that gives the right.
    const { files: found } = await findRequestedFiles(tx, fileIds);
    await lockNewestVersions(tx, found);
    const eligibleGroups = await changeableGroups(tx, found);
    const { files, rows } = await detachFrom(tx, from, fileIds);
    const attached = await attachAll(tx, target, files, eligibleGroups);
    await movePrimary(tx, rows, attached);
    return attached;
  });
}

/** A file that belonged where it was taken off belongs where it was moved to, also when it was attached there already. */
async function movePrimary(
  { em }: TransactionContext,
  rows: readonly Attachment[],
  { attachments }: AttachResult,
): Promise<void> {
  const moved = new Set(rows.flatMap((row) => (row.isPrimary ? row.file.id : [])));
  const primaries = attachments.filter((row) => moved.has(row.file.id)).map((row) => row.id);
  if (primaries.length === 0) return;
  await em.flush();
  await inChunks(primaries, (some) =>
    em.nativeUpdate(Attachment, { id: { $in: some } }, { isPrimary: true, canBePrimary: true }),
  );
}

/** Takes the files off, says so, and answers them and the rows that are gone. The caller passes their homes on. */
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
    (some) => ctx.em.find(Attachment, { onType: from.type, onId: from.id, file: { $in: some } }),
  );
  const here = new Set(rows.map((row) => row.file.id));
  const versionGroups = new Set(newest.filter((file) => !here.has(file.id)).map((file) => file.versionGroup));
  const elsewhere = files.filter((file) => versionGroups.has(file.versionGroup)).map((file) => `File:${file.id}`);
  const told =
    elsewhere.length > 0 ? `Nothing was changed: ${elsewhere.join(', ')} does not hang on ${topicOf(from)}.` : '';
  if (missing.length > 0) throw new NotFoundError(missing, told);
  if (told) throw new BadUserInputError(told);
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
