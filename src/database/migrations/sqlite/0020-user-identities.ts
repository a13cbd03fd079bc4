import { Migration } from '@mikro-orm/migrations';

/** The subjects of identity providers, with the users that their tokens sign in. */
export class UserIdentities extends Migration {
  override up(): void {
    this.addSql(
      `create table \`user_identities\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`issuer\` text not null, \`subject\` text not null, \`claims_hash\` text not null, \`claims_at\` bigint not null, \`is_admin\` integer not null, \`project_roles\` text not null, \`created_at\` datetime not null, constraint \`user_identities_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on delete cascade)`,
    );
    this.addSql(`create index \`user_identities_user_id_index\` on \`user_identities\` (\`user_id\`)`);
    this.addSql(
      `create unique index \`user_identities_issuer_subject_unique\` on \`user_identities\` (\`issuer\`, \`subject\`)`,
    );
  }
}
