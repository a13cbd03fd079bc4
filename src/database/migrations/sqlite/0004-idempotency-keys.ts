import { Migration } from '@mikro-orm/migrations';

/** Idempotency keys of clients, with the stored results. */
export class IdempotencyKeys extends Migration {
  override up(): void {
    this.addSql(
      `create table \`idempotency_keys\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`key\` text not null, \`fingerprint\` text not null, \`answer\` text not null, \`created_at\` datetime not null, constraint \`idempotency_keys_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on delete cascade)`,
    );
    this.addSql(`create index \`idempotency_keys_user_id_index\` on \`idempotency_keys\` (\`user_id\`)`);
    this.addSql(`create index \`idempotency_keys_created_at_index\` on \`idempotency_keys\` (\`created_at\`)`);
    this.addSql(
      `create unique index \`idempotency_keys_user_id_key_unique\` on \`idempotency_keys\` (\`user_id\`, \`key\`)`,
    );
  }
}
