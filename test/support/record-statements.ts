import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Statement } from 'better-sqlite3';
import { Client } from 'pg';
import { BY_A_TEST, kind } from './database.ts';
import { watchScans } from './scans.ts';

/**
 * Records the statements of all servers in this process, so that the tests of query plans, which
 * run last, can explain each of them. Importing this module starts the recording.
 */
const folder = process.env.ATTACHE_TEST_STATEMENTS;
const sent = new Set<string>();

function keep(sql: string): void {
  if (!/^\s*(?:select|with|update|delete|insert)\b/i.test(sql) || sql.endsWith(BY_A_TEST)) return;
  const alike = sql
    .replaceAll(/\$\d+/g, '?')
    .replaceAll(/\bin \((\?|\d+|'[^']*')(?:, (?:\?|\d+|'[^']*'))+\)/gi, 'in ($1)')
    .replaceAll(/\bvalues (\([?, ]+\))(?:, \1)+/gi, 'values $1');
  sent.add(alike);
}

if (kind === 'sqlite') {
  const database = new SqliteDatabase(':memory:');
  const prototype: Statement = Object.getPrototypeOf(database.prepare('select 1'));
  database.close();
  for (const name of ['all', 'run', 'get', 'iterate'] as const) {
    const original = prototype[name] as (...values: unknown[]) => unknown;
    Object.assign(prototype, {
      [name](this: Statement, ...values: unknown[]) {
        keep(this.source);
        return original.apply(this, values);
      },
    });
  }
  watchScans(keep);
} else {
  const original = Client.prototype.query as (...values: unknown[]) => unknown;
  Object.assign(Client.prototype, {
    query(this: Client, ...values: unknown[]) {
      const [query] = values as [string | { text: string }];
      keep(typeof query === 'string' ? query : query.text);
      return original.apply(this, values);
    },
  });
}

/** Discards the statements of earlier test files in this process. */
export const clearStatements = (): void => sent.clear();

/** Saves the recorded statements for other processes. */
export function saveStatements(): void {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${kind}-${randomUUID()}.json`), JSON.stringify([...sent]));
}

/** The statements that are sent in this process while `run` runs. */
export async function recordedWhile(run: () => Promise<unknown>): Promise<string[]> {
  const before = new Set(sent);
  sent.clear();
  await run();
  const during = [...sent];
  for (const sql of before) sent.add(sql);
  return during;
}

/** Every statement recorded for this kind of database, in this and other processes. */
export function recordedStatements(): string[] {
  const others = (folder && existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
    .filter((entry) => entry.name.startsWith(`${kind}-`))
    .flatMap((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as string[]);
  return [...new Set([...others, ...sent])].sort();
}
