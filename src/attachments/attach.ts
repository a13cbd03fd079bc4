import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, type File } from '../database/entities/index.ts';
import { NotFound } from '../errors.ts';
import { reachToEdit } from '../workspace/attachable.ts';
import { type Added, hang } from './add.ts';
import { announce } from './announce.ts';
import { findFiles } from './read.ts';

/**
 * Hangs stored files on an attachable: all of them, or none and a `NotFound` that names every id that the viewer
 * may not see. A file that hangs there already stays as it is and is not told again.
 * Answers the files in the order asked for. Throws `NotFound`, `Forbidden`.
 */
export async function attachFiles(ctx: Context, on: AttachableRef, fileIds: readonly number[]): Promise<Added> {
  const target = await reachToEdit(ctx, on);
  const ids = [...new Set(fileIds)];
  const { files, attachments, fresh } = await ctx.em.transactional(async (em) => {
    const found = await findFiles({ ...ctx, em }, ids);
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length > 0) throw new NotFound(missing.map((id) => `File:${id}`));
    const there = await em.find(Attachment, { onType: on.type, onId: on.id, file: { $in: ids } });
    const byFile = new Map(there.map((row) => [row.file.id, row]));
    const files = ids.map((id) => found.get(id) as File);
    const attachments = files.map((file) => byFile.get(file.id) ?? hang(ctx, em, file, target));
    return { files, attachments, fresh: attachments.filter((row) => !there.includes(row)) };
  });
  announce(ctx, fresh, target);
  return { files, attachments };
}
