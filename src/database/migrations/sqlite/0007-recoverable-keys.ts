import { Migration } from '@mikro-orm/migrations';

/** Keys that clients sign with rather than send, encrypted. Written and read in SQL alone: see auth/signing-keys.ts. */
export class RecoverableKeys extends Migration {
  override up(): void {
    this.addSql(
      `create table sealed_keys (api_key_id integer not null primary key references api_keys (id) on delete cascade,
       sealed text not null)`,
    );
    this.addSql(`insert into secrets (name, value) values ('keys', lower(hex(randomblob(32))))`);
  }
}
