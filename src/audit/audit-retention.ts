import type { EntityManager } from '../database/database.ts';
import { transact } from '../database/transaction.ts';

/** Entries that one transaction deletes: other writers wait for no longer than that. */
const BATCH = 2000;

/**
 * Deletes the entries before a time, from the oldest on, in several transactions. Returns how many
 * were deleted. The log is append-only: the database refuses to delete entries beyond a mark, which
 * is raised here.
 */
export async function deleteAuditBefore(em: EntityManager, time: Date): Promise<number> {
  for (let deleted = 0; ; ) {
    const count = await transact(em, (tx) => deleteBatch(tx, time));
    deleted += count;
    if (count < BATCH) return deleted;
  }
}

async function deleteBatch(em: EntityManager, time: Date): Promise<number> {
  const oldest: { id: number | string; at: number | string }[] = await em.execute(
    `select id, at from audit_log order by id limit ${BATCH}`,
  );
  const firstKept = oldest.findIndex(({ at }) => Number(at) >= time.getTime());
  const expired = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
  const last = expired.at(-1);
  if (!last) return 0;
  await em.execute('update audit_retention set deleted_through = ?', [Number(last.id)], 'run');
  await em.execute('delete from audit_log where id <= ?', [Number(last.id)], 'run');
  return expired.length;
}
