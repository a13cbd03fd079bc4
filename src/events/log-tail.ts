import { waitUntilDurable } from '../database/durability.ts';
import type { EntityManager } from '../database/open.ts';
import type { Topic } from './topic.ts';

/** Follows the log as a whole: how far topics have come since the last look. Entries themselves are read by who wants them. */
export interface LogTail {
  next(em: EntityManager): Promise<Map<Topic, number>>;
}

interface Row {
  topic: Topic | null;
  head: number | string;
}

const headsIn = (rows: readonly Row[]) =>
  new Map(rows.flatMap(({ topic, head }) => (topic === null ? [] : [[topic, Number(head)] as const])));

/** SQLite has one writer at a time, so entries are numbered in the order in which they are committed. */
export async function openSqliteTail(em: EntityManager): Promise<LogTail> {
  const onReader = { connectionType: 'read' } as const;
  const rows: { last: number | null }[] = await em.execute('select max(id) as last from event_log', [], onReader);
  let last = rows[0]?.last ?? 0;
  return {
    async next(em) {
      const rows: (Row & { last: number })[] = await em.execute(
        // By its plus, no index on topics is walked from end to end; what is new is a few entries.
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
 * PostgreSQL gives numbers before it commits, so "greater than the last one seen" would lose what commits late. Each
 * look asks for what the snapshot of the one before could not see: entries of transactions that began after it,
 * and of those that were under way. The upper bound excludes nothing, as it is what can be seen at all; with both, the
 * index is used even before the first analyze, when a bound alone is taken for a third of the table. https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 */
export async function openPostgresTail(em: EntityManager): Promise<LogTail> {
  // Entries that came from another cluster, by a dump, bear numbers of transactions that are still to come here.
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
