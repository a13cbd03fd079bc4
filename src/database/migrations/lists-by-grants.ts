import { Migration } from '@mikro-orm/migrations';

/**
 * What a user may see is listed from what was opened to the user: the projects of a member, files
 * that belong to their uploader alone, and places that everybody sees. Each has indexes for each
 * order.
 */
export class ListsByGrants extends Migration {
  override up(): void {
    this.addSql('alter table files add column has_primary boolean not null default true');
    this.addSql(
      `update files set has_primary = false where is_newest = true
         and not exists (select 1 from attachments a where a.file_id = files.id and a.is_primary = true)`,
    );
    this.addSql('alter table attachments add column is_public boolean not null default false');
    const shared = { Contact: "contacts where share_type <> 'NONE' and", Opportunity: 'opportunities where' };
    for (const [type, table] of Object.entries({ ...shared, Case: 'cases where' }))
      this.addSql(
        `update attachments set is_public = true
          where on_type = '${type}' and on_id in (select id from ${table} is_private = false)`,
      );

    for (const column of ['created_at', 'name_key', 'size']) {
      this.addSql(
        `create index files_own_${column}_index on files (created_by_id, ${column}, id)
          where has_primary = false and is_newest = true`,
      );
      this.addSql(
        `create index attachments_project_id_${column}_file_id_index
           on attachments (project_id, ${column}, file_id)`,
      );
      this.addSql(
        `create index attachments_public_${column}_index on attachments (${column}, file_id)
          where is_public = true`,
      );
    }
    this.addSql(
      `create index entity_access_user_id_entity_type_entity_id_index
         on entity_access (user_id, entity_type, entity_id)`,
    );
    this.addSql('create index tasks_project_id_id_index on tasks (project_id, id)');
    this.addSql(
      "create index contacts_public_index on contacts (id) where is_private = false and share_type <> 'NONE'",
    );
    for (const table of ['contacts', 'opportunities', 'cases'])
      this.addSql(`create index ${table}_created_by_id_id_index on ${table} (created_by_id, id)`);
    for (const table of ['opportunities', 'cases'])
      this.addSql(`create index ${table}_public_index on ${table} (id) where is_private = false`);
  }
}
