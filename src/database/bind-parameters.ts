import type { AbstractSqlConnection } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';

type Execute = AbstractSqlConnection['execute'];

/** What MikroORM has for its own use alone. */
interface Inner {
  ensureConnection(): Promise<void>;
  transformRawResult(result: unknown, method: string): never;
}

/**
 * MikroORM writes values into the text of its statements, so that each is a new one to the database. Here they go beside it:
 * a statement that comes again is prepared once, which is dearer than to run it. What cannot go beside it, such as a
 * list in the place of one value, is written as before.
 */
export function bindParameters(
  connection: AbstractSqlConnection,
  onQuery: (sql: string, params: readonly unknown[]) => string,
): void {
  const write: Execute = connection.execute.bind(connection);
  const inner = connection as unknown as Inner;
  const execute = async (...given: Parameters<Execute>) => {
    const [query, params, method = 'all', ctx] = given;
    const { sql, values } = bound(query, params ?? []);
    if (sql === undefined) return write(...given);
    await inner.ensureConnection();
    const result = await (ctx ?? connection.getClient()).executeQuery(CompiledQuery.raw(onQuery(sql, values), values));
    return inner.transformRawResult(result, method);
  };
  connection.execute = execute as Execute;
}

type Bound = { sql: string; values: unknown[] } | { sql?: never; values?: never };

function bound(query: unknown, params: unknown): Bound {
  const { sql, params: own } = rawOf(query, params);
  // `??` stands for a name, `\?` for a question mark.
  if (sql === undefined || !Array.isArray(own) || /\?\?|\\\?/.test(sql)) return {};
  if (sql.split('?').length - 1 !== own.length || !own.every(isPlain)) return {};
  return { sql, values: own.map(toSqlite) };
}

function rawOf(query: unknown, params: unknown): { sql?: string; params?: unknown } {
  if (typeof query === 'string') return { sql: query, params };
  if (typeof query !== 'object' || query === null) return {};
  if ('toRaw' in query && typeof query.toRaw === 'function') return query.toRaw();
  return 'sql' in query ? (query as { sql: string; params: unknown }) : {};
}

function isPlain(value: unknown): boolean {
  return value === null || value instanceof Date || ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

/** As SQLite has it: moments are milliseconds, truth is 1, and whole numbers are no floating ones. */
function toSqlite(value: unknown): unknown {
  if (value instanceof Date) return BigInt(value.getTime());
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
