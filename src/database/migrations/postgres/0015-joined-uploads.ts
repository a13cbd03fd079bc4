import { Migration } from '@mikro-orm/migrations';

/** Partial uploads that are joined into a final one. */
export class JoinedUploads extends Migration {
  override up(): void {
    this.addSql('alter table "unfinished_uploads" add column "concat" text collate "C" null');
    this.addSql('alter table "unfinished_uploads" add column "part_of_id" text collate "C" null');
    this.addSql('alter table "unfinished_uploads" add column "position" int null');
    this.addSql('create index "unfinished_uploads_part_of_id_index" on "unfinished_uploads" ("part_of_id")');
    this.addSql(
      'alter table "unfinished_uploads" add constraint "unfinished_uploads_part_of_id_foreign" foreign key ("part_of_id") references "unfinished_uploads" ("id") on delete cascade',
    );
  }
}
