import { Migration } from '@mikro-orm/migrations';

/** Upload tokens and share links, and what was uploaded with a token. */
export class GuestTokens extends Migration {
  override up(): void {
    const issued = (table: string) =>
      `\`id\` integer not null primary key autoincrement, \`hash\` text not null, \`created_by_id\` integer not null constraint \`${table}_created_by_id_foreign\` references \`users\` (\`id\`) on delete cascade, \`api_key_id\` integer null constraint \`${table}_api_key_id_foreign\` references \`api_keys\` (\`id\`) on delete cascade, \`created_at\` datetime not null, \`expires_at\` datetime not null, \`revoked_at\` datetime null`;
    const place = `in ('Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case')`;
    this.addSql(
      `create table \`upload_tokens\` (${issued('upload_tokens')}, \`on_type\` text check (\`on_type\` ${place}) not null, \`on_id\` integer not null, \`content_types\` text not null, \`max_files\` integer not null, \`max_bytes\` bigint not null, \`used_files\` integer not null default 0, \`used_bytes\` bigint not null default '0')`,
    );
    this.addSql(
      `create table \`share_links\` (${issued('share_links')}, \`name\` text not null, \`on_type\` text check (\`on_type\` ${place}) null, \`on_id\` integer null, \`version_group\` text null, \`password_hash\` text null)`,
    );
    for (const table of ['upload_tokens', 'share_links']) {
      this.addSql(`create unique index \`${table}_hash_unique\` on \`${table}\` (\`hash\`)`);
      this.addSql(`create index \`${table}_created_by_id_id_index\` on \`${table}\` (\`created_by_id\`, \`id\`)`);
      this.addSql(`create index \`${table}_on_type_on_id_id_index\` on \`${table}\` (\`on_type\`, \`on_id\`, \`id\`)`);
      this.addSql(`create index \`${table}_api_key_id_index\` on \`${table}\` (\`api_key_id\`)`);
      this.addSql(`create index \`${table}_expires_at_index\` on \`${table}\` (\`expires_at\`)`);
    }
    this.addSql('create index `share_links_version_group_id_index` on `share_links` (`version_group`, `id`)');
    this.addSql('alter table `files` add column `upload_token_id` integer null');
    this.addSql(
      'alter table `resumable_uploads` add column `upload_token_id` integer null constraint `resumable_uploads_upload_token_id_foreign` references `upload_tokens` (`id`) on delete cascade',
    );
    this.addSql('create index `resumable_uploads_upload_token_id_index` on `resumable_uploads` (`upload_token_id`)');
  }
}
