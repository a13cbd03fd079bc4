import type { EntityManager } from './database.ts';

/** The `user_id` of the row with the sum over all users. */
export const ALL_USERS = 0;

/** A stored sum of bytes. */
export interface SumRow {
  user_id: number;
  bytes: number | string;
}

/**
 * Adds to the sums of users in a table, by user, and to that of all users, which is locked first.
 * Adding nothing locks them. Returns the changed sums.
 */
export function addToSums(
  em: EntityManager,
  table: 'temporary_usage' | 'thumbnail_usage',
  changes: ReadonlyMap<number, number>,
): Promise<SumRow[]> {
  const total = [...changes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const rows = [[ALL_USERS, total], ...[...changes].sort(([a], [b]) => a - b)];
  return em.execute(
    `insert into ${table} (user_id, bytes) values ${rows.map(() => '(?, ?)').join(', ')}
     on conflict (user_id) do update set bytes = ${table}.bytes + excluded.bytes returning user_id, bytes`,
    rows.flat(),
  );
}
