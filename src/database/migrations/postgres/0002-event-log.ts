import { Migration } from '@mikro-orm/migrations';

/** The event log. It is written and read in SQL only: see events/log-writer.ts. */
export class EventLog extends Migration {
  override up(): void {
    // The number of the last entry of each topic. A writer locks the row, so numbers have no gaps.
    // Every entry updates the row: free space in its page keeps the index unchanged.
    this.addSql(
      'create table event_topics (topic text collate "C" primary key, seq bigint not null) with (fillfactor = 50)',
    );
    // xid is the transaction that wrote the entry: see events/log-tail.ts.
    this.addSql(
      `create table event_log (id bigint generated always as identity primary key, topic text collate "C" not null,
       seq bigint not null, type text not null, at bigint not null, payload text not null,
       xid xid8 not null default pg_current_xact_id())`,
    );
    this.addSql('create unique index event_log_topic_seq on event_log (topic, seq)');
    this.addSql('create index event_log_at on event_log (at)');
    this.addSql('create index event_log_xid on event_log (xid, topic, seq)');
    this.addSql('create table event_epoch (epoch text not null)');
    this.addSql(`insert into event_epoch (epoch) values (substr(replace(gen_random_uuid()::text, '-', ''), 1, 16))`);
    this.addSql('alter table pending_announcements add column previous_file_id int null, add column file_id int null');
    this.addSql(
      `alter table "pending_announcements" add constraint "pending_announcements_file_id_foreign" foreign key ("file_id") references "files" ("id") on delete cascade`,
    );
    this.addSql('create index "pending_announcements_file_id_index" on "pending_announcements" ("file_id")');
  }
}
