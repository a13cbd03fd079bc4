import type { AddTarget } from '../attachments/add-files.ts';
import { type ProjectUsage, remainingQuota, reserveQuota } from '../attachments/quota.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { ResumableUpload, UploadReservation } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { placeholders, rowsWhere } from '../database/rows.ts';
import { forUpdate } from '../database/sql.ts';
import { transact } from '../database/transaction.ts';
import { BadUserInputError, ConflictError, NotFoundError, QuotaExceededError, RateLimitedError } from '../errors.ts';
import { assertFileSize } from './limits.ts';
import { addTemporaryUsage, billedBytes, lockTemporaryQuota, reserveTemporaryQuota } from './temporary-quota.ts';

/**
 * What an unfinished upload reserves, from its start until it is finished or given up: bytes in the
 * projects that it will count in, and temporary bytes of its user. It reserves its length; where
 * that is not known, what it has taken so far, and a few MiB ahead while bytes come.
 */

/** How much an upload without a length reserves ahead. */
const STEP_BYTES = 4 * 1024 * 1024;

/**
 * After how many seconds one with too many unfinished uploads may try again: others expire, or are
 * finished.
 */
const RETRY_S = 60;

/** What will be uploaded, and where it will count. */
export interface ReservationRequest {
  name: string;
  /** In bytes; what is known of it. */
  bytes: number;
  place: AddTarget;
  /** What it takes over from uploads that it joins: then these count no more. */
  freed?: { bytes: number; uploads: number };
}

const NOTHING = { bytes: 0, uploads: 0 };

/**
 * Inside a transaction: asks for room for a new upload in its projects and for its user. Nobody
 * else takes it until the end of the transaction. Throws `QuotaExceededError`; `RateLimitedError` for too many
 * unfinished uploads.
 */
export async function assertReservable(
  ctx: Context,
  { name, bytes, place, freed = NOTHING }: ReservationRequest,
): Promise<void> {
  const room = await remainingQuota(ctx, projectsOf(place), (ids) => reservedIn(ctx.em, ids));
  const failure = reserveQuota(room, { name, size: bytes }, filesOf(place));
  if (failure) throw failure;
  const temporary = await lockTemporaryQuota(ctx);
  await assertUploadCount(ctx, freed.uploads);
  temporary.bytes += freed.bytes;
  const tooMuch = reserveTemporaryQuota(temporary, { name, size: bytes });
  if (tooMuch) throw tooMuch;
}

/** Inside the same transaction, when the upload is there: reserves what was asked for. */
export async function reserveUpload(ctx: Context, upload: ResumableUpload, place: AddTarget): Promise<void> {
  const files = filesOf(place);
  await ctx.em.insertMany(
    UploadReservation,
    projectsOf(place).map((project) => ({ upload: upload.id, project, files })),
  );
  await addTemporaryUsage(ctx.em, ctx.viewer.userId, billedBytes(upload.reserved));
}

/**
 * Ends what an upload reserves that has become a file, inside the transaction that makes the file.
 */
export async function releaseReservation(em: EntityManager, upload: ResumableUpload): Promise<void> {
  await em.nativeDelete(UploadReservation, { upload: upload.id });
  await addTemporaryUsage(em, upload.user.id, -billedBytes(upload.reserved));
}

/** Deletes an upload, and what it reserves. Of two who delete it at once, one releases. */
export async function deleteUpload(em: EntityManager, id: string): Promise<void> {
  await transact(em, async (tx) => {
    const sql = 'delete from resumable_uploads where id = ? returning user_id, reserved, is_finished, part_of_id';
    type Gone = {
      user_id: number;
      reserved: number | string;
      is_finished: number | boolean;
      part_of_id: string | null;
    };
    const [gone]: Gone[] = await tx.execute(sql, [id]);
    // What was joined is reserved by the final upload.
    if (gone && !gone.is_finished && gone.part_of_id === null)
      await addTemporaryUsage(tx, gone.user_id, -billedBytes(Number(gone.reserved)));
  });
}

/**
 * Says how long an upload will be whose length was not known, and reserves so much. Throws
 * `NotFoundError`, `QuotaExceededError`, and `BadUserInputError` when another length is known, or more bytes have come.
 */
export async function reserveLength(ctx: Context, id: string, length: number): Promise<void> {
  await transact(ctx.em, async (em) => {
    const upload = await em.findOne(ResumableUpload, { id, user: ctx.viewer.userId }, forUpdate);
    if (!upload) throw new NotFoundError([`/uploads/${id}`]);
    if (upload.length === length) return;
    if (upload.length !== null || length < upload.received)
      throw new BadUserInputError('The length of an upload cannot change.');
    await extendReservation({ ...ctx, em }, upload, { least: length, most: length });
    em.assign(upload, { length, reserved: length });
  });
}

/**
 * Reserves more for an upload without a length, so that it may take `least` bytes in all, and a few
 * MiB ahead where there is room. Answers how many it may take. Throws `QuotaExceededError`, `PayloadTooLargeError`;
 * `ConflictError` when it is taken over.
 */
export async function reserveMore(ctx: Context, id: string, lease: string, least: number): Promise<number> {
  assertFileSize(least, ctx.limits);
  return transact(ctx.em, async (em) => {
    const upload = await em.findOne(ResumableUpload, { id, lease, length: null }, forUpdate);
    if (!upload) throw new ConflictError('This upload was taken over by another request.');
    const most = Math.min(least + STEP_BYTES, ctx.limits.maxFileSize);
    const reserved = await extendReservation({ ...ctx, em }, upload, { least, most });
    em.assign(upload, { reserved });
    return reserved;
  });
}

/** Gives back what an upload without a length has reserved ahead and not taken. */
export async function releaseAhead(ctx: Context, id: string, lease: string): Promise<void> {
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
 * Asks for more room for an upload, at least for `least` bytes in all, and answers for how many
 * there is.
 */
async function extendReservation(
  ctx: Context,
  { id, name, reserved }: ResumableUpload,
  { least, most }: { least: number; most: number },
): Promise<number> {
  const rows = await rowsWhere(ctx.em, UploadReservation, 't.upload_id = ?', [id]);
  const projectIds = rows.map((row) => row.project.id);
  const others = await remainingQuota(ctx, projectIds, (ids) => reservedIn(ctx.em, ids, id));
  const temporary = await lockTemporaryQuota(ctx);
  temporary.bytes += billedBytes(reserved);
  const room = Math.min(others.bytes, temporary.bytes);
  if (room < least) {
    const size = { name, size: least };
    throw (
      reserveQuota(others, size, 0) ??
      reserveTemporaryQuota(temporary, size) ??
      new QuotaExceededError(`${name} does not fit.`)
    );
  }
  const bytes = Math.max(least, Math.min(most, room));
  await addTemporaryUsage(ctx.em, ctx.viewer.userId, billedBytes(bytes) - billedBytes(reserved));
  return bytes;
}

/** What unfinished uploads reserve in these projects, but for one of them. */
async function reservedIn(
  em: EntityManager,
  projectIds: readonly number[],
  exceptId = '',
): Promise<ReadonlyMap<number, ProjectUsage>> {
  type Found = { project: number; bytes: number | string; files: number | string };
  const rows = await inChunks(projectIds, (some) =>
    em.execute<Found[]>(
      `select r.project_id as project, sum(u.reserved) as bytes, sum(r.files) as files
     from upload_reservations r join resumable_uploads u on u.id = r.upload_id
     where r.project_id in (${placeholders(some)}) and r.upload_id <> ? group by r.project_id`,
      [...some, exceptId],
    ),
  );
  return new Map(rows.map((row) => [row.project, { bytes: Number(row.bytes), files: Number(row.files) }]));
}

async function assertUploadCount({ em, viewer, limits, now }: Context, freed: number): Promise<void> {
  const most = limits.maxUnfinishedUploads;
  const isOpen = { user: viewer.userId, isFinished: false, partOf: null, expiresAt: { $gt: now() } };
  if ((await em.count(ResumableUpload, isOpen)) - freed < most) return;
  throw new RateLimitedError(
    `You have ${most} unfinished uploads, which is as many as one user may have. Finish or delete some first.`,
    RETRY_S,
  );
}

/** The projects that a file added there counts in. */
function projectsOf({ target, parent }: AddTarget): number[] {
  const ids = parent ? parent.attachments.map((row) => row.projectId) : [target?.projectId];
  return [...new Set(ids.flatMap((id) => id ?? []))];
}

/** The next version of a file is no further file. */
const filesOf = ({ parent }: AddTarget): number => (parent ? 0 : 1);
