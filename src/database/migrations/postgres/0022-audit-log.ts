import { Migration } from '@mikro-orm/migrations';

/**
 * The audit log, in two tables: transactions append to `audit_recent`, which has no index but its
 * key, and the server moves entries from there to `audit_log`, which has one for each filter
 * (decision 038). Both are written and read in SQL only: see src/audit/. Uploads are most of the
 * entries, and are found without an index of their action.
 */
export class AuditLog extends Migration {
  override up(): void {
    const columns = `at bigint not null, via text collate "C" not null, actor_id int null, key_id int null,
      address text collate "C" null, request_id text collate "C" null, action text collate "C" not null,
      target text collate "C" not null, details text collate "C" null`;
    this.addSql(`create table audit_recent (id bigint generated always as identity primary key, ${columns})`);
    this.addSql(`create table audit_log (id bigint primary key, ${columns})`);
    this.addSql('create index audit_log_actor on audit_log (actor_id, id)');
    this.addSql('create index audit_log_target on audit_log (target, id)');
    this.addSql(`create index audit_log_action on audit_log (action, id) where action <> 'FILE_UPLOADED'`);
    // The server raises the mark before it deletes entries that were kept for long enough.
    this.addSql('create table audit_retention (deleted_through bigint not null)');
    this.addSql('insert into audit_retention (deleted_through) values (0)');
    this.addSql(
      `create function refuse_audit_change() returns trigger language plpgsql as $$
       begin raise exception 'the audit log is append-only'; end $$`,
    );
    for (const table of ['audit_recent', 'audit_log']) {
      this.addSql(
        `create trigger ${table}_update before update on ${table}
         for each row execute function refuse_audit_change()`,
      );
      this.addSql(
        `create trigger ${table}_truncate before truncate on ${table}
         for each statement execute function refuse_audit_change()`,
      );
    }
    this.addSql(
      `create function refuse_audit_deletion() returns trigger language plpgsql as $$
       begin
         if tg_table_name = 'audit_recent' then
           if not exists (select 1 from audit_log where id = old.id) then
             raise exception 'the audit log is append-only';
           end if;
         elsif old.id > (select deleted_through from audit_retention) then
           raise exception 'the audit log is append-only';
         end if;
         return old;
       end $$`,
    );
    for (const table of ['audit_recent', 'audit_log'])
      this.addSql(
        `create trigger ${table}_delete before delete on ${table}
         for each row execute function refuse_audit_deletion()`,
      );
  }
}
