import type { EntityManager } from '../database/database.ts';

/** Entries that one statement deletes: other writers wait for no longer than one statement. */
const ROWS_PER_STATEMENT = 5000;

/**
 * Deletes the log entries before a time, in several statements. Returns how many were deleted. They
 * are found from the start of the log, in the order of their ids, which in every topic is that of
 * their numbers: what is left of a topic has no gap, even where a time is earlier than the one
 * before it. A time in the future, of a server with a wrong clock, keeps nothing.
 */
export async function deleteEventsBefore(em: EntityManager, time: Date): Promise<number> {
  for (let deleted = 0; ; ) {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `delete from event_log where id in (select id from (
         select id, max(case when at > ? then 0 else at end) over (order by id) as latest
         from (select id, at from event_log order by id limit ${ROWS_PER_STATEMENT}) oldest
       ) entries where latest < ?)`,
      [Date.now(), time.getTime()],
      'run',
    );
    deleted += affectedRows;
    if (affectedRows < ROWS_PER_STATEMENT) return deleted;
  }
}
