import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment } from '../database/entities/index.ts';
import { placeholders } from '../database/rows.ts';
import type { TransactionContext } from '../events/in-transaction.ts';

/** Takes files off places, and passes their homes on. */
export async function deleteAttachments(ctx: TransactionContext, rows: readonly Attachment[]): Promise<void> {
  await deleteAttachmentRows(
    ctx,
    rows.map((row) => row.id),
  );
  await reassignPrimary(ctx, rows);
}

/** Deletes rows, and counts those that were still there at the places that they were of. */
export async function deleteAttachmentRows(ctx: TransactionContext, ids: readonly number[]): Promise<void> {
  const gone = await inChunks(ids, (some) =>
    ctx.em.execute<Pick<Attachment, 'onType' | 'onId' | 'available'>[]>(
      `delete from attachments where id in (${placeholders(some)})
       returning on_type as "onType", on_id as "onId", available`,
      some,
    ),
  );
  for (const row of gone) ctx.countAttached(row, { files: -1, drafts: row.available ? 0 : -1 });
}

/**
 * Files that were taken off the place that they belonged to belong, from then on, to the place where they were attached
 * first of those that can be their home, one in the same project before any other: a project does not lose a file that
 * it still shows to somebody who once attached it elsewhere. If there is none, they belong to their uploader alone.
 */
export async function reassignPrimary(ctx: Context, rows: readonly Attachment[]): Promise<void> {
  const lost = new Map(rows.filter((row) => row.isPrimary).map((row) => [row.file.id, row]));
  if (lost.size === 0) return;
  const earliestFirst = { orderBy: { id: 'asc' }, disableIdentityMap: true } as const;
  const candidates = await inChunks([...lost.keys()], (some) =>
    ctx.em.find(Attachment, { file: { $in: some }, canBePrimary: true }, earliestFirst),
  );
  const primaries = [...Map.groupBy(candidates, (row) => row.file.id)].map(([fileId, some]) => {
    const projectId = lost.get(fileId)?.projectId ?? undefined;
    return some.find((row) => row.projectId === projectId) ?? some[0];
  });
  await inChunks(
    primaries.flatMap((row) => row?.id ?? []),
    (some) => ctx.em.nativeUpdate(Attachment, { id: { $in: some } }, { isPrimary: true }),
  );
}

/** The place that each of the files belongs to, if it belongs to one. */
export async function primaryAttachmentsOf(
  { em }: Context,
  fileIds: readonly number[],
): Promise<Map<number, Attachment>> {
  const rows = await inChunks(fileIds, (some) =>
    em.find(Attachment, { file: { $in: some }, isPrimary: true }, { disableIdentityMap: true }),
  );
  return new Map(rows.map((row) => [row.file.id, row]));
}
