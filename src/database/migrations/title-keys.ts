import { Migration } from '@mikro-orm/migrations';
import { searchKey } from './search-keys.ts';

/** Rows that are read and written together. */
const BATCH = 1000;

/** The tables, each with its column to search in. */
const titles = { projects: 'title', contacts: 'display_name', opportunities: 'title', cases: 'title' };

/** The titles of projects and entities, to search in. */
export abstract class AddTitleKeys extends Migration {
  /** The type of a text, with its collation. */
  protected abstract readonly text: string;

  override async up(): Promise<void> {
    for (const [table, title] of Object.entries(titles)) {
      await this.execute(`alter table ${table} add column title_key ${this.text} not null default ''`);
      await this.#fill(table, title);
    }
  }

  async #fill(table: string, title: string): Promise<void> {
    for (let after = 0; ; ) {
      const rows = (await this.execute(
        `select id, ${title} as text from ${table} where id > ? order by id limit ${BATCH}`,
        [after],
      )) as { id: number; text: string }[];
      for (const { id, text } of rows)
        await this.execute(`update ${table} set title_key = ? where id = ?`, [searchKey(text), id]);
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.id;
    }
  }
}
