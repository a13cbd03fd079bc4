import type { EntityManager } from '../database/database.ts';

/**
 * About how many entries the log has: its first and last ids, between which rolled back
 * transactions leave gaps on PostgreSQL. Both are read from the index, however long the log is.
 */
export async function readLogSize(em: EntityManager): Promise<number> {
  const [row] = await em.execute<{ first: number | string | null; last: number | string | null }[]>(
    'select (select min(id) from event_log) as first, (select max(id) from event_log) as last',
    [],
    { connectionType: 'read' },
  );
  return row?.last == null || row.first == null ? 0 : Number(row.last) - Number(row.first) + 1;
}
