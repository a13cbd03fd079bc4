import { Migration } from '@mikro-orm/migrations';

/**
 * Signing keys of clients, encrypted. They are written and read in SQL only: see
 * auth/signing-keys.ts.
 */
export class RecoverableKeys extends Migration {
  override up(): void {
    this.addSql(
      `create table sealed_keys (api_key_id integer not null primary key references api_keys (id) on delete cascade,
       sealed text not null)`,
    );
    this.addSql(`insert into secrets (name, value) values ('keys', lower(hex(randomblob(32))))`);
  }
}
