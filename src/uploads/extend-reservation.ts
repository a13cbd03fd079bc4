import { remainingQuota, reserveQuota } from '../attachments/quota.ts';
import type { Context } from '../context.ts';
import { ResumableUpload, UploadReservation } from '../database/entities/index.ts';
import { rowsWhere } from '../database/rows.ts';
import { forUpdate } from '../database/sql.ts';
import { transact } from '../database/transaction.ts';
import { ConflictError, QuotaExceededError } from '../errors.ts';
import { assertFileSize } from './limits.ts';
import { reservedUsage } from './reserved-usage.ts';
import { lockTemporaryQuota, reserveTemporaryQuota } from './temporary-quota.ts';
import { addTemporaryUsage, billedBytes } from './temporary-usage.ts';

/** How many bytes an upload without a length reserves ahead. */
const AHEAD_BYTES = 4 * 1024 * 1024;

/**
 * Reserves more for an upload without a length: at least `bytes` in all, and up to 4 MiB ahead as
 * far as the quotas allow. Returns how many bytes are reserved in all. Throws `QuotaExceededError`,
 * `PayloadTooLargeError`, and `ConflictError` when another request holds the lock.
 */
export async function reserveAhead(ctx: Context, id: string, lease: string, bytes: number): Promise<number> {
  assertFileSize(bytes, ctx.limits);
  return transact(ctx.em, async (em) => {
    const upload = await em.findOne(ResumableUpload, { id, lease, length: null }, forUpdate);
    if (!upload) throw new ConflictError('This upload was taken over by another request.');
    const max = Math.min(bytes + AHEAD_BYTES, ctx.limits.maxFileSize);
    const reserved = await extendReservation({ ...ctx, em }, upload, { min: bytes, max });
    em.assign(upload, { reserved });
    return reserved;
  });
}

/** Releases what an upload without a length has reserved ahead and not received. */
export async function releaseUnused(ctx: Context, id: string, lease: string): Promise<void> {
  await transact(ctx.em, async (em) => {
    const upload = await em.findOne(ResumableUpload, { id, lease, length: null }, forUpdate);
    if (!upload || upload.reserved <= upload.received) return;
    const { received, reserved } = upload;
    em.assign(upload, { reserved: received });
    await em.flush();
    await addTemporaryUsage(em, ctx.viewer.userId, billedBytes(received) - billedBytes(reserved));
  });
}

/**
 * Extends the reservation of an upload to between `min` and `max` bytes in all, as far as the
 * quotas allow. Returns the new total, which the caller stores. Throws `QuotaExceededError` when
 * `min` does not fit.
 */
export async function extendReservation(
  ctx: Context,
  { id, name, reserved }: ResumableUpload,
  { min, max }: { min: number; max: number },
): Promise<number> {
  const rows = await rowsWhere(ctx.em, UploadReservation, 't.upload_id = ?', [id]);
  const projectIds = rows.map((row) => row.project.id);
  const quota = await remainingQuota(ctx, projectIds, (ids) => reservedUsage(ctx.em, ids, id));
  const temporary = await lockTemporaryQuota(ctx);
  temporary.bytes += billedBytes(reserved);
  const available = Math.min(quota.bytes, temporary.bytes);
  if (available < min) {
    const file = { name, size: min };
    throw (
      reserveQuota(quota, file, 0) ??
      reserveTemporaryQuota(temporary, file) ??
      new QuotaExceededError(`${name} does not fit.`)
    );
  }
  const bytes = Math.max(min, Math.min(max, available));
  await addTemporaryUsage(ctx.em, ctx.viewer.userId, billedBytes(bytes) - billedBytes(reserved));
  return bytes;
}
