import SqliteDatabase, { type Database, type Statement } from 'better-sqlite3';
import { RecentlyUsed } from '../recently-used.ts';

/**
 * In characters: the texts of statements that are kept prepared. Each character takes about 13
 * bytes. The longest statement of a list of files, of what one member may see, has 12,000, and took
 * 3 ms to prepare.
 */
const PREPARED_TEXT = 512 * 1024;

const cacheable = /^\s*(?:select|insert|update|delete|with|begin|commit|savepoint|release)\b/i;

/** What a statement returned. */
export interface StatementResult {
  rows: never[];
  /** Rows that were changed; of a statement that returns rows, how many it returned. */
  affectedRows: number;
  /** The id of the last row that the connection inserted, if the statement returns no rows. */
  insertId: number | undefined;
}

/**
 * A connection to SQLite. It prepares each statement once, because preparing one costs more than
 * running it. Statements run on the thread of the caller.
 */
export class SqliteConnection implements Disposable {
  readonly database: Database;
  readonly #prepared = new RecentlyUsed<Statement>(PREPARED_TEXT);

  constructor(path: string, { fileMustExist = false } = {}) {
    this.database = new SqliteDatabase(path, { fileMustExist });
  }

  /** Throws the errors of SQLite. `values` are those that it can bind; see `bindParameters`. */
  execute(sql: string, values: readonly unknown[] = []): StatementResult {
    return run(this.#statement(sql), values);
  }

  /** The same for a statement that changes nothing. Returns undefined for any other. */
  read(sql: string, values: readonly unknown[]): StatementResult | undefined {
    const statement = this.#statement(sql);
    return statement.readonly ? run(statement, values) : undefined;
  }

  /** Whether a statement changes nothing. */
  isReadOnly(sql: string): boolean {
    return this.#statement(sql).readonly;
  }

  [Symbol.dispose](): void {
    this.database.close();
  }

  #statement(sql: string): Statement {
    if (!cacheable.test(sql)) return this.database.prepare(sql);
    const known = this.#prepared.get(sql);
    if (known) return known;
    const prepared = this.database.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

function run(statement: Statement, values: readonly unknown[]): StatementResult {
  if (statement.reader) {
    const rows = statement.all(values) as never[];
    return { rows, affectedRows: rows.length, insertId: undefined };
  }
  const { changes, lastInsertRowid } = statement.run(values);
  return { rows: [], affectedRows: changes, insertId: Number(lastInsertRowid) };
}
