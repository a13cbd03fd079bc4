import { parse } from 'node:path';
import type { Context } from '../context.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { PayloadTooLargeError } from '../errors.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { loadAttachable } from '../workspace/attachable.ts';
import { cutName } from './file-name.ts';
import type { FileSortKey } from './keyset-pagination.ts';
import { listAttachments } from './list-files.ts';

const PAGE = 200;

/** Files of one archive: its list of contents is in memory until its end. */
const MAX_FILES = 65_000;

/**
 * The newest version of every file on an attachable that the viewer may see, oldest first, a page at a time; what is
 * attached meanwhile comes last. Throws `NotFoundError`, and `PayloadTooLargeError` for too many files, at once, before anything is
 * read.
 */
export async function filesToArchive(ctx: Context, on: AttachableRef): Promise<AsyncIterable<Row<File>>> {
  const reached = await loadAttachable(ctx, on);
  const list = listAttachments(ctx, reached, {}, { by: 'createdAt', direction: 'ASC' }, false);
  if ((await ctx.budget.query(() => list.count())) > MAX_FILES) throw tooManyFiles();
  return (async function* () {
    let count = 0;
    for (let after: FileSortKey | undefined; ; ) {
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
  new PayloadTooLargeError(
    `An archive may have at most ${MAX_FILES} files. Download these files one by one.`,
    MAX_FILES,
  );

/** Opens the content of a file for an archive; undefined when the file was removed since it was listed. */
export async function openIfPresent(ctx: Context, file: Row<File>): Promise<StoredBlob | undefined> {
  try {
    return await ctx.storage.open(file.blobKey);
  } catch (error) {
    // Bytes that are missing of a file that is there are damage, and no archive is whole without them.
    if ((await ctx.em.count(File, { id: file.id })) > 0) throw error;
    return undefined;
  }
}

/** What Windows takes in no name: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file */
const unsafe = /[<>:"/\\|?*\p{Cc}]/gu;
const unsafeEnd = /[. ]+$/;
/** Names that are devices there, whatever their extension. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/**
 * The name of a file that every system can extract, and never a way to another folder:
 * https://security.snyk.io/research/zip-slip-vulnerability
 */
function extractable(name: string): string {
  const safe = name.toWellFormed().replace(unsafe, '_').replace(unsafeEnd, '_') || '_';
  if (!device.test(safe)) return safe;
  const { name: stem, ext } = parse(safe);
  return cutName(`_${stem}`, ext);
}

/** The same for all names that some file system takes for one. */
const comparable = (name: string): string =>
  isAscii.test(name) ? name.toLowerCase() : name.normalize('NFD').toLowerCase().toUpperCase().toLowerCase();
const isAscii = /^[ -~]*$/;

/**
 * A name for each file of an archive that every system can extract, none twice, not even where upper and lower case, or
 * compositions of a letter, are one. Where a name is taken, a number comes before its extension. The next number is
 * kept for each name as it is cut to make room for so many digits, so that no number is tried twice, however many long
 * names are cut to the same.
 */
export function archiveNames(): (name: string) => string {
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
  const take = (name: string) => {
    const key = comparable(name);
    if (taken.has(key)) return false;
    taken.add(key);
    return true;
  };
  return (name) => {
    const safe = extractable(name);
    if (take(safe)) return safe;
    const { name: stem, ext } = parse(safe);
    for (let digits = 1; ; digits++) {
      const key = comparable(cutName(stem, ` (${'0'.repeat(digits)})${ext}`));
      for (let number = nextNumbers.get(key) ?? Math.max(2, 10 ** (digits - 1)); number < 10 ** digits; ) {
        const next = cutName(stem, ` (${number++})${ext}`);
        nextNumbers.set(key, number);
        if (take(next)) return next;
      }
    }
  };
}
