import SqliteDatabase from 'better-sqlite3';
import { Client } from 'pg';
import { vi } from 'vitest';
import { kind } from './database.ts';

/** Runs something, and answers the SQL statements that the server sent meanwhile. It runs in the same process. */
export async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const sent = kind === 'sqlite' ? vi.spyOn(SqliteDatabase.prototype, 'prepare') : vi.spyOn(Client.prototype, 'query');
  try {
    await run();
    return sent.mock.calls.map(([sql]) => String(sql));
  } finally {
    sent.mockRestore();
  }
}
