import { randomUUID } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';
import type { OpenCounts } from './usage-counter.ts';

/**
 * The usage that the nodes of one database publish to each other. A holder is a user or a key, by
 * the id of its `UsageCounter`.
 */
export interface SharedUsage {
  /**
   * Reports that this node is alive. Returns whether the node was unknown: it is new, or it expired
   * and everything that it published was deleted.
   */
  sendHeartbeat(): Promise<boolean>;
  /** Publishes what each holder has open on this node; undefined for nothing. */
  publish(usages: ReadonlyMap<string, OpenCounts | undefined>): Promise<void>;
  /** Returns the sums of what holders have open on the other nodes that are alive. */
  ofOtherNodes(holders: readonly string[]): Promise<Map<string, OpenCounts>>;
  /** Deletes this node and everything that it published. */
  leave(): Promise<void>;
}

/** How long after its last heartbeat a node expires, by the clock of the database. */
const NODE_TTL_SECONDS = 10;

/**
 * Stores the usage of all nodes in PostgreSQL. SQLite has one node, which needs no table. Each list
 * is one JSON parameter, so that a statement has one text, and is prepared once, for lists of any
 * length.
 */
export function postgresUsage(em: () => EntityManager): SharedUsage {
  const node = randomUUID();
  return {
    async sendHeartbeat() {
      await em().execute('delete from event_nodes where alive_until < now() and id <> ?', [node]);
      const rows: { isNew: boolean }[] = await em().execute(
        `insert into event_nodes (id, alive_until) values (?, now() + ? * interval '1 second')
         on conflict (id) do update set alive_until = excluded.alive_until returning xmax = 0 as "isNew"`,
        [node, NODE_TTL_SECONDS],
      );
      return rows[0]?.isNew ?? false;
    },
    async publish(usages) {
      const closed = [...usages].flatMap(([holder, usage]) => (usage ? [] : [holder]));
      const open = [...usages].flatMap(([holder, usage]) => (usage ? [{ holder, ...usage }] : []));
      if (open.length > 0)
        await em().execute(
          `insert into event_usage (holder, node, connections, subscriptions, "distinct")
           select holder, ?, connections, subscriptions, "distinct" from jsonb_to_recordset(?::jsonb)
             as given (holder text, connections int, subscriptions int, "distinct" int) order by holder
           on conflict (holder, node) do update set connections = excluded.connections,
             subscriptions = excluded.subscriptions, "distinct" = excluded."distinct"`,
          [node, JSON.stringify(open)],
        );
      if (closed.length > 0)
        await em().execute(
          'delete from event_usage where node = ? and holder in (select jsonb_array_elements_text(?::jsonb))',
          [node, JSON.stringify(closed)],
        );
    },
    async ofOtherNodes(holders) {
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
