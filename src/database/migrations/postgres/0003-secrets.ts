import { Migration } from '@mikro-orm/migrations';

/** What servers on one database sign with. Read in SQL alone: see auth/signed-links.ts. */
export class Secrets extends Migration {
  override up(): void {
    this.addSql('create table secrets (name text collate "C" primary key, value text not null)');
    // 122 bits of chance in each, from the cryptographic source: https://www.postgresql.org/docs/current/functions-uuid.html
    this.addSql(
      `insert into secrets (name, value)
       values ('links', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))`,
    );
  }
}
