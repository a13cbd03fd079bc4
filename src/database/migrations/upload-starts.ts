import { Migration } from '@mikro-orm/migrations';

/**
 * When an upload was started, by which the unfinished uploads of a user are listed. Of uploads that
 * exist already, it is the time of the migration.
 */
export class UploadStarts extends Migration {
  override up(): void {
    this.addSql("alter table resumable_uploads add column started_at bigint not null default '0'");
    this.addSql(`update resumable_uploads set started_at = ${Date.now()}`);
    this.addSql('drop index resumable_uploads_user_id_is_finished_index');
    this.addSql(
      'create index resumable_uploads_user_id_is_finished_started_at_id_index on resumable_uploads (user_id, is_finished, started_at, id)',
    );
  }
}
