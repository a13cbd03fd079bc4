import { Migration } from '@mikro-orm/migrations';

/** Uploads that are sent in several requests. */
export class UnfinishedUploads extends Migration {
  override up(): void {
    this.addSql(
      `create table \`unfinished_uploads\` (\`id\` text not null primary key, \`user_id\` integer not null, \`length\` bigint null, \`received\` bigint not null, \`name\` text not null, \`content_type\` text not null, \`metadata\` text not null, \`options\` text not null, \`blob_key\` text not null, \`facts\` text null, \`sha256\` text null, \`file_id\` integer null, \`is_finished\` integer not null, \`lease\` text null, \`leased_until\` datetime null, \`expires_at\` datetime not null, constraint \`unfinished_uploads_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on delete cascade, constraint \`unfinished_uploads_file_id_foreign\` foreign key (\`file_id\`) references \`files\` (\`id\`) on delete set null)`,
    );
    this.addSql(`create index \`unfinished_uploads_user_id_index\` on \`unfinished_uploads\` (\`user_id\`)`);
    this.addSql(`create unique index \`unfinished_uploads_blob_key_unique\` on \`unfinished_uploads\` (\`blob_key\`)`);
    this.addSql(`create index \`unfinished_uploads_file_id_index\` on \`unfinished_uploads\` (\`file_id\`)`);
    this.addSql(`create index \`unfinished_uploads_expires_at_index\` on \`unfinished_uploads\` (\`expires_at\`)`);
  }
}
