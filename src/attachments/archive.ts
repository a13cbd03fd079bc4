import { parse } from 'node:path';
import type { Context } from '../context.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { reachOne } from '../workspace/attachable.ts';
import { attachmentsOn, type FileKey } from './list.ts';
import { cutName } from './name.ts';

const PAGE = 100;

/**
 * The newest version of every file on an attachable that the viewer may see, oldest first, a page at a time; what is
 * attached meanwhile comes last. Throws `NotFound` at once, before anything is read.
 */
export async function filesOn(ctx: Context, on: AttachableRef): Promise<AsyncIterable<Row<File>>> {
  const reached = await reachOne(ctx, on);
  const list = attachmentsOn(ctx, reached, {}, { by: 'createdAt', direction: 'ASC' }, false);
  return (async function* () {
    for (let after: FileKey | undefined; ; ) {
      const rows = await list.page({ limit: PAGE, after });
      for (const row of rows) yield row.file;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = list.keyOf(last);
    }
  })();
}

/** Opens the content of a file for an archive; undefined when the file was removed since it was listed. */
export async function openIfThere(ctx: Context, file: Row<File>): Promise<StoredBlob | undefined> {
  try {
    return await ctx.storage.open(file.blobKey);
  } catch (error) {
    // Bytes that are missing of a file that is there are damage, and no archive is whole without them.
    if ((await ctx.em.count(File, { id: file.id })) > 0) throw error;
    return undefined;
  }
}

/** A name for each file of an archive, none twice, not even where upper and lower case are one. */
export function archiveNames(): (name: string) => string {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  const take = (name: string) => {
    const key = name.toLowerCase();
    if (taken.has(key)) return false;
    taken.add(key);
    return true;
  };
  return (name) => {
    // The name of a file, never a way to another folder: https://security.snyk.io/research/zip-slip-vulnerability
    const safe = name.replace(/[/\\:]/g, '_').replace(/^\.+$/, '_') || '_';
    if (take(safe)) return safe;
    const { name: stem, ext } = parse(safe);
    for (let count = counts.get(safe.toLowerCase()) ?? 2; ; count++) {
      const next = cutName(stem, ` (${count})${ext}`);
      if (!take(next)) continue;
      counts.set(safe.toLowerCase(), count + 1);
      return next;
    }
  };
}
