import { parse } from 'node:path';
import type { Context } from '../context.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { TooLarge } from '../errors.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { reachOne } from '../workspace/attachable.ts';
import { attachmentsOn, type FileKey } from './list.ts';
import { cutName } from './name.ts';

const PAGE = 200;

/** Files of one archive: its list of contents is in memory until its end. */
const MAX_FILES = 65_000;

/**
 * The newest version of every file on an attachable that the viewer may see, oldest first, a page at a time; what is
 * attached meanwhile comes last. Throws `NotFound`, and `TooLarge` for too many files, at once, before anything is
 * read.
 */
export async function filesOn(ctx: Context, on: AttachableRef): Promise<AsyncIterable<Row<File>>> {
  const reached = await reachOne(ctx, on);
  const list = attachmentsOn(ctx, reached, {}, { by: 'createdAt', direction: 'ASC' }, false);
  if ((await ctx.budget.query(() => list.count())) > MAX_FILES) throw tooManyFiles();
  return (async function* () {
    let count = 0;
    for (let after: FileKey | undefined; ; ) {
      const rows = await ctx.budget.query(() => list.page({ limit: PAGE, after }));
      count += rows.length;
      // Attached since they were counted.
      if (count > MAX_FILES) throw tooManyFiles();
      for (const row of rows) yield row.file;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = list.keyOf(last);
    }
  })();
}

const tooManyFiles = () =>
  new TooLarge(`An archive may have at most ${MAX_FILES} files. Download these files one by one.`, MAX_FILES);

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

/**
 * A name for each file of an archive, none twice, not even where upper and lower case are one. Where a name is taken, a
 * number comes before its extension. The next number is kept for each name as it is cut to make room for so many
 * digits, so that no number is tried twice, however many long names are cut to the same.
 */
export function archiveNames(): (name: string) => string {
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
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
    for (let digits = 1; ; digits++) {
      const key = cutName(stem, ` (${'0'.repeat(digits)})${ext}`).toLowerCase();
      for (let number = nextNumbers.get(key) ?? Math.max(2, 10 ** (digits - 1)); number < 10 ** digits; ) {
        const next = cutName(stem, ` (${number++})${ext}`);
        nextNumbers.set(key, number);
        if (take(next)) return next;
      }
    }
  };
}
