import { Migration } from '@mikro-orm/migrations';

/** Partial uploads that are joined into a final one. */
export class JoinedUploads extends Migration {
  override up(): void {
    this.addSql('alter table `unfinished_uploads` add column `concat` text null');
    this.addSql(
      'alter table `unfinished_uploads` add column `part_of_id` text null constraint `unfinished_uploads_part_of_id_foreign` references `unfinished_uploads` (`id`) on delete cascade',
    );
    this.addSql('alter table `unfinished_uploads` add column `position` integer null');
    this.addSql('create index `unfinished_uploads_part_of_id_index` on `unfinished_uploads` (`part_of_id`)');
  }
}
