import type { AbstractSqlConnection } from '@mikro-orm/sql';

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
  // `??` stands for a name, `\?` for a question mark.
  if (!Array.isArray(values) || /\?\?|\\\?/.test(sql)) return undefined;
  if (sql.split('?').length - 1 !== values.length || !values.every(isBindable)) return undefined;
  return { sql, values: values.map(toSqlite) };
}

function rawOf(query: Query, params: unknown): { sql: string; params: unknown } {
  if (typeof query === 'string') return { sql: query, params };
  return 'toRaw' in query ? query.toRaw() : query;
}

function isBindable(value: unknown): boolean {
  return value === null || value instanceof Date || ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

/** A date is milliseconds, a boolean 0 or 1, and a whole number no floating-point one. */
function toSqlite(value: unknown): unknown {
  if (value instanceof Date) return BigInt(value.getTime());
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
