import { Migration } from '@mikro-orm/migrations';

/**
 * The audit log, in two tables: transactions append to `audit_recent`, which has no index but its
 * key, and the server moves entries from there to `audit_log`, which has one for each filter
 * (decision 038). Both are written and read in SQL only: see src/audit/. Uploads are most of the
 * entries, and are found without an index of their action. An index of SQLite has the id in it.
 */
export class AuditLog extends Migration {
  override up(): void {
    const columns = `at integer not null, via text not null, actor_id integer null, key_id integer null,
      address text null, request_id text null, action text not null, target text not null, details text null`;
    this.addSql(`create table audit_recent (id integer not null primary key autoincrement, ${columns})`);
    this.addSql(`create table audit_log (id integer not null primary key, ${columns})`);
    this.addSql('create index audit_log_actor on audit_log (actor_id)');
    this.addSql('create index audit_log_target on audit_log (target)');
    this.addSql(`create index audit_log_action on audit_log (action) where action <> 'FILE_UPLOADED'`);
    // The server raises the mark before it deletes entries that were kept for long enough.
    this.addSql('create table audit_retention (deleted_through integer not null)');
    this.addSql('insert into audit_retention (deleted_through) values (0)');
    for (const table of ['audit_recent', 'audit_log'])
      this.addSql(
        `create trigger ${table}_update before update on ${table}
         begin select raise(abort, 'the audit log is append-only'); end`,
      );
    this.addSql(
      `create trigger audit_recent_delete before delete on audit_recent
       when not exists (select 1 from audit_log where id = old.id)
       begin select raise(abort, 'the audit log is append-only'); end`,
    );
    this.addSql(
      `create trigger audit_log_delete before delete on audit_log
       when old.id > (select deleted_through from audit_retention)
       begin select raise(abort, 'the audit log is append-only'); end`,
    );
  }
}
