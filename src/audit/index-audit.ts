import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { EntityManager } from '../database/database.ts';
import { isPostgres } from '../database/dialect.ts';
import { placeholders } from '../database/rows.ts';
import { transact } from '../database/transaction.ts';

/** Entries that one transaction moves: it takes a few milliseconds, for which others wait. */
const BATCH = 200;

/**
 * Moves recent entries to the table with indexes, several at once: the pages of an index that one
 * entry would write are written once for all of them. Nothing is lost by a crash, and several
 * servers may do it at the same time.
 */
export async function indexAudit(em: EntityManager): Promise<void> {
  const [any] = await em.execute<unknown[]>('select 1 from audit_recent limit 1', [], { connectionType: 'read' });
  if (!any) return; // most of the time: no transaction for nothing
  for (;;) {
    const moved = await transact(em, moveBatch);
    if (moved < BATCH) return;
    await yieldToEventLoop();
  }
}

async function moveBatch(em: EntityManager): Promise<number> {
  // Entries of transactions that are not committed yet are not seen, and moved later. Those that
  // another server is moving are skipped.
  const lock = isPostgres(em) ? 'for update skip locked' : '';
  const rows: { id: number | string }[] = await em.execute(
    `select id from audit_recent order by id limit ${BATCH} ${lock}`,
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => Number(id));
  const columns = 'id, at, via, actor_id, key_id, address, request_id, action, target, details';
  const where = `where id in (${placeholders(ids)})`;
  await em.execute(`insert into audit_log (${columns}) select ${columns} from audit_recent ${where}`, ids, 'run');
  await em.execute(`delete from audit_recent ${where}`, ids, 'run');
  return ids.length;
}
