import { Writable } from 'node:stream';
import { contextOf, type RequestContext } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { excerpt, PayloadTooLargeError } from '../errors.ts';
import type { PresignedReadOptions, StoredBlob } from '../storage/storage.ts';
import { getFile } from './load-files.ts';

/** A file whose content the viewer may download. Its bytes are not opened yet. */
export interface Download {
  file: Row<File>;
  /** Opens the content. The caller disposes of it. Throws `BlobMissingError`. */
  open(): Promise<StoredBlob>;
  /**
   * A URL at which the store itself sends the content; undefined for content on a disk or in the
   * database.
   */
  presignedUrl(link: PresignedReadOptions): Promise<string | undefined>;
}

/** Authorizes a download. Throws `NotFoundError` for a file that the viewer may not see. */
export async function authorizeDownload(request: RequestContext, id: number): Promise<Download> {
  const ctx = contextOf(request);
  const { storage } = ctx;
  const file = await getFile(ctx, id);
  return {
    file,
    open: () => storage.open(file.blobKey),
    presignedUrl: async (link) => storage.presignedUrl?.(file.blobKey, link),
  };
}

/**
 * Reads the whole content of a file, to be returned inline as base64. Throws `NotFoundError`,
 * `BlobMissingError`, `PayloadTooLargeError` when the file or the whole response exceeds its limit,
 * and `RateLimitedError`.
 */
export async function readContent(ctx: RequestContext, id: number): Promise<Buffer> {
  const limit = ctx.limits.maxInlineSize;
  const { file, open } = await authorizeDownload(ctx, id);
  await using blob = await open();
  if (file.size > limit)
    throw new PayloadTooLargeError(
      `${excerpt(file.name)} has more than the ${limit} bytes that are given inline. Download it from its url.`,
      limit,
    );
  // The size of the content in base64.
  await ctx.budget.reserve(Math.ceil(file.size / 3) * 4);
  const content = Buffer.alloc(file.size);
  let length = 0;
  const memory = new Writable({
    write(chunk: Buffer, _encoding, done) {
      length += chunk.copy(content, length);
      done();
    },
  });
  await blob.send(memory, { start: 0, end: file.size - 1 });
  return content;
}
