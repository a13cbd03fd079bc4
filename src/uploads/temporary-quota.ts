import { type Context, contextOf, type Limits, type RequestContext } from '../context.ts';
import { ALL_USERS, type SumRow } from '../database/user-sums.ts';
import { QuotaExceededError } from '../errors.ts';
import type { Storage } from '../storage/storage.ts';
import { billedBytes, lockTemporaryUsage, temporaryUsageOf } from './temporary-usage.ts';
import { quotaFailure } from './upload-grant.ts';

/**
 * The limits of temporary bytes, those of unfinished uploads and unattached files: one for each
 * user, and one for all users together. `temporary-usage.ts` stores the sums.
 */

/**
 * Unless the operator sets a limit, all users together may have 1/4 of the capacity of the storage,
 * and one user 1/4 of that.
 */
const SHARE_DIVISOR = 4;

/**
 * Unless the operator sets a limit, one user may have at least 4 of the largest files, up to the
 * limit of all users: on a small disk a share of the capacity is less than one such file.
 */
const LARGEST_FILES = 4;

/** What may still be stored temporarily. */
export interface TemporaryQuota {
  /** In bytes, as `billedBytes` counts them. */
  bytes: number;
  /** Which limit is reached, as a sentence for the client. */
  reason: string;
}

/**
 * What the viewer may still store temporarily. Nothing is locked, so concurrent requests may use it
 * first; see `lockTemporaryQuota`.
 */
export async function remainingTemporaryQuota(request: RequestContext): Promise<TemporaryQuota> {
  const ctx = contextOf(request);
  return quotaLeft(ctx, await temporaryUsageOf(ctx.em, [ALL_USERS, ctx.viewer.userId]));
}

/** By which factor a user may exceed the own limit, by detaching files, and still upload. */
const OVERRUN_FACTOR = 2;

/**
 * For how many milliseconds a passed check is cached, so that most uploads do not query the
 * database.
 */
const CHECK_CACHE_MS = 1000;
const passedAt = new WeakMap<Storage, Map<number, number>>();

/**
 * Detaching is never refused, so that files that are uploaded to a project and detached again could
 * fill the disk past every limit. Throws `QuotaExceededError` when the viewer has more than twice
 * the temporary bytes of the own limit.
 */
export async function assertWithinTemporaryQuota(request: RequestContext): Promise<void> {
  const ctx = contextOf(request);
  const { storage, viewer } = ctx;
  const passedByUser = passedAt.get(storage) ?? new Map<number, number>();
  const lastPassed = passedByUser.get(viewer.userId) ?? Number.NEGATIVE_INFINITY;
  if (performance.now() - lastPassed < CHECK_CACHE_MS) return;
  const rows = await temporaryUsageOf(ctx.em, [viewer.userId]);
  if (Number(rows[0]?.bytes ?? 0) > OVERRUN_FACTOR * temporaryLimits(ctx).own)
    throw quotaFailure(ctx, nothingFits(quotaLeft(ctx, rows)));
  passedAt.set(storage, passedByUser.set(viewer.userId, performance.now()));
}

/** `remainingTemporaryQuota`, locked until the caller's transaction ends. */
export async function lockTemporaryQuota(request: RequestContext): Promise<TemporaryQuota> {
  const ctx = contextOf(request);
  return quotaLeft(ctx, await lockTemporaryUsage(ctx.em, ctx.viewer.userId));
}

/**
 * Subtracts a file from the quota. Returns an error, and subtracts nothing, when the file does not
 * fit.
 */
export function reserveTemporaryQuota(
  quota: TemporaryQuota,
  { name, size }: { name: string; size: number },
): QuotaExceededError | undefined {
  if (quota.bytes < billedBytes(size)) return doesNotFit(name, quota);
  quota.bytes -= billedBytes(size);
  return undefined;
}

/** The error of a file that exceeds the quota. */
export const doesNotFit = (name: string, { reason }: TemporaryQuota): QuotaExceededError =>
  new QuotaExceededError(`${name} is not accepted. ${reason}`);

/** The error of a request whose files would exceed the quota whatever their size. */
export const nothingFits = ({ reason }: TemporaryQuota): QuotaExceededError =>
  new QuotaExceededError(`No file is accepted. ${reason}`);

/**
 * The settings of temporary bytes that are below `MAX_FILE_SIZE`: a file of that size could not be
 * uploaded by tus.
 */
export function limitsBelowFileSize(limits: Limits): string[] {
  const isSmall = (limit: number | undefined) => limit !== undefined && limit < limits.maxFileSize;
  return [
    ...(isSmall(limits.maxUnfinishedBytes) ? [SETTINGS.all] : []),
    ...(isSmall(limits.maxUserUnfinishedBytes) ? [SETTINGS.own] : []),
  ];
}

const SETTINGS = { all: 'MAX_UNFINISHED_BYTES', own: 'MAX_USER_UNFINISHED_BYTES' };

/** In bytes: the limit of all users together, and that of each. */
function temporaryLimits({ storage, limits }: Pick<Context, 'storage' | 'limits'>): { all: number; own: number } {
  const { maxFileSize, maxUnfinishedBytes, maxUserUnfinishedBytes } = limits;
  const all = maxUnfinishedBytes ?? Math.max(storage.capacity / SHARE_DIVISOR, maxFileSize);
  const share = Math.min(all, Math.max(all / SHARE_DIVISOR, LARGEST_FILES * maxFileSize));
  return { all, own: maxUserUnfinishedBytes ?? share };
}

function quotaLeft({ storage, limits, viewer }: Context, rows: readonly SumRow[]): TemporaryQuota {
  const used = (user: number) => Number(rows.find((row) => row.user_id === user)?.bytes ?? 0);
  const { all, own } = temporaryLimits({ storage, limits });
  const left = { all: all - used(ALL_USERS), own: own - used(viewer.userId) };
  const bytes = Math.floor(Math.max(0, Math.min(left.all, left.own)));
  const [who, limit, setting] =
    left.own <= left.all ? ['you', own, SETTINGS.own] : ['all users together', all, SETTINGS.all];
  const reason =
    `Unfinished uploads and unattached files of ${who} may have at most ${Math.floor(limit)} bytes, of which ${bytes} ` +
    `are left. Attach or remove files, finish or delete uploads. The operator of the server sets ${setting}.`;
  return { bytes, reason };
}
