import { randomUUID } from 'node:crypto';
import type { EntityManager } from '../database/open.ts';
import type { OpenCounts } from './usage-counter.ts';

/** How nodes of one database know what users and keys have open on the others. */
export interface SharedUsage {
  /** Says that this node is alive. Answers whether the others had forgotten it, with all that it published. */
  keepAlive(): Promise<boolean>;
  /** Publishes what each holder has open on this node; undefined for nothing. */
  publish(usages: ReadonlyMap<string, OpenCounts | undefined>): Promise<void>;
  /** What holders have open on the other nodes that are alive, in all. */
  ofOthers(holders: readonly string[]): Promise<Map<string, OpenCounts>>;
  /** This node stops. */
  leave(): Promise<void>;
}

/** After this time without a sign of life, what a node published no longer counts. In seconds, by the database's clock. */
const ALIVE_SECONDS = 10;

/**
 * The usage of all nodes in PostgreSQL. SQLite has one node, which needs no table. Lists go as one JSON parameter, so
 * that each statement is prepared once, whatever their length.
 */
export function postgresUsage(em: () => EntityManager): SharedUsage {
  const node = randomUUID();
  return {
    async keepAlive() {
      await em().execute('delete from event_nodes where alive_until < now() and id <> ?', [node]);
      const rows: { isNew: boolean }[] = await em().execute(
        `insert into event_nodes (id, alive_until) values (?, now() + ? * interval '1 second')
         on conflict (id) do update set alive_until = excluded.alive_until returning xmax = 0 as "isNew"`,
        [node, ALIVE_SECONDS],
      );
      return rows[0]?.isNew ?? false;
    },
    async publish(usages) {
      const gone = [...usages].flatMap(([holder, usage]) => (usage ? [] : [holder]));
      const there = [...usages].flatMap(([holder, usage]) => (usage ? [{ holder, ...usage }] : []));
      if (there.length > 0)
        await em().execute(
          `insert into event_usage (holder, node, connections, subscriptions, "distinct")
           select holder, ?, connections, subscriptions, "distinct" from jsonb_to_recordset(?::jsonb)
             as given (holder text, connections int, subscriptions int, "distinct" int) order by holder
           on conflict (holder, node) do update set connections = excluded.connections,
             subscriptions = excluded.subscriptions, "distinct" = excluded."distinct"`,
          [node, JSON.stringify(there)],
        );
      if (gone.length > 0)
        await em().execute(
          'delete from event_usage where node = ? and holder in (select jsonb_array_elements_text(?::jsonb))',
          [node, JSON.stringify(gone)],
        );
    },
    async ofOthers(holders) {
      type Row = { holder: string } & Record<keyof OpenCounts, number | string>;
      const rows: Row[] = await em().execute(
        `select u.holder, sum(u.connections) as connections, sum(u.subscriptions) as subscriptions,
           sum(u."distinct") as "distinct"
         from event_usage u join event_nodes n on n.id = u.node
         where u.holder in (select jsonb_array_elements_text(?::jsonb)) and u.node <> ? and n.alive_until > now()
         group by u.holder`,
        [JSON.stringify(holders), node],
      );
      return new Map(
        rows.map(({ holder, connections, subscriptions, distinct }) => [
          holder,
          { connections: Number(connections), subscriptions: Number(subscriptions), distinct: Number(distinct) },
        ]),
      );
    },
    async leave() {
      await em().execute('delete from event_nodes where id = ?', [node]);
    },
  };
}
