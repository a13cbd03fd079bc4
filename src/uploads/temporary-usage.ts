import { chunksOf, inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { placeholders, select } from '../database/rows.ts';
import { inFew } from '../database/sql.ts';
import { addToSums, type SumRow } from '../database/user-sums.ts';

/**
 * Temporary bytes: those of unfinished uploads, and of files that are attached to nothing. No
 * project counts them, so they count for their user, and for all users together. Both sums are
 * stored, and changed in the transaction of each change, so that a check reads two rows. The limits
 * are in `temporary-quota.ts`.
 *
 * Lock order: projects first, then these sums, and the sum of all users before that of one.
 */

/** Bytes that each file counts at least: an empty file takes a row and an inode, too. */
const MIN_BILLED_BYTES = 4096;

/** How many temporary bytes a file or upload of this size counts as. */
export const billedBytes = (bytes: number): number => Math.max(bytes, MIN_BILLED_BYTES);

/** The sums of these users. A user who never had temporary bytes has no row. */
export const temporaryUsageOf = (em: EntityManager, users: readonly number[]): Promise<SumRow[]> =>
  inChunks(users, (chunk) =>
    select<SumRow>(em, `select user_id, bytes from temporary_usage where user_id in (${placeholders(chunk)})`, chunk),
  );

/** Adds temporary bytes of a user, or subtracts them when negative. */
export async function addTemporaryUsage(em: EntityManager, userId: number, bytes: number): Promise<void> {
  if (bytes !== 0) await addToSums(em, 'temporary_usage', new Map([[userId, bytes]]));
}

/**
 * Locks the sum of all users, then that of one, until the transaction ends, and returns both. It
 * adds 0, so that the rows exist.
 */
export const lockTemporaryUsage = (em: EntityManager, userId: number): Promise<SumRow[]> =>
  addToSums(em, 'temporary_usage', new Map([[userId, 0]]));

/**
 * Runs a change to where files of these version groups are attached, or to their versions, and adds
 * to the sums what became temporary by it, or no longer is.
 */
export async function trackTemporaryUsage<T>(
  em: EntityManager,
  versionGroups: readonly string[],
  change: () => Promise<T>,
): Promise<T> {
  const before = await unattachedBytes(em, versionGroups);
  const result = await change();
  const after = await unattachedBytes(em, versionGroups);
  const users = new Set([...before.keys(), ...after.keys()]);
  const changes = [...users].map((user) => [user, (after.get(user) ?? 0) - (before.get(user) ?? 0)] as const);
  const changed = changes.filter(([, bytes]) => bytes !== 0);
  if (changed.length > 0) await addToSums(em, 'temporary_usage', new Map(changed));
  return result;
}

/**
 * The temporary bytes of those of the version groups that are attached to nothing, by the users who
 * uploaded the versions.
 */
async function unattachedBytes(em: EntityManager, versionGroups: readonly string[]): Promise<Map<number, number>> {
  const bytes = new Map<number, number>();
  for (const batch of chunksOf(versionGroups)) {
    const rows: SumRow[] = await em.execute(
      `select v.created_by_id as user_id,
         sum(case when v.size < ${MIN_BILLED_BYTES} then ${MIN_BILLED_BYTES} else v.size end) as bytes
       from files v
       where v.version_group in (${placeholders(batch)}) and not exists (
         select 1 from attachments a
         where a.file_id ${inFew(em, 'select n.id from files n where n.version_group = v.version_group')}
       )
       group by v.created_by_id`,
      batch,
    );
    for (const row of rows) bytes.set(row.user_id, (bytes.get(row.user_id) ?? 0) + Number(row.bytes));
  }
  return bytes;
}
