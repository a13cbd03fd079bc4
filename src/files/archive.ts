import { recheckCredentials } from '../auth/current-credentials.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BadUserInputError, NotFoundError, PayloadTooLargeError } from '../errors.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { loadAttachable } from '../workspace/attachable.ts';
import { auditDownload, revocable } from './download.ts';
import type { FilePageRequest, FileSortKey } from './keyset-pagination.ts';
import { listAttachments } from './list-files.ts';
import { findVisibleFiles } from './load-files.ts';

/** Files that one query reads. */
const PAGE_SIZE = 200;

/** The most files of one archive. Its central directory is in memory until the end. */
const MAX_FILES = 65_000;

/** The most files that one archive of chosen files has. Their ids are in its URL. */
export const MAX_CHOSEN_FILES = 500;

/** What an archive has: all files of an attachable, or the files with these ids. */
export type ArchiveContent = { on: AttachableRef } | { fileIds: readonly number[] };

/**
 * The files of an archive. Before anything is read, it throws `NotFoundError`, and an error for too
 * many files: `PayloadTooLargeError` on an attachable, `BadUserInputError` for chosen ones.
 */
export function filesToArchive(ctx: RequestContext, content: ArchiveContent): Promise<AsyncIterable<Row<File>>> {
  return 'on' in content ? filesOn(ctx, content.on) : chosenFiles(ctx, content.fileIds);
}

/** The chosen versions of files in the given order, each once. The viewer must see all of them. */
async function chosenFiles(ctx: RequestContext, fileIds: readonly number[]): Promise<AsyncIterable<Row<File>>> {
  const ids = distinctFileIds(fileIds);
  const visible = await findVisibleFiles(ctx, ids);
  const files = ids.flatMap((id) => visible.get(id) ?? []);
  if (files.length < ids.length)
    throw new NotFoundError(ids.filter((id) => !visible.has(id)).map((id) => `File:${id}`));
  return (async function* () {
    yield* files;
  })();
}

/** The ids of chosen files, each once. Throws `BadUserInputError` for none, and for too many. */
export function distinctFileIds(fileIds: readonly number[]): number[] {
  if (fileIds.length === 0 || fileIds.length > MAX_CHOSEN_FILES)
    throw new BadUserInputError(`Choose 1 to ${MAX_CHOSEN_FILES} files for an archive.`);
  return [...new Set(fileIds)];
}

/**
 * Iterates over the newest version of every file on an attachable that the viewer may see, oldest
 * first, reading one page at a time. Files that are attached meanwhile come last.
 */
async function filesOn(ctx: RequestContext, on: AttachableRef): Promise<AsyncIterable<Row<File>>> {
  const access = await loadAttachable(ctx, on);
  const list = listAttachments(ctx, access, {}, { by: 'createdAt', direction: 'ASC' }, false);
  return archived({
    count: list.count,
    page: async (request) => (await list.page(request)).map(({ file }) => file),
    keyOf: (file) => list.keyOf({ on, file }),
  });
}

/** A list of files that is read page by page. */
interface FileList {
  count(): Promise<number>;
  page(request: FilePageRequest): Promise<Row<File>[]>;
  keyOf(file: Row<File>): FileSortKey;
}

/**
 * Iterates over a list of files for an archive. Throws `PayloadTooLargeError` for too many of them.
 */
export async function archived(list: FileList): Promise<AsyncIterable<Row<File>>> {
  if ((await list.count()) > MAX_FILES) throw tooManyFiles();
  return (async function* () {
    let count = 0;
    for (let after: FileSortKey | undefined; ; ) {
      const files = await list.page({ limit: PAGE_SIZE, after });
      count += files.length;
      // More files may have been attached since the count.
      if (count > MAX_FILES) throw tooManyFiles();
      yield* files;
      const last = files.at(-1);
      if (!last || files.length < PAGE_SIZE) return;
      after = list.keyOf(last);
    }
  })();
}

const tooManyFiles = () =>
  new PayloadTooLargeError(
    `An archive may have at most ${MAX_FILES} files. Download these files one by one.`,
    MAX_FILES,
  );

/**
 * Opens the content of a file, and then records that it is sent. Returns undefined when the file
 * was removed since it was listed. Throws `UnauthenticatedError` when the credentials were revoked.
 */
export async function openIfPresent(request: RequestContext, file: Row<File>): Promise<StoredBlob | undefined> {
  const ctx = contextOf(request);
  await recheckCredentials(ctx);
  await using opened = new AsyncDisposableStack();
  let blob: StoredBlob;
  try {
    blob = opened.use(await ctx.storage.open(file.blobKey));
  } catch (error) {
    // Missing bytes of a file that still exists are damage: the archive must fail instead of
    // lacking the file.
    if ((await ctx.em.count(File, { id: file.id })) > 0) throw error;
    return undefined;
  }
  await auditDownload(ctx, file);
  opened.move();
  return revocable(ctx, blob);
}
