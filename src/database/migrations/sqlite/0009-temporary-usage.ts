import { Migration } from '@mikro-orm/migrations';

/**
 * Counts unfinished uploads and unattached files by user and in total, and reserves project quota.
 */
export class TemporaryUsage extends Migration {
  override up(): void {
    this.addSql('create table `temporary_usage` (`user_id` integer not null primary key, `bytes` bigint not null)');
    this.addSql(
      `create table \`upload_reservations\` (\`upload_id\` text not null, \`project_id\` integer not null, \`files\` integer not null, primary key (\`upload_id\`, \`project_id\`), constraint \`upload_reservations_upload_id_foreign\` foreign key (\`upload_id\`) references \`unfinished_uploads\` (\`id\`) on update cascade on delete cascade, constraint \`upload_reservations_project_id_foreign\` foreign key (\`project_id\`) references \`projects\` (\`id\`) on update cascade on delete cascade)`,
    );
    this.addSql('create index `upload_reservations_upload_id_index` on `upload_reservations` (`upload_id`)');
    this.addSql('create index `upload_reservations_project_id_index` on `upload_reservations` (`project_id`)');
    this.addSql("alter table `unfinished_uploads` add column `reserved` bigint not null default '0'");
    this.addSql(
      'create index `unfinished_uploads_user_id_is_finished_index` on `unfinished_uploads` (`user_id`, `is_finished`)',
    );
    this.addSql('create index `idempotency_keys_user_id_id_index` on `idempotency_keys` (`user_id`, `id`)');
    // Counts what is stored already. Each file and upload counts at least 4 KiB.
    this.addSql('update unfinished_uploads set reserved = coalesce(length, received)');
    this.addSql(`
      insert into temporary_usage (user_id, bytes)
      select user_id, sum(bytes) from (
        select user_id, case when reserved < 4096 then 4096 else reserved end as bytes
          from unfinished_uploads where is_finished = false
        union all
        select created_by_id as user_id, case when size < 4096 then 4096 else size end as bytes
          from files where chain not in (
            select attached.chain from attachments join files attached on attached.id = attachments.file_id
          )
      ) stored group by user_id
    `);
    this.addSql(
      'insert into temporary_usage (user_id, bytes) select 0, coalesce(sum(bytes), 0) from temporary_usage where true',
    );
  }
}
