import { Migration } from '@mikro-orm/migrations';

/** Rows that are read and written together. */
const BATCH = 1000;

/**
 * Rebuilds the search keys of names and titles: composed (NFC), with case folded letter by letter.
 * Only keys with characters beyond ASCII change. The function is a copy from the release of this
 * migration, and must not be edited.
 */
export abstract class FoldSearchKeys extends Migration {
  /** A condition in SQL: the column has characters beyond ASCII. */
  protected abstract hasMoreThanAscii(column: string): string;

  override async up(): Promise<void> {
    await this.#fold('files', 'name', 'name_key');
    await this.#fold('tasks', 'title', 'title_key');
    await this.execute(
      'update attachments set name_key = (select f.name_key from files f where f.id = attachments.file_id) ' +
        `where ${this.hasMoreThanAscii('name_key')}`,
    );
  }

  async #fold(table: string, text: string, key: string): Promise<void> {
    for (let after = 0; ; ) {
      const rows = (await this.execute(
        `select id, ${text} as text from ${table}
         where id > ? and ${this.hasMoreThanAscii(text)} order by id limit ${BATCH}`,
        [after],
      )) as { id: number; text: string }[];
      for (const row of rows)
        await this.execute(`update ${table} set ${key} = ? where id = ?`, [searchKey(row.text), row.id]);
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.id;
    }
  }
}

export const searchKey = (text: string): string => Array.from(text.normalize('NFC'), fold).join('').normalize('NFC');

function fold(letter: string): string {
  const upper = letter.toUpperCase();
  return (upper.length === letter.length ? upper : letter).toLowerCase();
}
