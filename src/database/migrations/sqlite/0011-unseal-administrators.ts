import { Migration } from '@mikro-orm/migrations';

/**
 * Deletes the encrypted copy of the administrator's key. Earlier releases stored it without need,
 * and without the operator's secret the database alone could decrypt it. Only signing keys are
 * stored encrypted.
 */
export class UnsealAdministrators extends Migration {
  override up(): void {
    // Overwritten before the deletion, because free pages keep deleted content.
    this.addSql('pragma secure_delete = on');
    this.addSql(
      `delete from sealed_keys where api_key_id in
       (select id from api_keys where name in ('ATTACHE_ADMIN_KEY', 'made at the first start'))`,
    );
    this.addSql('pragma secure_delete = off');
  }
}
