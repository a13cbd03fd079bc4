import { Migration } from '@mikro-orm/migrations';

/** How often the files of a share link may be downloaded, and the downloads that may continue. */
export abstract class AddShareDownloads extends Migration {
  /** The types of a text with its collation, and of a time. */
  protected abstract readonly text: string;
  protected abstract readonly time: string;

  override up(): void {
    this.addSql('alter table share_links add column max_downloads integer null');
    this.addSql('alter table share_links add column used_downloads integer not null default 0');
    this.addSql(
      `create table share_downloads (share_link_id integer not null, hash ${this.text} not null, expires_at ${this.time} not null, constraint share_downloads_pkey primary key (share_link_id, hash), constraint share_downloads_share_link_id_foreign foreign key (share_link_id) references share_links (id) on delete cascade)`,
    );
    this.addSql('create index share_downloads_expires_at_index on share_downloads (expires_at)');
  }
}
