import { condition, type SqlCondition } from '../auth/access-sql.ts';

export { anyOf, condition } from '../auth/access-sql.ts';

/**
 * Conditions of listings, in SQL on attachments `a` and files `f`, with the values of their
 * question marks.
 */

/**
 * All of the conditions, of which there is at least one. Each binds at least as tightly as `and`.
 */
export const allOf = (...conditions: readonly SqlCondition[]): SqlCondition =>
  condition(conditions.map(({ sql }) => sql).join(' and '), ...conditions.flatMap(({ params }) => params));

export const not = ({ sql, params }: SqlCondition): SqlCondition => condition(`not (${sql})`, ...params);
