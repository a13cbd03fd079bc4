import { Migration } from '@mikro-orm/migrations';
import { renamePayloadKeys } from '../event-payload-names.ts';

/** Renames tables and columns to standard terms. Rows change only in the keys of stored events. */
export class StandardNames extends Migration {
  override up(): void {
    this.addSql('alter table "files" rename column "chain" to "version_group"');
    this.addSql(
      'alter table "files" rename constraint "files_chain_version_unique" to "files_version_group_version_unique"',
    );
    this.addSql('alter table "attachments" rename column "is_home" to "is_primary"');
    this.addSql('alter table "attachments" rename column "can_be_home" to "can_be_primary"');
    this.addSql('alter table "unfinished_uploads" rename to "resumable_uploads"');
    for (const name of ['user_id_index', 'file_id_index', 'expires_at_index', 'user_id_is_finished_index'])
      this.addSql(`alter index "unfinished_uploads_${name}" rename to "resumable_uploads_${name}"`);
    this.addSql('alter index "unfinished_uploads_part_of_id_index" rename to "resumable_uploads_part_of_id_index"');
    for (const name of ['pkey', 'blob_key_unique', 'user_id_foreign', 'file_id_foreign', 'part_of_id_foreign'])
      this.addSql(
        `alter table "resumable_uploads" rename constraint "unfinished_uploads_${name}" to "resumable_uploads_${name}"`,
      );
    this.addSql(renamePayloadKeys);
  }
}
