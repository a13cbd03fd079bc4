import { Migration } from '@mikro-orm/migrations';

/**
 * The stored thumbnails, in the order in which they were made, and their bytes by user; user 0 is
 * the sum over all. Thumbnails from before are not counted; they are deleted with their files.
 */
export class Thumbnails extends Migration {
  override up(): void {
    this.addSql(
      'create table thumbnails (id integer primary key autoincrement, blob_key text not null, name text not null, size integer not null, user_id integer not null)',
    );
    this.addSql('create unique index thumbnails_blob_key_name_unique on thumbnails (blob_key, name)');
    this.addSql('create index thumbnails_user_id_id_index on thumbnails (user_id, id)');
    this.addSql('create table thumbnail_usage (user_id integer not null primary key, bytes integer not null)');
  }
}
