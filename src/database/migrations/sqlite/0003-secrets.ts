import { Migration } from '@mikro-orm/migrations';

/** What servers on one database sign with. Read in SQL alone: see auth/signed-links.ts. */
export class Secrets extends Migration {
  override up(): void {
    this.addSql('create table secrets (name text not null primary key, value text not null)');
    this.addSql(`insert into secrets (name, value) values ('links', lower(hex(randomblob(32))))`);
  }
}
