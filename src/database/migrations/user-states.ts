import { Migration } from '@mikro-orm/migrations';
import { searchKey } from './search-keys.ts';

/** Rows that are read and written together. */
const BATCH = 1000;

/** Users that are disabled, removed or programs; names to search in; when a key was last used. */
export abstract class UserStates extends Migration {
  /** The type of a time. */
  protected abstract readonly time: string;
  /** The type of a text, with its collation. */
  protected abstract readonly text: string;

  override async up(): Promise<void> {
    await this.execute(`alter table users add column name_key ${this.text} not null default ''`);
    await this.execute('alter table users add column is_service boolean not null default false');
    await this.execute(`alter table users add column disabled_at ${this.time} null`);
    await this.execute(`alter table users add column removed_at ${this.time} null`);
    await this.execute(`alter table api_keys add column last_used_at ${this.time} null`);
    await this.execute('create index users_listed_index on users (id) where removed_at is null');
    for (let after = 0; ; ) {
      const rows = (await this.execute(
        `select id, display_name as name from users where id > ? order by id limit ${BATCH}`,
        [after],
      )) as { id: number; name: string }[];
      for (const { id, name } of rows)
        await this.execute('update users set name_key = ? where id = ?', [searchKey(name), id]);
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.id;
    }
  }
}
