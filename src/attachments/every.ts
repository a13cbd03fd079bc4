import type { Context } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Reached } from '../workspace/attachable.ts';
import { attachmentsOn, type FileKey } from './list.ts';

const PAGE = 500;

/**
 * Every file that the viewer may see on an attachable that the caller has reached, oldest first; with `deep`, also
 * those on what is inside of it, as `attachmentsOn` has it. For clients that know of no pages; others read those.
 */
export async function everyFileOn(ctx: Context, on: Reached, deep = false): Promise<File[]> {
  const list = attachmentsOn(ctx, on, {}, { by: 'createdAt', direction: 'ASC' }, deep);
  const files: File[] = [];
  for (let after: FileKey | undefined; ; ) {
    const rows = await list.page({ limit: PAGE, after });
    files.push(...rows.map((row) => row.file.unwrap()));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return files;
    after = list.keyOf(last);
  }
}
