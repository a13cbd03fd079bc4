import { Migration } from '@mikro-orm/migrations';

/** The event log. It is written and read in SQL only: see events/log-writer.ts. */
export class EventLog extends Migration {
  override up(): void {
    // The number of the last entry of each topic. A writer locks the row, so numbers have no gaps.
    this.addSql('create table event_topics (topic text not null primary key, seq integer not null) without rowid');
    // Ids are assigned in the order of commits, and never reused after deletions.
    this.addSql(
      `create table event_log (id integer not null primary key autoincrement, topic text not null,
       seq integer not null, type text not null, at integer not null, payload text not null)`,
    );
    this.addSql('create unique index event_log_topic_seq on event_log (topic, seq)');
    this.addSql('create index event_log_at on event_log (at)');
    this.addSql('create table event_epoch (epoch text not null)');
    this.addSql('insert into event_epoch (epoch) values (lower(hex(randomblob(8))))');
    this.addSql('alter table pending_announcements add column previous_file_id integer null');
    this.addSql(
      `alter table \`pending_announcements\` add column \`file_id\` integer null constraint \`pending_announcements_file_id_foreign\` references \`files\` (\`id\`) on delete cascade`,
    );
    this.addSql('create index `pending_announcements_file_id_index` on `pending_announcements` (`file_id`)');
  }
}
