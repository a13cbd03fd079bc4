import { Migration } from '@mikro-orm/migrations';

/**
 * The open connections and subscriptions of users and keys on each node, for limits over all nodes.
 * They are void after a crash of the database, so the tables are unlogged. SQLite has one node and
 * no such tables.
 */
export class EventUsage extends Migration {
  override up(): void {
    this.addSql('create unlogged table "event_nodes" ("id" text primary key, "alive_until" timestamptz not null)');
    this.addSql(`create unlogged table "event_usage" (
      "holder" text not null,
      "node" text not null references "event_nodes" ("id") on delete cascade,
      "connections" int not null,
      "subscriptions" int not null,
      "distinct" int not null,
      primary key ("holder", "node")
    )`);
    this.addSql('create index "event_usage_node_index" on "event_usage" ("node")');
  }
}
