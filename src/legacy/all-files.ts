import { attachmentsOn } from '../attachments/list.ts';
import type { Context } from '../context.ts';
import type { Attachment } from '../database/entities/index.ts';
import type { Reached } from '../workspace/attachable.ts';

/** Files that are read together. */
const PIECE = 1000;

/**
 * Every file on something, by name or oldest first, for those older APIs whose lists have no pages; with `deep`, also those on
 * what is in it. Rows carry their file.
 */
export async function allFilesOn(
  ctx: Context,
  reached: Reached,
  { by, deep = false }: { by: 'nameKey' | 'createdAt'; deep?: boolean },
): Promise<Attachment[]> {
  const list = attachmentsOn(ctx, reached, {}, { by, direction: 'ASC' }, deep);
  const all: Attachment[] = [];
  for (let page = await list.page({ limit: PIECE }); page.length > 0; ) {
    all.push(...page);
    const last = page.length === PIECE ? page.at(-1) : undefined;
    page = last ? await list.page({ limit: PIECE, after: list.keyOf(last) }) : [];
  }
  return all;
}
