import { Migration } from '@mikro-orm/migrations';

/** What hangs on a task and its comments is read in the order in which it came, as on a project: no page sorts all of it. */
export class TaskOrder extends Migration {
  override up(): void {
    this.addSql('drop index `attachments_task_id_id_index`');
    this.addSql(
      'create index `attachments_task_id_created_at_id_index` on `attachments` (`task_id`, `created_at`, `id`)',
    );
  }
}
