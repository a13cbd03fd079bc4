import { Migration } from '@mikro-orm/migrations';

/**
 * The bytes of small files. Most are compressed already, so PostgreSQL does not try (`external`).
 */
export class SmallBlobs extends Migration {
  override up(): void {
    this.addSql(
      'create table "small_blobs" ("key" text collate "C" not null, "bytes" bytea not null, constraint "small_blobs_pkey" primary key ("key"))',
    );
    this.addSql('alter table "small_blobs" alter column "bytes" set storage external');
  }
}
