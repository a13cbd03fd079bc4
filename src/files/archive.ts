import { parse } from 'node:path';
import { contextOf, type RequestContext } from '../context.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { PayloadTooLargeError } from '../errors.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { loadAttachable } from '../workspace/attachable.ts';
import { auditDownload } from './download.ts';
import { cutName } from './file-name.ts';
import type { FileSortKey } from './keyset-pagination.ts';
import { listAttachments } from './list-files.ts';

/** Files that one query reads. */
const PAGE_SIZE = 200;

/** The most files of one archive. Its central directory is in memory until the end. */
const MAX_FILES = 65_000;

/**
 * Iterates over the newest version of every file on an attachable that the viewer may see, oldest
 * first, reading one page at a time. Files that are attached meanwhile come last. Before anything
 * is read, it throws `NotFoundError`, or `PayloadTooLargeError` for too many files.
 */
export async function filesToArchive(ctx: RequestContext, on: AttachableRef): Promise<AsyncIterable<Row<File>>> {
  const access = await loadAttachable(ctx, on);
  const list = listAttachments(ctx, access, {}, { by: 'createdAt', direction: 'ASC' }, false);
  if ((await list.count()) > MAX_FILES) throw tooManyFiles();
  return (async function* () {
    let count = 0;
    for (let after: FileSortKey | undefined; ; ) {
      const rows = await list.page({ limit: PAGE_SIZE, after });
      count += rows.length;
      // More files may have been attached since the count.
      if (count > MAX_FILES) throw tooManyFiles();
      for (const row of rows) yield row.file;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE_SIZE) return;
      after = list.keyOf(last);
    }
  })();
}

const tooManyFiles = () =>
  new PayloadTooLargeError(
    `An archive may have at most ${MAX_FILES} files. Download these files one by one.`,
    MAX_FILES,
  );

/** Opens the content of a file. Returns undefined when the file was removed since it was listed. */
export async function openIfPresent(request: RequestContext, file: Row<File>): Promise<StoredBlob | undefined> {
  const ctx = contextOf(request);
  await auditDownload(ctx, file);
  try {
    return await ctx.storage.open(file.blobKey);
  } catch (error) {
    // Missing bytes of a file that still exists are damage: the archive must fail instead of
    // lacking the file.
    if ((await ctx.em.count(File, { id: file.id })) > 0) throw error;
    return undefined;
  }
}

/**
 * Characters that Windows does not allow in names:
 * https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
 */
const unsafe = /[<>:"/\\|?*\p{Cc}]/gu;
const unsafeEnd = /[. ]+$/;
/** Names of Windows devices, with any extension. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/**
 * Changes a name so that every system can extract the file, and that it cannot lead to another
 * folder: https://security.snyk.io/research/zip-slip-vulnerability
 */
function toExtractableName(name: string): string {
  const safe = name.toWellFormed().replace(unsafe, '_').replace(unsafeEnd, '_') || '_';
  if (!device.test(safe)) return safe;
  const { name: stem, ext } = parse(safe);
  return cutName(`_${stem}`, ext);
}

/** Returns the same key for all names that some file system treats as one. */
const collisionKey = (name: string): string =>
  isAscii.test(name) ? name.toLowerCase() : name.normalize('NFD').toLowerCase().toUpperCase().toLowerCase();
const isAscii = /^[ -~]*$/;

/**
 * Returns a function that gives each file of one archive a unique name, which every system can
 * extract. Names are unique even where upper and lower case, or Unicode compositions of a letter,
 * are the same. A name that is used already gets a number before its extension. Long names are cut
 * to fit the number; the next number is stored for each cut name, so that no number is tried twice,
 * however many long names have the same beginning.
 */
export function archiveNames(): (name: string) => string {
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
  const take = (name: string) => {
    const key = collisionKey(name);
    if (taken.has(key)) return false;
    taken.add(key);
    return true;
  };
  return (name) => {
    const safe = toExtractableName(name);
    if (take(safe)) return safe;
    const { name: stem, ext } = parse(safe);
    for (let digits = 1; ; digits++) {
      const key = collisionKey(cutName(stem, ` (${'0'.repeat(digits)})${ext}`));
      for (let number = nextNumbers.get(key) ?? Math.max(2, 10 ** (digits - 1)); number < 10 ** digits; ) {
        const next = cutName(stem, ` (${number++})${ext}`);
        nextNumbers.set(key, number);
        if (take(next)) return next;
      }
    }
  };
}
