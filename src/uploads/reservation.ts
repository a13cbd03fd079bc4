import type { AddTarget } from '../attachments/add-files.ts';
import { remainingQuota, reserveQuota } from '../attachments/quota.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { ResumableUpload, UploadReservation } from '../database/entities/index.ts';
import { forUpdate, lockRows } from '../database/sql.ts';
import { transact } from '../database/transaction.ts';
import { BadUserInputError, NotFoundError, RateLimitedError } from '../errors.ts';
import { extendReservation } from './extend-reservation.ts';
import { reservedUsage } from './reserved-usage.ts';
import { lockTemporaryQuota, reserveTemporaryQuota } from './temporary-quota.ts';
import { addTemporaryUsage, billedBytes } from './temporary-usage.ts';
import { ownerOf, quotaFailure } from './upload-grant.ts';
import { releaseToken } from './upload-token-limits.ts';

/**
 * What an unfinished upload reserves, from its creation until it is completed, terminated or
 * expired: bytes and files in the quotas of the projects that it will count in, and temporary bytes
 * of its user. It reserves its length; where that is not known, what it has received, and up to 4
 * MiB ahead while it receives more. A direct upload reserves at least until its URL expires; once
 * it is a file, temporary bytes alone.
 */

/**
 * After how many seconds a user with too many unfinished uploads may try again. Some expire or are
 * completed by then.
 */
const RETRY_AFTER_S = 60;

/** What a new upload needs, and where it will count. */
export interface ReservationRequest {
  name: string;
  /** Its length, in bytes; 0 where that is not known. */
  bytes: number;
  destination: AddTarget;
  /**
   * What the parts of a final upload reserve, in billed bytes and uploads. The final upload takes
   * it over.
   */
  freed?: { bytes: number; uploads: number };
}

const NOTHING = { bytes: 0, uploads: 0 };

/**
 * Asserts that a new upload fits into the quotas of its projects and its user. Needs a transaction:
 * it locks the quotas until that ends. Throws `QuotaExceededError`, and `RateLimitedError` for too
 * many unfinished uploads.
 */
export async function assertReservable(
  request: RequestContext,
  { name, bytes, destination, freed = NOTHING }: ReservationRequest,
): Promise<void> {
  const ctx = contextOf(request);
  const quota = await remainingQuota(ctx, projectsOf(destination), (ids) => reservedUsage(ctx.em, ids));
  const failure = reserveQuota(quota, { name, size: bytes }, newFilesAt(destination));
  if (failure) throw quotaFailure(ctx, failure);
  const temporary = await lockTemporaryQuota(ctx);
  await assertUploadCount(ctx, freed.uploads);
  temporary.bytes += freed.bytes;
  const temporaryFailure = reserveTemporaryQuota(temporary, { name, size: bytes });
  if (temporaryFailure) throw quotaFailure(ctx, temporaryFailure);
}

/**
 * Reserves what `assertReservable` has asserted, in the same transaction, after the upload's row
 * was inserted.
 */
export async function reserveUpload(
  request: RequestContext,
  upload: ResumableUpload,
  destination: AddTarget,
): Promise<void> {
  const ctx = contextOf(request);
  const files = newFilesAt(destination);
  await ctx.em.insertMany(
    UploadReservation,
    projectsOf(destination).map((project) => ({ upload: upload.id, project, files })),
  );
  await addTemporaryUsage(ctx.em, ctx.viewer.userId, billedBytes(upload.reserved));
}

/**
 * Releases what an upload reserves, in the transaction that makes its file. While its presigned URL
 * works, the temporary bytes stay reserved: the same bytes may be sent again. Returns when the URL
 * expires, and null when nothing stays reserved.
 */
export async function releaseReservation(em: EntityManager, upload: ResumableUpload, now: Date): Promise<Date | null> {
  await em.nativeDelete(UploadReservation, { upload: upload.id });
  if (isUrlValid(upload, now)) return upload.urlExpiresAt ?? null;
  await addTemporaryUsage(em, upload.user.id, -billedBytes(upload.reserved));
  return null;
}

/** Whether the presigned URL of a direct upload works: then bytes may arrive at any time. */
export const isUrlValid = ({ urlExpiresAt }: Pick<ResumableUpload, 'urlExpiresAt'>, now: Date): boolean =>
  urlExpiresAt != null && urlExpiresAt > now;

/** Releases what a finished upload reserved for its URL, once. */
export async function releaseUrl(em: EntityManager, id: string): Promise<void> {
  await transact(em, async (tx) => {
    const [row]: { user_id: number; reserved: number | string }[] = await tx.execute(
      `update resumable_uploads set url_expires_at = null
       where id = ? and is_finished = ? and url_expires_at is not null returning user_id, reserved`,
      [id, true],
    );
    if (row) await addTemporaryUsage(tx, row.user_id, -billedBytes(Number(row.reserved)));
  });
}

/**
 * Deletes an upload, and releases what it reserves, once even when two requests delete it at the
 * same time.
 */
export const deleteUpload = (em: EntityManager, id: string): Promise<boolean> =>
  transact(em, (tx) => deleteUploadRow(tx, id));

/**
 * The same in the caller's transaction. Returns whether it has deleted an unfinished upload. Lock
 * order: the upload token, the upload, the sums of temporary bytes.
 */
export async function deleteUploadRow(tx: EntityManager, id: string): Promise<boolean> {
  const [known]: { tokenId: number | null }[] = await tx.execute(
    'select upload_token_id as "tokenId" from resumable_uploads where id = ?',
    [id],
  );
  if (!known) return false;
  if (known.tokenId !== null) await lockRows(tx, 'upload_tokens', [known.tokenId], 'update');
  const sql =
    'delete from resumable_uploads where id = ? returning user_id, reserved, is_finished, part_of_id, url_expires_at';
  type Deleted = {
    user_id: number;
    reserved: number | string;
    is_finished: number | boolean;
    part_of_id: string | null;
    url_expires_at: unknown;
  };
  const [row]: Deleted[] = await tx.execute(sql, [id]);
  if (!row) return false;
  const isUnfinished = !row.is_finished;
  if (isUnfinished && known.tokenId !== null) await releaseToken(tx, known.tokenId, Number(row.reserved));
  // The final upload has taken over what its parts reserve.
  const isHeld = isUnfinished ? row.part_of_id === null : row.url_expires_at !== null;
  if (isHeld) await addTemporaryUsage(tx, row.user_id, -billedBytes(Number(row.reserved)));
  return isUnfinished;
}

/**
 * Sets the length of an upload whose length was not known, and reserves that many bytes. Throws
 * `NotFoundError`, `QuotaExceededError`, and `BadUserInputError` when the length is known and
 * differs, or when more bytes were received.
 */
export async function reserveLength(request: RequestContext, id: string, length: number): Promise<void> {
  const ctx = contextOf(request);
  await transact(ctx.em, async (em) => {
    const upload = await em.findOne(ResumableUpload, { id, ...ownerOf(ctx) }, forUpdate);
    if (!upload) throw new NotFoundError([`/uploads/${id}`]);
    if (upload.length === length) return;
    if (upload.length !== null || length < upload.received)
      throw new BadUserInputError('The length of an upload cannot change.');
    await extendReservation({ ...ctx, em }, upload, { min: length, max: length });
    em.assign(upload, { length, reserved: length });
  });
}

/**
 * Throws `RateLimitedError` when the viewer has as many unfinished uploads as one user may, without
 * `freed` of them. Those with upload tokens count for their token alone: guests must not keep the
 * creator, or the guests of another token, from uploading.
 */
async function assertUploadCount(ctx: Context, freed: number): Promise<void> {
  const { em, limits, now } = ctx;
  const limit = limits.maxUnfinishedUploads;
  const isAlive = { $or: [{ expiresAt: { $gt: now() } }, { urlExpiresAt: { $gt: now() } }] };
  const isOpen = { ...ownerOf(ctx), isFinished: false, partOf: null, ...isAlive };
  if ((await em.count(ResumableUpload, isOpen)) - freed < limit) return;
  const whose = ctx.uploadGrant ? 'This upload token has' : 'You have';
  throw new RateLimitedError(`${whose} ${limit} unfinished uploads. Finish or delete some first.`, RETRY_AFTER_S);
}

/** The projects in which a file that is added there counts. */
function projectsOf({ target, parent }: AddTarget): number[] {
  const ids = parent ? parent.attachments.map((row) => row.projectId) : [target?.projectId];
  return [...new Set(ids.flatMap((id) => id ?? []))];
}

/** How many files it adds to a project's count: a next version adds none. */
const newFilesAt = ({ parent }: AddTarget): number => (parent ? 0 : 1);
