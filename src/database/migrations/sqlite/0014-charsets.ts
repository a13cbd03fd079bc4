import { Migration } from '@mikro-orm/migrations';

/** How the characters of a text are written. Of files that are there already, nobody knows: null. */
export class Charsets extends Migration {
  override up(): void {
    this.addSql('alter table `files` add column `charset` text null');
  }
}
