import type { AddOptions } from '../../attachments/add-files.ts';
import { canWrite } from '../../auth/permissions.ts';
import type { Context } from '../../context.ts';
import { type File, ResumableUpload } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { forUpdate } from '../../database/sql.ts';
import { BadUserInputError, ConflictError, ForbiddenError, NotFoundError, QuotaExceededError } from '../../errors.ts';
import { inTransaction } from '../../events/in-transaction.ts';
import { ContentScan } from '../../files/inspect/content-scan.ts';
import { isUtf8Head } from '../../files/inspect/utf8.ts';
import { HEAD_BYTES, type InspectedContent, inspectContent, ReceivedFile } from '../receive.ts';
import { releaseReservation } from '../reservation.ts';
import { asOutcome, storeFiles } from '../upload-files.ts';
import { concatenateParts } from './concatenate.ts';
import { isFinal, isPartial } from './partial-upload.ts';
import { deleteWithBytes, findUpload } from './resumable-upload.ts';
import { takeScan } from './scan-cache.ts';
import { acquireUploadLock } from './upload-lock.ts';

/**
 * How it stands with an upload, for those who only want to know: a request that works on it is left in peace. Otherwise as
 * `completeUpload`.
 */
export async function getUpload(ctx: Context, id: string): Promise<ResumableUpload> {
  const upload = await findUpload(ctx, id);
  return upload.received === upload.length ? completeUpload(ctx, id) : upload;
}

/**
 * How far an upload has come, for those who go on with it: a request that still works on it is ended. One of which all bytes have come becomes a file, like any other, if that has not been done
 * yet: its bytes are moved, not copied, and the row that tells of the file is written with the file. Whatever fails in
 * between, or is killed, is done when it is asked for again, and once. Throws `NotFoundError`, and why no file came of
 * it: then nothing is left.
 */
export async function completeUpload(ctx: Context, id: string): Promise<ResumableUpload> {
  const before = await findUpload(ctx, id);
  const isWhole = before.received === before.length;
  // A key that only reads makes no file. It would be refused, and with that the upload given up.
  if (before.isFinished || !canWrite(ctx.viewer)) return before;
  if (isPartial(before) && isWhole) return before;
  await using turn = await acquireUploadLock(ctx, id).catch((error) => {
    // Another server takes bytes of it at this moment: how far it has come is known all the same.
    if (error instanceof ConflictError && !isWhole) return undefined;
    throw error;
  });
  if (!turn) return before;
  const upload = await withParts(ctx, await findUpload(ctx, id), turn.lease);
  if (upload.isFinished || isPartial(upload) || upload.received !== upload.length) return upload;
  const facts = upload.facts ? factsIn(upload.facts) : await inspectUpload(ctx, upload, turn.lease);
  const received = new ReceivedFile(ctx.storage.resume(upload.blobKey, facts.size), facts);
  await received.commit(); // before the transaction, which others wait for
  try {
    await inTransaction(ctx, async (tx) => {
      const options = JSON.parse(upload.options) as AddOptions;
      const { files } = await storeFiles(tx, [asOutcome(received)], options, { onFailure: 'reject', isReserved: true });
      // Locked: a server that takes over meanwhile waits here, and then sees that it is finished.
      const isOurs = { id, lease: turn.lease, isFinished: false };
      const row = await tx.em.findOneOrFail(ResumableUpload, isOurs, forUpdate);
      await releaseReservation(tx.em, row);
      tx.em.assign(row, { file: (files[0] as Row<File>).id, isFinished: true });
      // Known as long as the final upload is: a client that lost the answer looks at them first.
      const isPart = { partOf: id };
      await tx.em.nativeUpdate(ResumableUpload, isPart, { isFinished: true, expiresAt: row.expiresAt });
    });
  } catch (error) {
    if (isPermanent(error)) await deleteWithBytes(ctx, upload);
    throw error;
  }
  return await findUpload(ctx, id);
}

/** The upload with the bytes of its parts, if it is a final one. */
async function withParts(ctx: Context, upload: ResumableUpload, lease: string): Promise<ResumableUpload> {
  if (upload.isFinished || !isFinal(upload)) return upload;
  await concatenateParts(ctx, upload, lease);
  return findUpload(ctx, upload.id);
}

/** Releases before charsets were looked at wrote none down. */
const factsIn = (json: string): InspectedContent => ({ charset: null, ...JSON.parse(json) });

/**
 * Finds out what the whole file is, and writes it down: once it is moved, that is known. Bytes that were put into the
 * store past this server are not read again: whether they are UTF-8 is told from the first `HEAD_BYTES`.
 */
async function inspectUpload(ctx: Context, upload: ResumableUpload, lease: string): Promise<InspectedContent> {
  const size = upload.received;
  if (size === 0) await ctx.storage.resume(upload.blobKey, 0).end(); // nothing came that would have made it
  const known = size > 0 ? upload.sha256 : null; // it was compared with the bytes, and nothing else can come
  const seen = size > 0 ? takeScan(upload.id, size) : undefined;
  const isScanned = known !== null || seen !== undefined;
  const scan = seen ?? new ContentScan();
  const parts: Uint8Array[] = [];
  let headBytes = 0;
  const chunks = ctx.storage.readUnfinished(upload.blobKey, isScanned ? Math.min(size, HEAD_BYTES) : size);
  for await (const chunk of chunks) {
    if (!isScanned) scan.update(chunk);
    if (headBytes < HEAD_BYTES) parts.push(chunk);
    headBytes += chunk.length;
  }
  const head = Buffer.concat(parts).subarray(0, HEAD_BYTES);
  const result = known ? { sha256: known, isUtf8: isUtf8Head(head) } : scan.result();
  const facts = await inspectContent(upload, { size, head, ...result });
  await ctx.em.nativeUpdate(ResumableUpload, { id: upload.id, lease }, { facts: JSON.stringify(facts) });
  return facts;
}

/** Whether to try again would be in vain. */
const isPermanent = (error: unknown) =>
  [NotFoundError, ForbiddenError, BadUserInputError, QuotaExceededError].some((kind) => error instanceof kind);
