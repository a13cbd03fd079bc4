import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment } from '../database/entities/index.ts';
import { placeholders } from '../database/rows.ts';
import type { TransactionContext } from '../events/in-transaction.ts';

/**
 * The primary attachment of a file is the place that the file belongs to: those who edit that place
 * may change and remove the file. A file has at most one; one without belongs to its uploader
 * alone.
 */

/** Deletes attachments, and makes others primary in place of those that were. */
export async function deleteAttachments(ctx: TransactionContext, rows: readonly Attachment[]): Promise<void> {
  await deleteAttachmentRows(
    ctx,
    rows.map((row) => row.id),
  );
  await reassignPrimary(ctx, rows);
}

/**
 * Deletes attachments, and subtracts those that still existed from the counts of their attachables.
 */
export async function deleteAttachmentRows(ctx: TransactionContext, ids: readonly number[]): Promise<void> {
  const deleted = await inChunks(ids, (chunk) =>
    ctx.em.execute<Pick<Attachment, 'onType' | 'onId' | 'available'>[]>(
      `delete from attachments where id in (${placeholders(chunk)})
       returning on_type as "onType", on_id as "onId", available`,
      chunk,
    ),
  );
  for (const row of deleted) ctx.countAttached(row, { files: -1, drafts: row.available ? 0 : -1 });
}

/**
 * Makes another attachment primary for each file whose primary attachment was deleted: the earliest
 * with `canBePrimary`, preferring one in the same project, so that the project keeps the right to a
 * file that it still shows. Without one, the file belongs to its uploader alone.
 */
export async function reassignPrimary(ctx: Context, rows: readonly Attachment[]): Promise<void> {
  const lost = new Map(rows.filter((row) => row.isPrimary).map((row) => [row.file.id, row]));
  if (lost.size === 0) return;
  const earliestFirst = { orderBy: { id: 'asc' }, disableIdentityMap: true } as const;
  const candidates = await inChunks([...lost.keys()], (chunk) =>
    ctx.em.find(Attachment, { file: { $in: chunk }, canBePrimary: true }, earliestFirst),
  );
  const primaries = [...Map.groupBy(candidates, (row) => row.file.id)].map(([fileId, attachments]) => {
    const projectId = lost.get(fileId)?.projectId ?? undefined;
    return attachments.find((row) => row.projectId === projectId) ?? attachments[0];
  });
  await inChunks(
    primaries.flatMap((row) => row?.id ?? []),
    (chunk) => ctx.em.nativeUpdate(Attachment, { id: { $in: chunk } }, { isPrimary: true }),
  );
  // Read from the rows: a candidate may have been detached while its update waited.
  await inChunks(lost.keys(), (chunk) =>
    ctx.em.execute(
      `update files set has_primary = false where id in (${placeholders(chunk)}) and not exists
         (select 1 from attachments a where a.file_id = files.id and a.is_primary = true) returning id`,
      chunk,
    ),
  );
}

/** The primary attachments of the files, by file id; none for files without. */
export async function primaryAttachmentsOf(
  { em }: Context,
  fileIds: readonly number[],
): Promise<Map<number, Attachment>> {
  const rows = await inChunks(fileIds, (chunk) =>
    em.find(Attachment, { file: { $in: chunk }, isPrimary: true }, { disableIdentityMap: true }),
  );
  return new Map(rows.map((row) => [row.file.id, row]));
}
