import { Migration } from '@mikro-orm/migrations';

/** Idempotency keys of clients, with the stored results. */
export class IdempotencyKeys extends Migration {
  override up(): void {
    this.addSql(
      `create table "idempotency_keys" ("id" serial primary key, "user_id" int not null, "key" text collate "C" not null, "fingerprint" text collate "C" not null, "answer" text collate "C" not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(`create index "idempotency_keys_created_at_index" on "idempotency_keys" ("created_at")`);
    this.addSql(
      `alter table "idempotency_keys" add constraint "idempotency_keys_user_id_key_unique" unique ("user_id", "key")`,
    );
    this.addSql(
      `alter table "idempotency_keys" add constraint "idempotency_keys_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade`,
    );
  }
}
