import SqliteDatabase from 'better-sqlite3';
import { Client } from 'pg';
import { vi } from 'vitest';
import { kind } from './database.ts';

/** What the server does by itself, now and then: idle upload sessions, expired keys, what is new in the log of events. */
const byItself = /upload_sessions|expires_at["`]? [<>]|event_log|notify /;

/** Runs something, and answers the SQL statements that the server sent for it. It runs in the same process. */
export async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const sent = kind === 'sqlite' ? vi.spyOn(SqliteDatabase.prototype, 'prepare') : vi.spyOn(Client.prototype, 'query');
  try {
    await run();
    return sent.mock.calls.map(([sql]) => String(sql)).filter((sql) => !byItself.test(sql));
  } finally {
    sent.mockRestore();
  }
}
