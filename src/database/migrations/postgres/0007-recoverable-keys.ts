import { Migration } from '@mikro-orm/migrations';

/**
 * Signing keys of clients, encrypted. They are written and read in SQL only: see
 * auth/signing-keys.ts.
 */
export class RecoverableKeys extends Migration {
  override up(): void {
    this.addSql(
      `create table sealed_keys (api_key_id int primary key references api_keys (id) on delete cascade,
       sealed text collate "C" not null)`,
    );
    // Random bits from the cryptographic source; the encryption key is derived from them.
    this.addSql(
      `insert into secrets (name, value)
       values ('keys', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))`,
    );
  }
}
