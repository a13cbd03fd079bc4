import { Migration } from '@mikro-orm/migrations';

/**
 * Stores the number of files of each attachable with its topic. Drafts are counted separately and
 * have their own index, because not every viewer sees them.
 */
export class PlacedFiles extends Migration {
  override up(): void {
    this.addSql('alter table attachments add column available boolean not null default true');
    this.addSql(
      'update attachments set available = false where file_id in (select id from files where available = false)',
    );
    this.addSql('create index attachments_drafts_index on attachments (on_type, on_id) where available = false');
    for (const column of ['files', 'drafts'])
      this.addSql(`alter table event_topics add column ${column} integer not null default 0`);
    this.addSql(
      `insert into event_topics (topic, seq, files, drafts)
       select on_type || ':' || on_id, 0, count(*), count(case when available = false then 1 end)
         from attachments where true group by on_type, on_id
       on conflict (topic) do update set files = excluded.files, drafts = excluded.drafts`,
    );
  }
}
