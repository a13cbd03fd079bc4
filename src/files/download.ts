import { Writable } from 'node:stream';
import { RECHECK_MS } from '../auth/current-credentials.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BlobMissingError, excerpt, PayloadTooLargeError, UnauthenticatedError } from '../errors.ts';
import { inTransaction } from '../events/in-transaction.ts';
import type { PresignedReadOptions, StoredBlob } from '../storage/storage.ts';
import { getFile } from './load-files.ts';

/** A file whose content the viewer may download. Its bytes are not opened yet. */
export interface Download {
  file: Row<File>;
  /**
   * Opens the content. Unless it is not sent, it then calls `onSend`, whose error refuses the
   * download, and records it. The caller disposes of the content. Throws `BlobMissingError`.
   */
  open(options?: OpenOptions): Promise<StoredBlob>;
  /**
   * A URL at which the store itself sends the content; undefined for content on a disk or in the
   * database.
   */
  presignedUrl(link: PresignedReadOptions): Promise<string | undefined>;
}

interface OpenOptions {
  /** False for a request whose response has no content. */
  isSent?: boolean;
  onSend?: (() => Promise<void>) | undefined;
}

/** Authorizes a download. Throws `NotFoundError` for a file that the viewer may not see. */
export async function authorizeDownload(request: RequestContext, id: number): Promise<Download> {
  const ctx = contextOf(request);
  const { storage } = ctx;
  const file = await getFile(ctx, id);
  return {
    file,
    async open({ isSent = true, onSend } = {}) {
      await using opened = new AsyncDisposableStack();
      const blob = opened.use(await storage.open(file.blobKey));
      if (isSent) {
        await onSend?.();
        await auditDownload(ctx, file);
      }
      opened.move();
      return revocable(ctx, blob);
    },
    async presignedUrl(link) {
      const url = await storage.presignedUrl?.(file.blobKey, link);
      if (url !== undefined) await auditDownload(ctx, file);
      return url;
    },
  };
}

/** Content that breaks off while it is sent when the credentials of the request are revoked. */
export const revocable = (ctx: Context, blob: StoredBlob): StoredBlob => ({
  size: blob.size,
  async send(destination, range) {
    let revoked: unknown;
    const check = () =>
      ctx.currentViewer(ctx).catch((error) => {
        // Where the database is unavailable, the next check decides.
        if (!(error instanceof UnauthenticatedError)) return;
        revoked = error;
        destination.destroy();
      });
    const timer = setInterval(check, RECHECK_MS);
    try {
      await blob.send(destination, range);
    } catch (error) {
      throw revoked ?? error;
    } finally {
      clearInterval(timer);
    }
  },
  [Symbol.asyncDispose]: () => blob[Symbol.asyncDispose](),
});

/**
 * Writes a download, or with `isPreview` that of a thumbnail, to the audit log, where the operator
 * wants that, unless the same viewer made the same in the last minute. It is committed before the
 * first byte is sent: content that cannot be recorded is not sent.
 */
export async function auditDownload(
  ctx: Context,
  { id }: Pick<Row<File>, 'id'>,
  { isPreview = false } = {},
): Promise<void> {
  const { recordedDownloads: recorded, viewer, client } = ctx;
  const download = { viewer, address: client?.address, fileId: id, isPreview };
  if (!recorded || recorded.has(download, ctx.now())) return;
  await inTransaction({ ...ctx, em: ctx.em.fork() } as Context, async (tx) =>
    tx.audit({ action: isPreview ? 'FILE_PREVIEWED' : 'FILE_DOWNLOADED', target: `File:${id}` }),
  );
  recorded.add(download, ctx.now());
}

/**
 * Reads the whole content of a file, to be returned inline as base64. Throws `NotFoundError`,
 * `BlobMissingError`, `PayloadTooLargeError` when the file or the whole response exceeds its limit,
 * and `RateLimitedError`.
 */
export async function readContent(ctx: RequestContext, id: number): Promise<Buffer> {
  const limit = ctx.limits.maxInlineSize;
  const { file, open } = await authorizeDownload(ctx, id);
  if (file.size > limit)
    throw new PayloadTooLargeError(
      `${excerpt(file.name)} has more than the ${limit} bytes that are given inline. Download it from its url.`,
      limit,
    );
  // The size of the content in base64. Before it is opened: that reads the bytes of a row.
  await ctx.budget.reserve(Math.ceil(file.size / 3) * 4);
  await using blob = await open().catch(async (error) => {
    if (error instanceof BlobMissingError) await getFile(ctx, id); // it may be removed meanwhile
    throw error;
  });
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
