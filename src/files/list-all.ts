import type { RequestContext } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import type { FileOrder, FileSortKey } from './keyset-pagination.ts';
import { type AttachedFile, listAttachments } from './list-files.ts';

/** Rows that one statement reads. */
const PAGE_SIZE = 500;

/** The memory that a row and its part of the response take, in bytes. */
const ROW_BYTES = 512;

/** How all files are listed. */
export interface ListAllOptions {
  /** What they are sorted by, ascending; `createdAt` unless given. */
  by?: FileOrder['by'];
  /**
   * Whether to include the files of a project's tasks and comments, or of a task's comments; false
   * unless given.
   */
  deep?: boolean;
}

/**
 * Every file on an attachable that the viewer may see, for APIs without pagination. The caller has
 * authorized access to the attachable. Throws `PayloadTooLargeError` when the rows exceed what one
 * response may have.
 */
export async function listAllAttachments(
  ctx: RequestContext,
  on: AttachableAccess,
  { by = 'createdAt', deep = false }: ListAllOptions = {},
): Promise<AttachedFile[]> {
  const list = listAttachments(ctx, on, {}, { by, direction: 'ASC' }, deep);
  const all: AttachedFile[] = [];
  for (let after: FileSortKey | undefined; ; ) {
    const page = { limit: PAGE_SIZE, after };
    const rows = await list.page(page);
    await ctx.budget.reserve(rows.length * ROW_BYTES);
    all.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_SIZE) return all;
    after = list.keyOf(last);
  }
}

/** `listAllAttachments` without what they are attached to. */
export async function listAllFiles(
  ctx: RequestContext,
  on: AttachableAccess,
  options: ListAllOptions = {},
): Promise<Row<File>[]> {
  return (await listAllAttachments(ctx, on, options)).map((row) => row.file);
}
