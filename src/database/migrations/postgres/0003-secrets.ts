import { Migration } from '@mikro-orm/migrations';

/**
 * The secrets with which the servers of one database sign. They are read in SQL only: see
 * auth/signed-links.ts.
 */
export class Secrets extends Migration {
  override up(): void {
    this.addSql('create table secrets (name text collate "C" primary key, value text not null)');
    // Each has 122 random bits from the cryptographic source:
    // https://www.postgresql.org/docs/current/functions-uuid.html
    this.addSql(
      `insert into secrets (name, value)
       values ('links', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))`,
    );
  }
}
