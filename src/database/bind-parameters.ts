import type { AbstractSqlConnection } from '@mikro-orm/sql';
import { RecentlyUsed } from '../recently-used.ts';

type Query = Parameters<AbstractSqlConnection['execute']>[0];

/** A statement with a question mark for each value. */
export interface BoundStatement {
  sql: string;
  values: unknown[];
}

/**
 * Separates a statement of MikroORM from its values. MikroORM writes values into the text of its
 * statements, so that each is a new one to the database; with bound values, a repeated statement is
 * prepared once. Undefined for values that cannot be bound, such as a list in the place of one
 * value.
 */
export function bindParameters(query: Query, params: unknown): BoundStatement | undefined {
  const { sql, params: values } = rawOf(query, params);
  if (!Array.isArray(values) || placeholdersOf(sql) !== values.length) return undefined;
  return values.every(isBindable) ? { sql, values: values.map(toSqlite) } : undefined;
}

/** The text of a statement and its values, of which there may be any kind. */
export function rawOf(query: Query, params: unknown): { sql: string; params: unknown } {
  if (typeof query === 'string') return { sql: query, params };
  return 'toRaw' in query ? query.toRaw() : query;
}

/** The placeholders of recent statements, of which so many characters are kept. */
const counts = new RecentlyUsed<number>(512 * 1024);

function placeholdersOf(sql: string): number {
  const known = counts.get(sql);
  if (known !== undefined) return known;
  const count = countPlaceholders(sql);
  counts.set(sql, count);
  return count;
}

/** -1 where a question mark stands for a name (`??`) or for itself (`\?`). */
const countPlaceholders = (sql: string): number => (/\?\?|\\\?/.test(sql) ? -1 : sql.split('?').length - 1);

function isBindable(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return true;
    default:
      return value === null || value instanceof Date || value instanceof Uint8Array;
  }
}

/** A date is milliseconds, a boolean 0 or 1, and a whole number no floating-point one. */
function toSqlite(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Date ? BigInt(value.getTime()) : value;
}
