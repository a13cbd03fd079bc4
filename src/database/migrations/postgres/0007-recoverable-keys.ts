import { Migration } from '@mikro-orm/migrations';

/** Keys that clients sign with rather than send, encrypted. Written and read in SQL alone: see auth/signing-keys.ts. */
export class RecoverableKeys extends Migration {
  override up(): void {
    this.addSql(
      `create table sealed_keys (api_key_id int primary key references api_keys (id) on delete cascade,
       sealed text collate "C" not null)`,
    );
    // Chance from the cryptographic source, as for links; what encrypts is derived from it.
    this.addSql(
      `insert into secrets (name, value)
       values ('keys', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))`,
    );
  }
}
