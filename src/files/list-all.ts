import type { Context } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { type AttachedFile, type FileKey, type FileOrder, listAttachments } from './list-files.ts';

const PAGE = 500;

/** What a file of a list takes of memory, where it hangs and as it is answered, in bytes. */
const LISTED_BYTES = 512;

/** How all files are listed: in which order, oldest first unless said, and whether with those on what is inside. */
export interface ListAllOptions {
  by?: FileOrder['by'];
  deep?: boolean;
}

/**
 * Every file that the viewer may see on an attachable that the caller has reached, where it hangs. Rows carry their
 * file. For clients that know of no pages; others read those. Throws `TooLarge` for more than one answer may have.
 */
export async function listAllAttachments(
  ctx: Context,
  on: AttachableAccess,
  { by = 'createdAt', deep = false }: ListAllOptions = {},
): Promise<AttachedFile[]> {
  const list = listAttachments(ctx, on, {}, { by, direction: 'ASC' }, deep);
  const all: AttachedFile[] = [];
  for (let after: FileKey | undefined; ; ) {
    const page = { limit: PAGE, after };
    const rows = await ctx.budget.query(() => list.page(page));
    await ctx.budget.reserve(rows.length * LISTED_BYTES);
    all.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return all;
    after = list.keyOf(last);
  }
}

/** The files alone. */
export async function listAllFiles(
  ctx: Context,
  on: AttachableAccess,
  options: ListAllOptions = {},
): Promise<Row<File>[]> {
  return (await listAllAttachments(ctx, on, options)).map((row) => row.file);
}
