import type { EntityManager } from '../database/database.ts';
import { waitUntilDurable } from '../database/durability.ts';
import type { Topic } from './topic.ts';

/**
 * The end of the log over all topics. `next` returns the number of the last entry of each topic
 * that has entries which the call before did not see. It returns no entries; see log-reader.ts.
 */
export interface LogTail {
  next(em: EntityManager): Promise<Map<Topic, number>>;
}

interface Row {
  topic: Topic | null;
  head: number | string;
}

const headsIn = (rows: readonly Row[]) =>
  new Map(rows.flatMap(({ topic, head }) => (topic === null ? [] : [[topic, Number(head)] as const])));

/**
 * SQLite has one writer at a time: entries get their ids in the order in which they are committed.
 */
export async function openSqliteTail(em: EntityManager): Promise<LogTail> {
  const onReader = { connectionType: 'read' } as const;
  const rows: { last: number | null }[] = await em.execute('select max(id) as last from event_log', [], onReader);
  let last = rows[0]?.last ?? 0;
  return {
    async next(em) {
      const rows: (Row & { last: number })[] = await em.execute(
        // The plus keeps SQLite from scanning the whole index on topics: new entries are few.
        'select topic, max(seq) as head, max(id) as last from event_log where id > ? group by +topic',
        [last],
        onReader,
      );
      await waitUntilDurable(em);
      last = Math.max(last, ...rows.map((row) => row.last));
      return headsIn(rows);
    },
  };
}

/**
 * PostgreSQL assigns ids before the commit: "id greater than the last one seen" would miss entries
 * of transactions that commit late. Each call instead reads what the snapshot of the call before
 * could not see: entries of transactions that began after it (`xid` of at least its xmax) or were
 * running in it. The upper bound on `xid` excludes nothing that is visible. Without it, the planner
 * takes the lower bound for a third of the table before the first ANALYZE, and does not use the
 * index. https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 */
export async function openPostgresTail(em: EntityManager): Promise<LogTail> {
  // Entries restored from a dump of another cluster have transaction ids that this one may still
  // assign.
  await em.execute(`update event_log set xid = '0'::xid8 where xid >= pg_snapshot_xmax(pg_current_snapshot())`);
  const rows: { snapshot: string }[] = await em.execute('select pg_current_snapshot()::text as snapshot');
  let snapshot = rows[0]?.snapshot ?? '';
  return {
    async next(em) {
      const rows: (Row & { snapshot: string })[] = await em.execute(
        `with here as materialized (select pg_current_snapshot() as now)
         select here.now::text as snapshot, fresh.topic, fresh.head from here left join (
           select topic, max(seq) as head from (
             select topic, seq from event_log
             where xid >= pg_snapshot_xmax(?::pg_snapshot) and xid < pg_snapshot_xmax(pg_current_snapshot())
             union all
             select topic, seq from event_log where xid = any (array(select pg_snapshot_xip(?::pg_snapshot)))
           ) entries group by topic
         ) fresh on true`,
        [snapshot, snapshot],
      );
      snapshot = rows[0]?.snapshot ?? snapshot;
      return headsIn(rows);
    },
  };
}
