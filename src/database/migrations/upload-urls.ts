import { Migration } from '@mikro-orm/migrations';

/** When the presigned URLs of direct uploads expire, and why direct uploads were refused. */
export abstract class AddUploadUrls extends Migration {
  /** The types of a text with its collation, and of a time. */
  protected abstract readonly text: string;
  protected abstract readonly time: string;

  override up(): void {
    this.addSql(`alter table resumable_uploads add column url_expires_at ${this.time} null`);
    this.addSql(`alter table resumable_uploads add column refusal ${this.text} null`);
    this.addSql('create index resumable_uploads_url_expires_at_index on resumable_uploads (url_expires_at)');
  }
}
