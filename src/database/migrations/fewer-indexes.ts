import { Migration } from '@mikro-orm/migrations';

/**
 * Fewer indexes for an upload to write. Files with equal sort values are in the order of their ids
 * in every list, so that one index of a project serves its own list and those of its members; old
 * events are found by their ids.
 */
export class FewerIndexes extends Migration {
  override up(): void {
    const place = { columns: ['on_type', 'on_id'], sorts: ['created_at', 'name_key', 'size'] };
    const task = { columns: ['task_id'], sorts: ['created_at'] };
    for (const { columns, sorts } of [place, task]) {
      for (const sort of sorts) {
        const all = [...columns, sort];
        this.addSql(`drop index attachments_${all.join('_')}_id_index`);
        this.addSql(
          `create index attachments_${all.join('_')}_file_id_index on attachments (${all.join(', ')}, file_id)`,
        );
      }
    }
    for (const sort of place.sorts) this.addSql(`drop index attachments_project_id_${sort}_id_index`);
    this.addSql('drop index event_log_at');
    // MikroORM made them on SQLite alone.
    for (const name of ['attachments_file_id', 'attachments_attached_by_id', 'files_updated_by_id'])
      this.addSql(`drop index if exists ${name}_index`);
  }
}
