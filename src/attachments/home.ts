import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment } from '../database/entities/index.ts';

/** Inside a transaction: takes the files off, and passes their homes on. */
export async function takeDown(ctx: Context, rows: readonly Attachment[]): Promise<void> {
  await inChunks(
    rows.map((row) => row.id),
    (some) => ctx.em.nativeDelete(Attachment, { id: { $in: some } }),
  );
  await passHomesOn(ctx, rows);
}

/**
 * Files that were taken off the place that they belonged to belong, from then on, to the place where they were attached
 * first of those that can be their home, one in the same project before any other: a project does not lose a file that
 * it still shows to somebody who once attached it elsewhere. If there is none, they belong to their uploader alone.
 */
export async function passHomesOn(ctx: Context, rows: readonly Attachment[]): Promise<void> {
  const lost = new Map(rows.filter((row) => row.isHome).map((row) => [row.file.id, row]));
  if (lost.size === 0) return;
  const earliestFirst = { orderBy: { id: 'asc' }, disableIdentityMap: true } as const;
  const candidates = await inChunks([...lost.keys()], (some) =>
    ctx.em.find(Attachment, { file: { $in: some }, canBeHome: true }, earliestFirst),
  );
  const homes = [...Map.groupBy(candidates, (row) => row.file.id)].map(([fileId, some]) => {
    const projectId = lost.get(fileId)?.projectId ?? undefined;
    return some.find((row) => row.projectId === projectId) ?? some[0];
  });
  await inChunks(
    homes.flatMap((row) => row?.id ?? []),
    (some) => ctx.em.nativeUpdate(Attachment, { id: { $in: some } }, { isHome: true }),
  );
}

/** The place that each of the files belongs to, if it belongs to one. */
export async function homesOf({ em }: Context, fileIds: readonly number[]): Promise<Map<number, Attachment>> {
  const rows = await inChunks(fileIds, (some) =>
    em.find(Attachment, { file: { $in: some }, isHome: true }, { disableIdentityMap: true }),
  );
  return new Map(rows.map((row) => [row.file.id, row]));
}
