import { Migration } from '@mikro-orm/migrations';

/** The subjects of identity providers, with the users that their tokens sign in. */
export class UserIdentities extends Migration {
  override up(): void {
    this.addSql(
      `create table "user_identities" ("id" serial primary key, "user_id" int not null, "issuer" text collate "C" not null, "subject" text collate "C" not null, "claims_hash" text collate "C" not null, "claims_at" bigint not null, "is_admin" boolean not null, "project_roles" text collate "C" not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(`create index "user_identities_user_id_index" on "user_identities" ("user_id")`);
    this.addSql(
      `alter table "user_identities" add constraint "user_identities_issuer_subject_unique" unique ("issuer", "subject")`,
    );
    this.addSql(
      `alter table "user_identities" add constraint "user_identities_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade`,
    );
  }
}
