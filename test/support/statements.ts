import SqliteDatabase from 'better-sqlite3';
import { vi } from 'vitest';

/** Runs something, and answers the SQL statements that the server sent meanwhile. It runs in the same process. */
export async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const prepare = vi.spyOn(SqliteDatabase.prototype, 'prepare');
  try {
    await run();
    return prepare.mock.calls.map(([sql]) => String(sql));
  } finally {
    prepare.mockRestore();
  }
}
