import type { Context, Limits } from '../context.ts';
import { chunksOf, inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/open.ts';
import { placeholders, select } from '../database/rows.ts';
import { inFew } from '../database/sql.ts';
import { QuotaExceededError } from '../errors.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * Temporary bytes: those of unfinished uploads, and of files that are attached to nothing. No
 * project counts them, so they count for their user, and in all. Both sums are kept in the
 * transaction of each change; nothing is added up when they are asked for.
 *
 * Lock order: projects first, then these sums, and the sum of all users before that of one.
 */

/** An empty file takes a row and an inode, too: whatever is stored counts at least as much. */
const LEAST_BYTES = 4096;

/** The row of the sum over all users. */
const ALL = 0;

/**
 * A part of the capacity of the storage, and of what all users together may have, unless the
 * operator sets a limit.
 */
const PART = 4;

/**
 * How many of the largest files one user may have at once, unless the operator sets a limit or all
 * together may have less. On a small disk a part of the capacity is less than one such file.
 */
const LARGEST_FILES = 4;

/** How many temporary bytes so many bytes count as. */
export const billedBytes = (bytes: number): number => Math.max(bytes, LEAST_BYTES);

/** What may still be stored for a while, and by whom. */
export interface TemporaryQuota {
  bytes: number;
  /** Why there is no more, for the one who asks. */
  reason: string;
}

/**
 * What the viewer may still store for a while, as it is now. Others may be faster; see
 * `lockTemporaryQuota`.
 */
export async function remainingTemporaryQuota(ctx: Context): Promise<TemporaryQuota> {
  return quotaLeft(ctx, await usageOf(ctx.em, [ALL, ctx.viewer.userId]));
}

/** How many times its limit a user may have of temporary bytes, by detaching, and still upload. */
const OVERRUN = 2;
/**
 * How long it is known that a user has not as many, in milliseconds: most uploads do not ask the
 * database.
 */
const KNOWN_MS = 1000;
const known = new WeakMap<Storage, Map<number, number>>();

/**
 * Detaching is never refused, so that files that are uploaded to a project and detached again could
 * fill the disk past every limit. Throws `QuotaExceededError` when the viewer has twice the temporary bytes
 * that it may have.
 */
export async function assertWithinTemporaryQuota(ctx: Context): Promise<void> {
  const { storage, viewer } = ctx;
  const knownAt = known.get(storage) ?? new Map<number, number>();
  if (performance.now() - (knownAt.get(viewer.userId) ?? Number.NEGATIVE_INFINITY) < KNOWN_MS) return;
  const rows = await usageOf(ctx.em, [viewer.userId]);
  if (Number(rows[0]?.bytes ?? 0) > OVERRUN * limitsOf(ctx).own)
    throw new QuotaExceededError(`Nothing is taken. ${quotaLeft(ctx, rows).reason}`);
  known.set(storage, knownAt.set(viewer.userId, performance.now()));
}

/** What `remainingTemporaryQuota` answers, inside a transaction, until whose end nobody else changes it. */
export async function lockTemporaryQuota(ctx: Context): Promise<TemporaryQuota> {
  return quotaLeft(ctx, await add(ctx.em, new Map([[ctx.viewer.userId, 0]])));
}

/** Takes temporary room for a file, or says why there is none. */
export function reserveTemporaryQuota(room: TemporaryQuota, { name, size }: { name: string; size: number }) {
  if (room.bytes < billedBytes(size)) return new QuotaExceededError(`${name} is not taken. ${room.reason}`);
  room.bytes -= billedBytes(size);
  return undefined;
}

/** Counts temporary bytes of a user more than before, or less. */
export async function addTemporaryUsage(em: EntityManager, userId: number, bytes: number): Promise<void> {
  if (bytes !== 0) await add(em, new Map([[userId, bytes]]));
}

/**
 * Runs a change to where files of these version groups are attached, or to their versions, and keeps what
 * of them is temporary.
 */
export async function trackTemporaryUsage<T>(
  em: EntityManager,
  versionGroups: readonly string[],
  change: () => Promise<T>,
): Promise<T> {
  const before = await unattachedOf(em, versionGroups);
  const result = await change();
  const after = await unattachedOf(em, versionGroups);
  const users = new Set([...before.keys(), ...after.keys()]);
  const changes = [...users].map((user) => [user, (after.get(user) ?? 0) - (before.get(user) ?? 0)] as const);
  await add(em, new Map(changes.filter(([, bytes]) => bytes !== 0)));
  return result;
}

interface UsageRow {
  user_id: number;
  bytes: number | string;
}

const usageOf = (em: EntityManager, users: readonly number[]): Promise<UsageRow[]> =>
  inChunks(users, (some) =>
    select<UsageRow>(em, `select user_id, bytes from temporary_usage where user_id in (${placeholders(some)})`, some),
  );

/** Adds to the sums of users, and to that of all, and answers them as they are then. */
async function add(em: EntityManager, changes: ReadonlyMap<number, number>): Promise<UsageRow[]> {
  if (changes.size === 0) return [];
  const all = [...changes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const rows = [[ALL, all], ...[...changes].sort(([a], [b]) => a - b)];
  return em.execute(
    `insert into temporary_usage (user_id, bytes) values ${rows.map(() => '(?, ?)').join(', ')}
     on conflict (user_id) do update set bytes = temporary_usage.bytes + excluded.bytes returning user_id, bytes`,
    rows.flat(),
  );
}

/**
 * The temporary bytes of those of the version groups that are attached to nothing, by the users who
 * uploaded the versions.
 */
async function unattachedOf(em: EntityManager, versionGroups: readonly string[]): Promise<Map<number, number>> {
  const bytes = new Map<number, number>();
  for (const some of chunksOf(versionGroups)) {
    const rows: UsageRow[] = await em.execute(
      `select v.created_by_id as user_id, sum(case when v.size < ${LEAST_BYTES} then ${LEAST_BYTES} else v.size end) as bytes
       from files v
       where v.version_group in (${placeholders(some)}) and not exists (
         select 1 from attachments a
         where a.file_id ${inFew(em, 'select n.id from files n where n.version_group = v.version_group')}
       )
       group by v.created_by_id`,
      [...some],
    );
    for (const row of rows) bytes.set(row.user_id, (bytes.get(row.user_id) ?? 0) + Number(row.bytes));
  }
  return bytes;
}

function limitsOf({ storage, limits }: Pick<Context, 'storage' | 'limits'>): { all: number; own: number } {
  const { maxFileSize, maxUnfinishedBytes, maxUserUnfinishedBytes } = limits;
  const all = maxUnfinishedBytes ?? Math.max(storage.capacity / PART, maxFileSize);
  return { all, own: maxUserUnfinishedBytes ?? Math.min(all, Math.max(all / PART, LARGEST_FILES * maxFileSize)) };
}

/**
 * The settings of temporary bytes that are below `MAX_FILE_SIZE`: a file of that size cannot be
 * begun by tus.
 */
export function limitsBelowFileSize(limits: Limits): string[] {
  const isSmall = (limit: number | undefined) => limit !== undefined && limit < limits.maxFileSize;
  return [
    ...(isSmall(limits.maxUnfinishedBytes) ? [SETTINGS.all] : []),
    ...(isSmall(limits.maxUserUnfinishedBytes) ? [SETTINGS.own] : []),
  ];
}

const SETTINGS = { all: 'MAX_UNFINISHED_BYTES', own: 'MAX_USER_UNFINISHED_BYTES' };

function quotaLeft({ storage, limits, viewer }: Context, rows: readonly UsageRow[]): TemporaryQuota {
  const used = (user: number) => Number(rows.find((row) => row.user_id === user)?.bytes ?? 0);
  const { all, own } = limitsOf({ storage, limits });
  const left = { all: all - used(ALL), own: own - used(viewer.userId) };
  const bytes = Math.floor(Math.max(0, Math.min(left.all, left.own)));
  const [who, limit, setting] =
    left.own <= left.all ? ['you', own, SETTINGS.own] : ['all users together', all, SETTINGS.all];
  const reason =
    `Unfinished uploads and unattached files of ${who} may have at most ${Math.floor(limit)} bytes, of which ${bytes} ` +
    `are left. Attach or remove files, finish or delete uploads. The operator of the server sets ${setting}.`;
  return { bytes, reason };
}
