import { Migration } from '@mikro-orm/migrations';

export class First extends Migration {
  override up(): void {
    this.addSql(
      `create table \`blob_deletions\` (\`blob_key\` text not null primary key, \`requested_at\` datetime not null)`,
    );
    this.addSql(
      `create table \`categories\` (\`id\` integer not null primary key autoincrement, \`title\` text not null, \`description\` text not null, \`image_path\` text null, \`color\` text null, \`sort_order\` integer not null)`,
    );
    this.addSql(
      `create table \`currencies\` (\`abbreviation\` text not null primary key, \`title\` text not null, \`symbol\` text not null, \`culture_name\` text not null, \`is_convertible\` integer not null, \`is_basic\` integer not null)`,
    );
    this.addSql(
      `create table \`users\` (\`id\` integer not null primary key autoincrement, \`display_name\` text not null, \`title\` text not null default '', \`email\` text null, \`avatar_url\` text null, \`profile_url\` text null, \`is_admin\` integer not null, \`created_at\` datetime not null)`,
    );
    this.addSql(`create unique index \`users_email_unique\` on \`users\` (\`email\`)`);
    this.addSql(
      `create table \`upload_sessions\` (\`id\` integer not null primary key autoincrement, \`token\` text not null, \`user_id\` integer not null, \`opened_at\` datetime not null, \`used_at\` datetime not null, constraint \`upload_sessions_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`upload_sessions_user_id_index\` on \`upload_sessions\` (\`user_id\`)`);
    this.addSql(`create index \`upload_sessions_used_at_index\` on \`upload_sessions\` (\`used_at\`)`);
    this.addSql(
      `create unique index \`upload_sessions_user_id_token_unique\` on \`upload_sessions\` (\`user_id\`, \`token\`)`,
    );
    this.addSql(
      `create table \`projects\` (\`id\` integer not null primary key autoincrement, \`title\` text not null, \`description\` text not null, \`max_bytes\` bigint null, \`max_files\` integer null, \`used_bytes\` bigint not null default '0', \`used_files\` integer not null default 0, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`projects_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`projects_created_by_id_index\` on \`projects\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`project_members\` (\`project_id\` integer not null, \`user_id\` integer not null, \`role\` text check (\`role\` in ('VIEWER', 'EDITOR', 'OWNER')) not null, primary key (\`project_id\`, \`user_id\`), constraint \`project_members_project_id_foreign\` foreign key (\`project_id\`) references \`projects\` (\`id\`) on update cascade on delete cascade, constraint \`project_members_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update cascade on delete cascade)`,
    );
    this.addSql(`create index \`project_members_project_id_index\` on \`project_members\` (\`project_id\`)`);
    this.addSql(`create index \`project_members_user_id_index\` on \`project_members\` (\`user_id\`)`);
    this.addSql(
      `create table \`opportunities\` (\`id\` integer not null primary key autoincrement, \`title\` text not null, \`is_private\` integer not null default false, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`opportunities_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`opportunities_created_by_id_index\` on \`opportunities\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`history_events\` (\`id\` integer not null primary key autoincrement, \`entity_type\` text check (\`entity_type\` in ('Contact', 'Opportunity', 'Case')) not null, \`entity_id\` integer not null, \`content\` text not null, \`category_id\` integer null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`history_events_category_id_foreign\` foreign key (\`category_id\`) references \`categories\` (\`id\`) on delete set null, constraint \`history_events_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`history_events_category_id_index\` on \`history_events\` (\`category_id\`)`);
    this.addSql(`create index \`history_events_created_by_id_index\` on \`history_events\` (\`created_by_id\`)`);
    this.addSql(
      `create index \`history_events_entity_type_entity_id_id_index\` on \`history_events\` (\`entity_type\`, \`entity_id\`, \`id\`)`,
    );
    this.addSql(
      `create table \`files\` (\`id\` integer not null primary key autoincrement, \`chain\` text not null, \`version\` integer not null, \`is_newest\` integer not null, \`name\` text not null, \`name_key\` text not null, \`size\` bigint not null, \`content_type\` text not null, \`width\` integer null, \`height\` integer null, \`sha256\` text not null, \`blob_key\` text not null, \`status\` text check (\`status\` in ('APPROVED', 'PENDING', 'REQUIRED')) null, \`available\` integer not null, \`created_from\` text check (\`created_from\` in ('TASK_PANEL', 'REWORK', 'FEEDBACK')) not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, \`updated_by_id\` integer not null, \`updated_at\` datetime not null, constraint \`files_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`), constraint \`files_updated_by_id_foreign\` foreign key (\`updated_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`files_blob_key_index\` on \`files\` (\`blob_key\`)`);
    this.addSql(`create index \`files_created_by_id_index\` on \`files\` (\`created_by_id\`)`);
    this.addSql(`create index \`files_updated_by_id_index\` on \`files\` (\`updated_by_id\`)`);
    this.addSql(
      `create index \`files_is_newest_created_at_id_index\` on \`files\` (\`is_newest\`, \`created_at\`, \`id\`)`,
    );
    this.addSql(
      `create index \`files_is_newest_name_key_id_index\` on \`files\` (\`is_newest\`, \`name_key\`, \`id\`)`,
    );
    this.addSql(`create index \`files_is_newest_size_id_index\` on \`files\` (\`is_newest\`, \`size\`, \`id\`)`);
    this.addSql(`create unique index \`files_chain_version_unique\` on \`files\` (\`chain\`, \`version\`)`);
    this.addSql(
      `create table \`history_event_files\` (\`event_id\` integer not null, \`file_id\` integer not null, primary key (\`event_id\`, \`file_id\`), constraint \`history_event_files_event_id_foreign\` foreign key (\`event_id\`) references \`history_events\` (\`id\`) on update cascade on delete cascade, constraint \`history_event_files_file_id_foreign\` foreign key (\`file_id\`) references \`files\` (\`id\`) on update cascade on delete cascade)`,
    );
    this.addSql(`create index \`history_event_files_event_id_index\` on \`history_event_files\` (\`event_id\`)`);
    this.addSql(`create index \`history_event_files_file_id_index\` on \`history_event_files\` (\`file_id\`)`);
    this.addSql(
      `create table \`entity_access\` (\`id\` integer not null primary key autoincrement, \`entity_type\` text check (\`entity_type\` in ('Contact', 'Opportunity', 'Case')) not null, \`entity_id\` integer not null, \`user_id\` integer not null, \`access\` text check (\`access\` in ('READ', 'READ_WRITE')) not null, constraint \`entity_access_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`entity_access_user_id_index\` on \`entity_access\` (\`user_id\`)`);
    this.addSql(
      `create unique index \`entity_access_entity_type_entity_id_user_id_unique\` on \`entity_access\` (\`entity_type\`, \`entity_id\`, \`user_id\`)`,
    );
    this.addSql(
      `create table \`contacts\` (\`id\` integer not null primary key autoincrement, \`display_name\` text not null, \`is_company\` integer not null, \`small_photo_url\` text null, \`medium_photo_url\` text null, \`currency_abbreviation\` text null, \`is_private\` integer not null default false, \`share_type\` text check (\`share_type\` in ('NONE', 'READ', 'READ_WRITE')) not null default 'READ_WRITE', \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`contacts_currency_abbreviation_foreign\` foreign key (\`currency_abbreviation\`) references \`currencies\` (\`abbreviation\`) on delete set null, constraint \`contacts_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`contacts_currency_abbreviation_index\` on \`contacts\` (\`currency_abbreviation\`)`);
    this.addSql(`create index \`contacts_created_by_id_index\` on \`contacts\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`tasks\` (\`id\` integer not null primary key autoincrement, \`project_id\` integer not null, \`title\` text not null, \`title_key\` text not null, \`description\` text not null, \`deadline\` datetime null, \`alert_value\` integer not null default 0, \`is_closed\` integer not null default false, \`priority\` text check (\`priority\` in ('LOW', 'NORMAL', 'HIGH')) not null default 'NORMAL', \`category_id\` integer null, \`contact_id\` integer null, \`entity_type\` text check (\`entity_type\` in ('Opportunity', 'Case')) null, \`entity_id\` integer null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`tasks_project_id_foreign\` foreign key (\`project_id\`) references \`projects\` (\`id\`), constraint \`tasks_category_id_foreign\` foreign key (\`category_id\`) references \`categories\` (\`id\`) on delete set null, constraint \`tasks_contact_id_foreign\` foreign key (\`contact_id\`) references \`contacts\` (\`id\`) on delete set null, constraint \`tasks_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`tasks_project_id_index\` on \`tasks\` (\`project_id\`)`);
    this.addSql(`create index \`tasks_category_id_index\` on \`tasks\` (\`category_id\`)`);
    this.addSql(`create index \`tasks_contact_id_index\` on \`tasks\` (\`contact_id\`)`);
    this.addSql(`create index \`tasks_created_by_id_index\` on \`tasks\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`task_responsibles\` (\`task_id\` integer not null, \`user_id\` integer not null, \`place\` integer not null, primary key (\`task_id\`, \`user_id\`), constraint \`task_responsibles_task_id_foreign\` foreign key (\`task_id\`) references \`tasks\` (\`id\`) on update cascade on delete cascade, constraint \`task_responsibles_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update cascade on delete cascade)`,
    );
    this.addSql(`create index \`task_responsibles_task_id_index\` on \`task_responsibles\` (\`task_id\`)`);
    this.addSql(`create index \`task_responsibles_user_id_index\` on \`task_responsibles\` (\`user_id\`)`);
    this.addSql(
      `create table \`contact_infos\` (\`id\` integer not null primary key autoincrement, \`contact_id\` integer not null, \`info_type\` text check (\`info_type\` in ('PHONE', 'EMAIL', 'WEBSITE', 'SKYPE', 'TWITTER', 'LINKEDIN', 'FACEBOOK', 'ADDRESS', 'LIVEJOURNAL', 'MYSPACE', 'GMAIL', 'BLOGGER', 'YAHOO', 'MSN', 'ICQ', 'JABBER', 'AIM', 'VK')) not null, \`category\` integer not null default 0, \`data\` text not null, \`is_primary\` integer not null default false, constraint \`contact_infos_contact_id_foreign\` foreign key (\`contact_id\`) references \`contacts\` (\`id\`) on delete cascade)`,
    );
    this.addSql(`create index \`contact_infos_contact_id_index\` on \`contact_infos\` (\`contact_id\`)`);
    this.addSql(
      `create table \`comments\` (\`id\` integer not null primary key autoincrement, \`task_id\` integer not null, \`body\` text not null, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`comments_task_id_foreign\` foreign key (\`task_id\`) references \`tasks\` (\`id\`), constraint \`comments_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`comments_task_id_index\` on \`comments\` (\`task_id\`)`);
    this.addSql(`create index \`comments_created_by_id_index\` on \`comments\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`cases\` (\`id\` integer not null primary key autoincrement, \`title\` text not null, \`is_private\` integer not null default false, \`created_by_id\` integer not null, \`created_at\` datetime not null, constraint \`cases_created_by_id_foreign\` foreign key (\`created_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`cases_created_by_id_index\` on \`cases\` (\`created_by_id\`)`);
    this.addSql(
      `create table \`attachments\` (\`id\` integer not null primary key autoincrement, \`file_id\` integer not null, \`on_type\` text check (\`on_type\` in ('Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case')) not null, \`on_id\` integer not null, \`is_home\` integer not null, \`can_be_home\` integer not null, \`project_id\` integer null, \`task_id\` integer null, \`created_at\` datetime not null, \`name_key\` text not null, \`size\` bigint not null, \`attached_by_id\` integer not null, \`attached_at\` datetime not null, constraint \`attachments_file_id_foreign\` foreign key (\`file_id\`) references \`files\` (\`id\`), constraint \`attachments_attached_by_id_foreign\` foreign key (\`attached_by_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`attachments_file_id_index\` on \`attachments\` (\`file_id\`)`);
    this.addSql(`create index \`attachments_attached_by_id_index\` on \`attachments\` (\`attached_by_id\`)`);
    this.addSql(
      `create index \`attachments_on_type_on_id_created_at_id_index\` on \`attachments\` (\`on_type\`, \`on_id\`, \`created_at\`, \`id\`)`,
    );
    this.addSql(
      `create index \`attachments_on_type_on_id_name_key_id_index\` on \`attachments\` (\`on_type\`, \`on_id\`, \`name_key\`, \`id\`)`,
    );
    this.addSql(
      `create index \`attachments_on_type_on_id_size_id_index\` on \`attachments\` (\`on_type\`, \`on_id\`, \`size\`, \`id\`)`,
    );
    this.addSql(
      `create index \`attachments_project_id_created_at_id_index\` on \`attachments\` (\`project_id\`, \`created_at\`, \`id\`)`,
    );
    this.addSql(
      `create index \`attachments_project_id_name_key_id_index\` on \`attachments\` (\`project_id\`, \`name_key\`, \`id\`)`,
    );
    this.addSql(
      `create index \`attachments_project_id_size_id_index\` on \`attachments\` (\`project_id\`, \`size\`, \`id\`)`,
    );
    this.addSql(`create index \`attachments_task_id_id_index\` on \`attachments\` (\`task_id\`, \`id\`)`);
    this.addSql(
      `create unique index \`attachments_file_id_on_type_on_id_unique\` on \`attachments\` (\`file_id\`, \`on_type\`, \`on_id\`)`,
    );
    this.addSql(
      `create table \`pending_announcements\` (\`id\` integer not null primary key autoincrement, \`session_id\` integer not null, \`attachment_id\` integer not null, constraint \`pending_announcements_session_id_foreign\` foreign key (\`session_id\`) references \`upload_sessions\` (\`id\`) on delete cascade, constraint \`pending_announcements_attachment_id_foreign\` foreign key (\`attachment_id\`) references \`attachments\` (\`id\`) on delete cascade)`,
    );
    this.addSql(
      `create index \`pending_announcements_session_id_index\` on \`pending_announcements\` (\`session_id\`)`,
    );
    this.addSql(
      `create index \`pending_announcements_attachment_id_index\` on \`pending_announcements\` (\`attachment_id\`)`,
    );
    this.addSql(
      `create table \`api_keys\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`name\` text not null, \`hash\` text not null, \`scope\` text check (\`scope\` in ('READ', 'WRITE', 'ADMIN')) not null, \`created_at\` datetime not null, \`expires_at\` datetime null, \`revoked_at\` datetime null, constraint \`api_keys_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`))`,
    );
    this.addSql(`create index \`api_keys_user_id_index\` on \`api_keys\` (\`user_id\`)`);
    this.addSql(`create unique index \`api_keys_hash_unique\` on \`api_keys\` (\`hash\`)`);
  }
}
