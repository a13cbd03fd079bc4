import type { AddOptions } from '../../attachments/add-files.ts';
import { withCredentials } from '../../auth/current-credentials.ts';
import { canWrite } from '../../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import { type File, ResumableUpload } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { forUpdate } from '../../database/sql.ts';
import {
  BadUserInputError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  QuotaExceededError,
  UnsupportedMediaTypeError,
} from '../../errors.ts';
import { inTransaction, type TransactionContext } from '../../events/in-transaction.ts';
import { ContentScan } from '../../files/inspect/content-scan.ts';
import { isUtf8Head } from '../../files/inspect/utf8.ts';
import { type InspectedContent, inspectContent } from '../inspect-content.ts';
import { ReceivedFile } from '../receive.ts';
import { releaseReservation } from '../reservation.ts';
import { storeFiles } from '../store-files.ts';
import { toReceiveOutcome } from '../upload-files.ts';
import { concatenateParts } from './concatenate.ts';
import { findUpload } from './find-upload.ts';
import { isFinal, isPartial } from './partial-upload.ts';
import { takeScan } from './scan-cache.ts';
import { refuseUpload } from './terminate-upload.ts';
import { acquireUploadLock } from './upload-lock.ts';

/**
 * An upload as it is now, without its lock: a request that appends to it is not interrupted. One
 * that has all of its bytes is completed. Throws what `completeUpload` throws.
 */
export async function getUpload(ctx: RequestContext, id: string): Promise<ResumableUpload> {
  const upload = await findUpload(ctx, id);
  return upload.received === upload.length ? completeUpload(ctx, id) : upload;
}

/**
 * An upload as it is now, for a client that resumes it: the lock interrupts a request that still
 * appends to it. One that has all of its bytes becomes a file unless it is one already: its bytes
 * are moved, not copied, and the file's id is written to the upload in the transaction that adds
 * the file. A call that fails or crashes in between can be repeated, and makes one file. Throws
 * `NotFoundError`, and what `storeFiles` throws; for an error that a repetition would not change,
 * the upload and its bytes are deleted; see `refuseUpload`.
 */
export async function completeUpload(request: RequestContext, id: string): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const before = await findUpload(ctx, id);
  const hasAllBytes = before.received === before.length;
  // With a read-only key `storeFiles` would throw `ForbiddenError`, and the upload would be
  // deleted.
  if (before.isFinished || !canWrite(ctx.viewer)) return before;
  if (isPartial(before) && hasAllBytes) return before;
  await using lock = await acquireUploadLock(ctx, id).catch((error) => {
    // Another server appends to it at this moment: what it has received is known without the lock.
    if (error instanceof ConflictError && !hasAllBytes) return undefined;
    throw error;
  });
  if (!lock) return before;
  const upload = await withParts(ctx, await findUpload(ctx, id), lock.lease);
  if (upload.isFinished || isPartial(upload) || upload.received !== upload.length) return upload;
  const content = upload.facts ? parseContent(upload.facts) : await inspectUpload(ctx, upload, lock.lease);
  const received = new ReceivedFile(ctx.storage.resume(upload.blobKey, content.size), content);
  await received.commit(); // before the transaction, because others wait for its locks
  try {
    const add = async (tx: TransactionContext) => {
      const options = JSON.parse(upload.options) as AddOptions;
      const { files } = await storeFiles(tx, [toReceiveOutcome(received)], options, {
        onFailure: 'reject',
        isReserved: true,
      });
      // A server that takes over the lease meanwhile waits for the row, and then finds that the
      // upload is finished.
      const held = { id, lease: lock.lease, isFinished: false };
      const row = await tx.em.findOne(ResumableUpload, held, forUpdate);
      if (!row) throw new ConflictError('This upload was taken over by another request.');
      const urlExpiresAt = await releaseReservation(tx.em, row, ctx.now());
      tx.em.assign(row, { file: (files[0] as Row<File>).id, isFinished: true, urlExpiresAt });
      // Parts expire with the final upload: a client that lost the response requests them first.
      const isPart = { partOf: id };
      await tx.em.nativeUpdate(ResumableUpload, isPart, { isFinished: true, expiresAt: row.expiresAt });
    };
    await withCredentials(ctx, () => inTransaction(ctx, add, { onFullDisk: true }));
  } catch (error) {
    if (isPermanent(error)) await refuseUpload(ctx, upload, error);
    throw error;
  } finally {
    received.release();
  }
  await ctx.storage.removePartial(upload.blobKey); // after a crash, with the row when it expires
  return await findUpload(ctx, id);
}

/** The upload, with the bytes of its parts copied if it is a final one. */
async function withParts(ctx: Context, upload: ResumableUpload, lease: string): Promise<ResumableUpload> {
  if (upload.isFinished || !isFinal(upload)) return upload;
  await concatenateParts(ctx, upload, lease);
  return findUpload(ctx, upload.id);
}

/** Older releases stored no charset. */
const parseContent = (json: string): InspectedContent => ({ charset: null, ...JSON.parse(json) });

/**
 * Inspects the whole content and stores the result before the bytes are moved, so that a repetition
 * after a crash does not need them at their old place. The bytes of a direct upload are not all
 * read: whether they are UTF-8 is found in their head.
 */
async function inspectUpload(ctx: Context, upload: ResumableUpload, lease: string): Promise<InspectedContent> {
  const size = upload.received;
  // No request has created the empty file.
  if (size === 0) await ctx.storage.resume(upload.blobKey, 0).end();
  // The hash of a direct upload was compared when its bytes were accepted.
  const sha256 = size > 0 ? upload.sha256 : null;
  const cached = size > 0 ? takeScan(upload.id, size) : undefined;
  const isScanned = sha256 !== null || cached !== undefined;
  const scan = cached ?? new ContentScan();
  const parts: Uint8Array[] = [];
  let headBytes = 0;
  const maxHeadBytes = ctx.storage.headBytes;
  const chunks = ctx.storage.readUnfinished(upload.blobKey, isScanned ? Math.min(size, maxHeadBytes) : size);
  for await (const chunk of chunks) {
    if (!isScanned) scan.update(chunk);
    if (headBytes < maxHeadBytes) parts.push(chunk);
    headBytes += chunk.length;
  }
  const head = Buffer.concat(parts).subarray(0, maxHeadBytes);
  const result = sha256 ? { sha256, isUtf8: isUtf8Head(head) } : scan.result();
  const content = await inspectContent(upload, { size, head, ...result });
  await ctx.em.nativeUpdate(ResumableUpload, { id: upload.id, lease }, { facts: JSON.stringify(content) });
  return content;
}

/** Whether a repetition would fail with the same error. */
const isPermanent = (error: unknown): error is Error =>
  [NotFoundError, ForbiddenError, BadUserInputError, QuotaExceededError, UnsupportedMediaTypeError].some(
    (kind) => error instanceof kind,
  );
