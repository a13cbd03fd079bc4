import { Migration } from '@mikro-orm/migrations';

/** The charset of a text file; null, for unknown, for files stored before this migration. */
export class Charsets extends Migration {
  override up(): void {
    this.addSql('alter table "files" add column "charset" text collate "C" null');
  }
}
