import { Migration } from '@mikro-orm/migrations';

/** Uploads that are sent in several requests. */
export class UnfinishedUploads extends Migration {
  override up(): void {
    this.addSql(
      `create table "unfinished_uploads" ("id" text collate "C" not null, "user_id" int not null, "length" bigint null, "received" bigint not null, "name" text collate "C" not null, "content_type" text collate "C" not null, "metadata" text collate "C" not null, "options" text collate "C" not null, "blob_key" text collate "C" not null, "facts" text collate "C" null, "sha256" text collate "C" null, "file_id" int null, "is_finished" boolean not null, "lease" text collate "C" null, "leased_until" timestamptz(3) null, "expires_at" timestamptz(3) not null, primary key ("id"))`,
    );
    this.addSql(`create index "unfinished_uploads_user_id_index" on "unfinished_uploads" ("user_id")`);
    this.addSql(
      `alter table "unfinished_uploads" add constraint "unfinished_uploads_blob_key_unique" unique ("blob_key")`,
    );
    this.addSql(`create index "unfinished_uploads_file_id_index" on "unfinished_uploads" ("file_id")`);
    this.addSql(`create index "unfinished_uploads_expires_at_index" on "unfinished_uploads" ("expires_at")`);
    this.addSql(
      `alter table "unfinished_uploads" add constraint "unfinished_uploads_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "unfinished_uploads" add constraint "unfinished_uploads_file_id_foreign" foreign key ("file_id") references "files" ("id") on delete set null`,
    );
  }
}
