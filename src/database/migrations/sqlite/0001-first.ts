import { Migration } from '@mikro-orm/migrations';

export class First extends Migration {
  override up(): void {
    this.addSql(
      `create table \`blob_deletions\` (\`blob_key\` text not null primary key, \`requested_at\` datetime not null)`,
    );
    this.addSql(
      `create table \`users\` (\`id\` integer not null primary key autoincrement, \`display_name\` text not null, \`email\` text null, \`is_admin\` integer not null, \`created_at\` datetime not null)`,
    );
    this.addSql(`create unique index \`users_email_unique\` on \`users\` (\`email\`)`);
    this.addSql(
      `create table \`projects\` (\`id\` integer not null primary key autoincrement, \`title\` text not null, \`description\` text not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`projects_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`projects_created_by_id_index\` on \`projects\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`tasks\` (\`id\` integer not null primary key autoincrement, \`project_id\` integer not null, \`title\` text not null, \`description\` text not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`tasks_project_id_foreign\` foreign key (\`project_id\`) references \`projects\` (\`id\`), constraint \`tasks_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`tasks_project_id_index\` on \`tasks\` (\`project_id\`)`);
    this.addSql(`create index \`tasks_created_by_id_index\` on \`tasks\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`project_members\` (\`project_id\` integer not null, \`user_id\` integer not null, \`role\` text check (\`role\` in ('VIEWER', 'EDITOR', 'OWNER')) not null, primary key (\`project_id\`, \`user_id\`), constraint \`project_members_project_id_foreign\` foreign key (\`project_id\`) references \`projects\` (\`id\`) on update cascade on delete cascade, constraint \`project_members_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update cascade on delete cascade)`,
    );
    this.addSql(`create index \`project_members_project_id_index\` on \`project_members\` (\`project_id\`)`);
    this.addSql(`create index \`project_members_user_id_index\` on \`project_members\` (\`user_id\`)`);
    this.addSql(
      `create table \`opportunities\` (\`id\` integer not null primary key autoincrement, \`title\` text not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`opportunities_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`opportunities_created_by_id_index\` on \`opportunities\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`files\` (\`id\` integer not null primary key autoincrement, \`name\` text not null, \`size\` bigint not null, \`content_type\` text not null, \`sha256\` text not null, \`blob_key\` text not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`files_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`files_blob_key_index\` on \`files\` (\`blob_key\`)`);
    this.addSql(`create index \`files_created_by_id_index\` on \`files\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`contacts\` (\`id\` integer not null primary key autoincrement, \`display_name\` text not null, \`is_company\` integer not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`contacts_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`contacts_created_by_id_index\` on \`contacts\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`comments\` (\`id\` integer not null primary key autoincrement, \`task_id\` integer not null, \`body\` text not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`comments_task_id_foreign\` foreign key (\`task_id\`) references \`tasks\` (\`id\`), constraint \`comments_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`comments_task_id_index\` on \`comments\` (\`task_id\`)`);
    this.addSql(`create index \`comments_created_by_id_index\` on \`comments\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`cases\` (\`id\` integer not null primary key autoincrement, \`title\` text not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`cases_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`cases_created_by_id_index\` on \`cases\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`attachments\` (\`id\` integer not null primary key autoincrement, \`file_id\` integer not null, \`on_type\` text check (\`on_type\` in ('Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case')) not null, \`on_id\` integer not null, \`attached_by_id\` integer not null, \`attached_at\` datetime not null, constraint \`attachments_file_id_foreign\` foreign key (\`file_id\`) references \`files\` (\`id\`), constraint \`attachments_attached_by_id_foreign\` foreign key (\`attached_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`attachments_file_id_index\` on \`attachments\` (\`file_id\`)`);
    this.addSql(`create index \`attachments_attached_by_id_index\` on \`attachments\` (\`attached_by_id\`)`);
    this.addSql(
      `create index \`attachments_on_type_on_id_id_index\` on \`attachments\` (\`on_type\`, \`on_id\`, \`id\`)`,
    );
    this.addSql(
      `create unique index \`attachments_file_id_on_type_on_id_unique\` on \`attachments\` (\`file_id\`, \`on_type\`, \`on_id\`)`,
    );
    this.addSql(
      `create table \`api_keys\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`name\` text not null, \`hash\` text not null, \`created_at\` datetime not null, \`expires_at\` datetime null, \`revoked_at\` datetime null, constraint \`api_keys_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`api_keys_user_id_index\` on \`api_keys\` (\`user_id\`)`);
    this.addSql(`create unique index \`api_keys_hash_unique\` on \`api_keys\` (\`hash\`)`);
  }
}
