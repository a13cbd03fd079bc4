import { Migration } from '@mikro-orm/migrations';

/**
 * The secrets with which the servers of one database sign. They are read in SQL only: see
 * auth/signed-links.ts.
 */
export class Secrets extends Migration {
  override up(): void {
    this.addSql('create table secrets (name text not null primary key, value text not null)');
    this.addSql(`insert into secrets (name, value) values ('links', lower(hex(randomblob(32))))`);
  }
}
