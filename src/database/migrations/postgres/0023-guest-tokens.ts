import { Migration } from '@mikro-orm/migrations';

/** Upload tokens and share links, and what was uploaded with a token. */
export class GuestTokens extends Migration {
  override up(): void {
    const issued =
      '"id" serial primary key, "hash" text collate "C" not null, "created_by_id" int not null, "api_key_id" int null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "revoked_at" timestamptz(3) null';
    this.addSql(
      `create table "upload_tokens" (${issued}, "on_type" text collate "C" not null, "on_id" int not null, "content_types" text collate "C" not null, "max_files" int not null, "max_bytes" bigint not null, "used_files" int not null default 0, "used_bytes" bigint not null default '0')`,
    );
    this.addSql(
      `create table "share_links" (${issued}, "name" text collate "C" not null, "on_type" text collate "C" null, "on_id" int null, "version_group" text collate "C" null, "password_hash" text collate "C" null)`,
    );
    for (const table of ['upload_tokens', 'share_links']) {
      this.addSql(`alter table "${table}" add constraint "${table}_hash_unique" unique ("hash")`);
      this.addSql(`create index "${table}_created_by_id_id_index" on "${table}" ("created_by_id", "id")`);
      this.addSql(`create index "${table}_on_type_on_id_id_index" on "${table}" ("on_type", "on_id", "id")`);
      this.addSql(`create index "${table}_api_key_id_index" on "${table}" ("api_key_id")`);
      this.addSql(`create index "${table}_expires_at_index" on "${table}" ("expires_at")`);
      this.addSql(
        `alter table "${table}" add constraint "${table}_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id") on delete cascade`,
      );
      this.addSql(
        `alter table "${table}" add constraint "${table}_api_key_id_foreign" foreign key ("api_key_id") references "api_keys" ("id") on delete cascade`,
      );
      this.addSql(
        `alter table "${table}" add constraint "${table}_on_type_check" check ("on_type" in ('Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case'))`,
      );
    }
    this.addSql('create index "share_links_version_group_id_index" on "share_links" ("version_group", "id")');
    this.addSql('alter table "files" add column "upload_token_id" int null');
    this.addSql('alter table "resumable_uploads" add column "upload_token_id" int null');
    this.addSql('create index "resumable_uploads_upload_token_id_index" on "resumable_uploads" ("upload_token_id")');
    this.addSql(
      'alter table "resumable_uploads" add constraint "resumable_uploads_upload_token_id_foreign" foreign key ("upload_token_id") references "upload_tokens" ("id") on delete cascade',
    );
  }
}
