import SqliteDatabase, { type Database, type Statement } from 'better-sqlite3';
import { Client } from 'pg';
import { vi } from 'vitest';
import { kind } from './database.ts';
import { watchScans } from './scans.ts';

/**
 * Statements of the server's own timers: idle upload sessions, expired keys, new events, the usage
 * of other nodes, the index of the audit log; and those of a new connection.
 */
const byItself =
  /upload_sessions|audit_recent (?:limit|order|where)|into audit_log|expires_at["`]? [<>]|event_log|event_nodes|event_usage|notify |^listen |^set max_parallel/;

/** Runs something, and returns the SQL statements that the server in this process sent for it. */
export async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  {
    using _watching = kind === 'sqlite' ? watchSqlite(sent) : watchPostgres(sent);
    await run();
  }
  // The audit log is indexed in a transaction of its own.
  const own = sent.filter((sql) => sql.includes('from audit_recent order by id')).length;
  const left = { begin: own, commit: own };
  return sent.filter((sql) => {
    const word = sql.trim().toLowerCase();
    if ((word === 'begin' || word === 'commit') && left[word]-- > 0) return false;
    return !byItself.test(sql);
  });
}

function watchPostgres(sent: string[]): Disposable {
  const query = vi.spyOn(Client.prototype, 'query');
  return {
    [Symbol.dispose]() {
      sent.push(...query.mock.calls.map(([sql]) => String(sql)));
      query.mockRestore();
    },
  };
}

/** The statements of a transaction itself, which also a lone statement is on SQLite. */
const ofTransaction = /^(?:begin immediate|commit|(?:savepoint|release) member)$/;

/** Records executions, because a statement is prepared once and executed many times. */
function watchSqlite(sent: string[]): Disposable {
  using database = closing(new SqliteDatabase(':memory:'));
  const statement: Statement = Object.getPrototypeOf(database.prepare('select 1'));
  const { all, run } = statement;
  const watched = (original: typeof all) =>
    function watch(this: Statement, ...values: unknown[]) {
      if (!ofTransaction.test(this.source)) sent.push(this.source);
      return original.apply(this, values);
    };
  Object.assign(statement, { all: watched(all), run: watched(run as never) });
  const scans = watchScans((sql) => sent.push(sql));
  return {
    [Symbol.dispose]() {
      scans[Symbol.dispose]();
      Object.assign(statement, { all, run });
    },
  };
}

const closing = (database: Database) => Object.assign(database, { [Symbol.dispose]: () => database.close() });
