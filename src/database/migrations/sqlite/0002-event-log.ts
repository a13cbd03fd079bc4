import { Migration } from '@mikro-orm/migrations';

/** The log of events. Written and read in SQL alone: see events/log-writer.ts. */
export class EventLog extends Migration {
  override up(): void {
    // How many entries each topic has had. The row is locked by whoever appends, so numbers have no gaps.
    this.addSql('create table event_topics (topic text not null primary key, seq integer not null) without rowid');
    // Numbered as they are committed, which is the order in which SQLite writes; never twice, whatever was forgotten.
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
