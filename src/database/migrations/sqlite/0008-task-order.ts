import { Migration } from '@mikro-orm/migrations';

/**
 * The files of a task and its comments are read from an index in their order, as those of a
 * project: no page sorts all of them.
 */
export class TaskOrder extends Migration {
  override up(): void {
    this.addSql('drop index `attachments_task_id_id_index`');
    this.addSql(
      'create index `attachments_task_id_created_at_id_index` on `attachments` (`task_id`, `created_at`, `id`)',
    );
  }
}
