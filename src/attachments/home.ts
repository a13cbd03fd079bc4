import type { Context } from '../context.ts';
import { Attachment } from '../database/entities/index.ts';

/**
 * Inside a transaction: takes the files off. One that loses the place it belonged to belongs, from then on, where it was
 * hung first of those places that can be its home; if there is none, to its uploader alone.
 */
export async function takeDown(ctx: Context, rows: readonly Attachment[]): Promise<void> {
  await ctx.em.nativeDelete(Attachment, { id: { $in: rows.map((row) => row.id) } });
  const homeless = rows.filter((row) => row.isHome).map((row) => row.file.id);
  if (homeless.length === 0) return;
  const candidates = await ctx.em.find(
    Attachment,
    { file: { $in: homeless }, canBeHome: true },
    { orderBy: { id: 'desc' }, disableIdentityMap: true },
  );
  // The earliest comes last, and stays.
  const homes = new Map(candidates.map((row) => [row.file.id, row.id]));
  await ctx.em.nativeUpdate(Attachment, { id: { $in: [...homes.values()] } }, { isHome: true });
}

/** The place that each of the files belongs to, if it belongs to one. */
export async function homesOf({ em }: Context, fileIds: readonly number[]): Promise<Map<number, Attachment>> {
  if (fileIds.length === 0) return new Map();
  const rows = await em.find(Attachment, { file: { $in: [...fileIds] }, isHome: true }, { disableIdentityMap: true });
  return new Map(rows.map((row) => [row.file.id, row]));
}
