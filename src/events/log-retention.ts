import type { EntityManager } from '../database/database.ts';

/** Entries that one statement deletes: other writers wait for no longer than one statement. */
const ROWS_PER_STATEMENT = 5000;

/** Deletes the log entries before a time, in several statements. Returns how many were deleted. */
export async function deleteEventsBefore(em: EntityManager, time: Date): Promise<number> {
  for (let deleted = 0; ; ) {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `delete from event_log where id in (select id from event_log where at < ? order by at limit ${ROWS_PER_STATEMENT})`,
      [time.getTime()],
      'run',
    );
    deleted += affectedRows;
    if (affectedRows < ROWS_PER_STATEMENT) return deleted;
  }
}
