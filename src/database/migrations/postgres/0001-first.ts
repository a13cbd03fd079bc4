import { Migration } from '@mikro-orm/migrations';

export class First extends Migration {
  override up(): void {
    this.addSql(
      `create table "blob_deletions" ("blob_key" text collate "C" not null, "requested_at" timestamptz(3) not null, primary key ("blob_key"))`,
    );
    this.addSql(
      `create table "categories" ("id" serial primary key, "title" text collate "C" not null, "description" text collate "C" not null, "image_path" text collate "C" null, "color" text collate "C" null, "sort_order" int not null)`,
    );
    this.addSql(
      `create table "currencies" ("abbreviation" text collate "C" not null, "title" text collate "C" not null, "symbol" text collate "C" not null, "culture_name" text collate "C" not null, "is_convertible" boolean not null, "is_basic" boolean not null, primary key ("abbreviation"))`,
    );
    this.addSql(
      `create table "users" ("id" serial primary key, "display_name" text collate "C" not null, "title" text collate "C" not null default '', "email" text collate "C" null, "avatar_url" text collate "C" null, "profile_url" text collate "C" null, "is_admin" boolean not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(`alter table "users" add constraint "users_email_unique" unique ("email")`);
    this.addSql(
      `create table "upload_sessions" ("id" serial primary key, "token" text collate "C" not null, "user_id" int not null, "opened_at" timestamptz(3) not null, "used_at" timestamptz(3) not null)`,
    );
    this.addSql(`create index "upload_sessions_used_at_index" on "upload_sessions" ("used_at")`);
    this.addSql(
      `alter table "upload_sessions" add constraint "upload_sessions_user_id_token_unique" unique ("user_id", "token")`,
    );
    this.addSql(
      `create table "projects" ("id" serial primary key, "title" text collate "C" not null, "description" text collate "C" not null, "max_bytes" bigint null, "max_files" int null, "used_bytes" bigint not null default '0', "used_files" int not null default 0, "created_by_id" int not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(
      `create table "project_members" ("project_id" int not null, "user_id" int not null, "role" text collate "C" not null, primary key ("project_id", "user_id"))`,
    );
    this.addSql(`create index "project_members_user_id_index" on "project_members" ("user_id")`);
    this.addSql(
      `create table "opportunities" ("id" serial primary key, "title" text collate "C" not null, "is_private" boolean not null default false, "created_by_id" int not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(
      `create table "history_events" ("id" serial primary key, "entity_type" text collate "C" not null, "entity_id" int not null, "content" text collate "C" not null, "category_id" int null, "created_by_id" int not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(`create index "history_events_category_id_index" on "history_events" ("category_id")`);
    this.addSql(
      `create index "history_events_entity_type_entity_id_id_index" on "history_events" ("entity_type", "entity_id", "id")`,
    );
    this.addSql(
      `create table "files" ("id" serial primary key, "chain" text collate "C" not null, "version" int not null, "is_newest" boolean not null, "name" text collate "C" not null, "name_key" text collate "C" not null, "size" bigint not null, "content_type" text collate "C" not null, "width" int null, "height" int null, "sha256" text collate "C" not null, "blob_key" text collate "C" not null, "status" text collate "C" null, "available" boolean not null, "created_from" text collate "C" not null, "created_by_id" int not null, "created_at" timestamptz(3) not null, "updated_by_id" int not null, "updated_at" timestamptz(3) not null)`,
    );
    this.addSql(`create index "files_blob_key_index" on "files" ("blob_key")`);
    this.addSql(`create index "files_created_by_id_index" on "files" ("created_by_id")`);
    this.addSql(`create index "files_is_newest_created_at_id_index" on "files" ("is_newest", "created_at", "id")`);
    this.addSql(`create index "files_is_newest_name_key_id_index" on "files" ("is_newest", "name_key", "id")`);
    this.addSql(`create index "files_is_newest_size_id_index" on "files" ("is_newest", "size", "id")`);
    this.addSql(`alter table "files" add constraint "files_chain_version_unique" unique ("chain", "version")`);
    this.addSql(
      `create table "history_event_files" ("event_id" int not null, "file_id" int not null, primary key ("event_id", "file_id"))`,
    );
    this.addSql(`create index "history_event_files_file_id_index" on "history_event_files" ("file_id")`);
    this.addSql(
      `create table "entity_access" ("id" serial primary key, "entity_type" text collate "C" not null, "entity_id" int not null, "user_id" int not null, "access" text collate "C" not null)`,
    );
    this.addSql(`create index "entity_access_user_id_index" on "entity_access" ("user_id")`);
    this.addSql(
      `alter table "entity_access" add constraint "entity_access_entity_type_entity_id_user_id_unique" unique ("entity_type", "entity_id", "user_id")`,
    );
    this.addSql(
      `create table "contacts" ("id" serial primary key, "display_name" text collate "C" not null, "is_company" boolean not null, "small_photo_url" text collate "C" null, "medium_photo_url" text collate "C" null, "currency_abbreviation" text collate "C" null, "is_private" boolean not null default false, "share_type" text collate "C" not null default 'READ_WRITE', "created_by_id" int not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(
      `create table "tasks" ("id" serial primary key, "project_id" int not null, "title" text collate "C" not null, "title_key" text collate "C" not null, "description" text collate "C" not null, "deadline" timestamptz(3) null, "alert_value" int not null default 0, "is_closed" boolean not null default false, "priority" text collate "C" not null default 'NORMAL', "category_id" int null, "contact_id" int null, "entity_type" text collate "C" null, "entity_id" int null, "created_by_id" int not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(`create index "tasks_project_id_index" on "tasks" ("project_id")`);
    this.addSql(`create index "tasks_category_id_index" on "tasks" ("category_id")`);
    this.addSql(`create index "tasks_contact_id_index" on "tasks" ("contact_id")`);
    this.addSql(
      `create table "task_responsibles" ("task_id" int not null, "user_id" int not null, "place" int not null, primary key ("task_id", "user_id"))`,
    );
    this.addSql(`create index "task_responsibles_user_id_index" on "task_responsibles" ("user_id")`);
    this.addSql(
      `create table "contact_infos" ("id" serial primary key, "contact_id" int not null, "info_type" text collate "C" not null, "category" int not null default 0, "data" text collate "C" not null, "is_primary" boolean not null default false)`,
    );
    this.addSql(`create index "contact_infos_contact_id_index" on "contact_infos" ("contact_id")`);
    this.addSql(
      `create table "comments" ("id" serial primary key, "task_id" int not null, "body" text collate "C" not null, "created_by_id" int not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(`create index "comments_task_id_index" on "comments" ("task_id")`);
    this.addSql(
      `create table "cases" ("id" serial primary key, "title" text collate "C" not null, "is_private" boolean not null default false, "created_by_id" int not null, "created_at" timestamptz(3) not null)`,
    );
    this.addSql(
      `create table "attachments" ("id" serial primary key, "file_id" int not null, "on_type" text collate "C" not null, "on_id" int not null, "is_home" boolean not null, "can_be_home" boolean not null, "project_id" int null, "task_id" int null, "created_at" timestamptz(3) not null, "name_key" text collate "C" not null, "size" bigint not null, "attached_by_id" int not null, "attached_at" timestamptz(3) not null)`,
    );
    this.addSql(
      `create index "attachments_on_type_on_id_created_at_id_index" on "attachments" ("on_type", "on_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "attachments_on_type_on_id_name_key_id_index" on "attachments" ("on_type", "on_id", "name_key", "id")`,
    );
    this.addSql(
      `create index "attachments_on_type_on_id_size_id_index" on "attachments" ("on_type", "on_id", "size", "id")`,
    );
    this.addSql(
      `create index "attachments_project_id_created_at_id_index" on "attachments" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "attachments_project_id_name_key_id_index" on "attachments" ("project_id", "name_key", "id")`,
    );
    this.addSql(`create index "attachments_project_id_size_id_index" on "attachments" ("project_id", "size", "id")`);
    this.addSql(`create index "attachments_task_id_id_index" on "attachments" ("task_id", "id")`);
    this.addSql(
      `alter table "attachments" add constraint "attachments_file_id_on_type_on_id_unique" unique ("file_id", "on_type", "on_id")`,
    );
    this.addSql(
      `create table "pending_announcements" ("id" serial primary key, "session_id" int not null, "attachment_id" int not null)`,
    );
    this.addSql(`create index "pending_announcements_session_id_index" on "pending_announcements" ("session_id")`);
    this.addSql(
      `create index "pending_announcements_attachment_id_index" on "pending_announcements" ("attachment_id")`,
    );
    this.addSql(
      `create table "api_keys" ("id" serial primary key, "user_id" int not null, "name" text collate "C" not null, "hash" text collate "C" not null, "scope" text collate "C" not null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) null, "revoked_at" timestamptz(3) null)`,
    );
    this.addSql(`create index "api_keys_user_id_index" on "api_keys" ("user_id")`);
    this.addSql(`alter table "api_keys" add constraint "api_keys_hash_unique" unique ("hash")`);
    this.addSql(
      `alter table "upload_sessions" add constraint "upload_sessions_user_id_foreign" foreign key ("user_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "projects" add constraint "projects_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "project_members" add constraint "project_members_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_members" add constraint "project_members_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_members" add constraint "project_members_role_check" check ("role" in ('VIEWER', 'EDITOR', 'OWNER'))`,
    );
    this.addSql(
      `alter table "opportunities" add constraint "opportunities_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "history_events" add constraint "history_events_category_id_foreign" foreign key ("category_id") references "categories" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "history_events" add constraint "history_events_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "history_events" add constraint "history_events_entity_type_check" check ("entity_type" in ('Contact', 'Opportunity', 'Case'))`,
    );
    this.addSql(
      `alter table "files" add constraint "files_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "files" add constraint "files_updated_by_id_foreign" foreign key ("updated_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "files" add constraint "files_status_check" check ("status" in ('APPROVED', 'PENDING', 'REQUIRED'))`,
    );
    this.addSql(
      `alter table "files" add constraint "files_created_from_check" check ("created_from" in ('TASK_PANEL', 'REWORK', 'FEEDBACK'))`,
    );
    this.addSql(
      `alter table "history_event_files" add constraint "history_event_files_event_id_foreign" foreign key ("event_id") references "history_events" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "history_event_files" add constraint "history_event_files_file_id_foreign" foreign key ("file_id") references "files" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "entity_access" add constraint "entity_access_user_id_foreign" foreign key ("user_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "entity_access" add constraint "entity_access_entity_type_check" check ("entity_type" in ('Contact', 'Opportunity', 'Case'))`,
    );
    this.addSql(
      `alter table "entity_access" add constraint "entity_access_access_check" check ("access" in ('READ', 'READ_WRITE'))`,
    );
    this.addSql(
      `alter table "contacts" add constraint "contacts_currency_abbreviation_foreign" foreign key ("currency_abbreviation") references "currencies" ("abbreviation") on delete set null`,
    );
    this.addSql(
      `alter table "contacts" add constraint "contacts_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "contacts" add constraint "contacts_share_type_check" check ("share_type" in ('NONE', 'READ', 'READ_WRITE'))`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_project_id_foreign" foreign key ("project_id") references "projects" ("id")`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_category_id_foreign" foreign key ("category_id") references "categories" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_contact_id_foreign" foreign key ("contact_id") references "contacts" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_priority_check" check ("priority" in ('LOW', 'NORMAL', 'HIGH'))`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_entity_type_check" check ("entity_type" in ('Opportunity', 'Case'))`,
    );
    this.addSql(
      `alter table "task_responsibles" add constraint "task_responsibles_task_id_foreign" foreign key ("task_id") references "tasks" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "task_responsibles" add constraint "task_responsibles_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "contact_infos" add constraint "contact_infos_contact_id_foreign" foreign key ("contact_id") references "contacts" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "contact_infos" add constraint "contact_infos_info_type_check" check ("info_type" in ('PHONE', 'EMAIL', 'WEBSITE', 'SKYPE', 'TWITTER', 'LINKEDIN', 'FACEBOOK', 'ADDRESS', 'LIVEJOURNAL', 'MYSPACE', 'GMAIL', 'BLOGGER', 'YAHOO', 'MSN', 'ICQ', 'JABBER', 'AIM', 'VK'))`,
    );
    this.addSql(
      `alter table "comments" add constraint "comments_task_id_foreign" foreign key ("task_id") references "tasks" ("id")`,
    );
    this.addSql(
      `alter table "comments" add constraint "comments_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "cases" add constraint "cases_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "attachments" add constraint "attachments_file_id_foreign" foreign key ("file_id") references "files" ("id")`,
    );
    this.addSql(
      `alter table "attachments" add constraint "attachments_attached_by_id_foreign" foreign key ("attached_by_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "attachments" add constraint "attachments_on_type_check" check ("on_type" in ('Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case'))`,
    );
    this.addSql(
      `alter table "pending_announcements" add constraint "pending_announcements_session_id_foreign" foreign key ("session_id") references "upload_sessions" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "pending_announcements" add constraint "pending_announcements_attachment_id_foreign" foreign key ("attachment_id") references "attachments" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "api_keys" add constraint "api_keys_user_id_foreign" foreign key ("user_id") references "users" ("id")`,
    );
    this.addSql(
      `alter table "api_keys" add constraint "api_keys_scope_check" check ("scope" in ('READ', 'WRITE', 'ADMIN'))`,
    );
  }
}
