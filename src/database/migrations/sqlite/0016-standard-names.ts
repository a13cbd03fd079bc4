import { Migration } from '@mikro-orm/migrations';
import { renamePayloadKeys } from '../event-payload-names.ts';

/** Renames tables and columns to standard terms. Rows change only in the keys of stored events. */
export class StandardNames extends Migration {
  override up(): void {
    this.addSql('alter table `files` rename column `chain` to `version_group`');
    this.addSql('drop index `files_chain_version_unique`');
    this.addSql('create unique index `files_version_group_version_unique` on `files` (`version_group`, `version`)');
    this.addSql('alter table `attachments` rename column `is_home` to `is_primary`');
    this.addSql('alter table `attachments` rename column `can_be_home` to `can_be_primary`');
    this.addSql('alter table `unfinished_uploads` rename to `resumable_uploads`');
    const indexes = [
      ['user_id_index', 'index', '`user_id`'],
      ['blob_key_unique', 'unique index', '`blob_key`'],
      ['file_id_index', 'index', '`file_id`'],
      ['expires_at_index', 'index', '`expires_at`'],
      ['user_id_is_finished_index', 'index', '`user_id`, `is_finished`'],
      ['part_of_id_index', 'index', '`part_of_id`'],
    ];
    for (const [name, kind, columns] of indexes) {
      this.addSql(`drop index \`unfinished_uploads_${name}\``);
      this.addSql(`create ${kind} \`resumable_uploads_${name}\` on \`resumable_uploads\` (${columns})`);
    }
    this.addSql(renamePayloadKeys);
  }
}
