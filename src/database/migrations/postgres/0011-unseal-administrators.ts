import { Migration } from '@mikro-orm/migrations';

/**
 * The administrator's key was kept encrypted although nobody had asked for it, and without the operator's secret the
 * database opened it. Keys are kept so only when they are made to sign with.
 */
export class UnsealAdministrators extends Migration {
  override up(): void {
    this.addSql(
      `delete from sealed_keys where api_key_id in
       (select id from api_keys where name in ('ATTACHE_ADMIN_KEY', 'made at the first start'))`,
    );
  }
}
