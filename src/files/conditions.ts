import type { SqlCondition } from '../auth/access-sql.ts';

/**
 * Conditions of listings, in SQL on attachments `a` and files `f`, with the values of their
 * question marks.
 */

export const condition = (sql: string, ...params: readonly unknown[]): SqlCondition => ({ sql, params });

/**
 * All of the conditions, of which there is at least one. Each binds at least as tightly as `and`.
 */
export const allOf = (...conditions: readonly SqlCondition[]): SqlCondition =>
  condition(conditions.map(({ sql }) => sql).join(' and '), ...paramsOf(conditions));

/** At least one of the conditions, in parentheses. */
export const anyOf = (...conditions: readonly SqlCondition[]): SqlCondition =>
  condition(`(${conditions.map(({ sql }) => sql).join(' or ')})`, ...paramsOf(conditions));

export const not = ({ sql, params }: SqlCondition): SqlCondition => condition(`not (${sql})`, ...params);

const paramsOf = (conditions: readonly SqlCondition[]) => conditions.flatMap(({ params }) => params);
