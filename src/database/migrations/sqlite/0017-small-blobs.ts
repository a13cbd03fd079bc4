import { Migration } from '@mikro-orm/migrations';

/**
 * The bytes of small files. `without rowid` would keep most of each blob in overflow pages, which
 * take two to five times as long to read.
 */
export class SmallBlobs extends Migration {
  override up(): void {
    this.addSql('create table `small_blobs` (`key` text not null primary key, `bytes` blob not null)');
  }
}
