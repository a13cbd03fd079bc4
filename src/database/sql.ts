import { type FilterQuery, LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { BadUserInputError } from '../errors.ts';
import { inChunks } from './chunks.ts';
import type { EntityManager } from './database.ts';
import { isPostgres } from './dialect.ts';
import { placeholders } from './rows.ts';
import { searchKey } from './search-key.ts';

/**
 * Reads rows as they are now, and locks them against changes until the transaction ends. SQLite has
 * one writer at a time anyway.
 */
export const forUpdate = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

/**
 * What others may not do to the rows until the transaction ends: delete them (`key share`), change
 * them (`no key update`), or either (`update`).
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
 */
export type RowLock = 'key share' | 'no key update' | 'update';

/**
 * Locks rows of a table, in the order of their ids, and returns whether all of them exist. What was
 * read of them before the lock may be out of date. SQLite has one writer at a time anyway.
 */
export async function lockRows(
  em: EntityManager,
  table: string,
  ids: readonly number[],
  lock: RowLock,
): Promise<boolean> {
  const all = [...new Set(ids)];
  if (all.length === 0 || !isPostgres(em)) return true;
  const rows = await inChunks(
    all.sort((a, b) => a - b),
    (some) =>
      em.execute<unknown[]>(
        `select id from ${table} where id in (${placeholders(some)}) order by id for ${lock}`,
        some,
      ),
  );
  return rows.length === all.length;
}

/** The name of a table, and the id of a row in it. */
export interface RowRef {
  table: string;
  id: number;
}

/**
 * Keeps rows from being deleted until the transaction ends, and returns whether all of them exist.
 * They are locked in the given order.
 */
export async function lockPath(em: EntityManager, path: readonly RowRef[]): Promise<boolean> {
  if (path.length === 0 || !isPostgres(em)) return true;
  const locks = path.map(({ table }, index) => `(select id from ${table} where id = ? for key share) as row${index}`);
  const [locked] = await em.execute<Record<string, unknown>[]>(
    `select ${locks.join(', ')}`,
    path.map(({ id }) => id),
  );
  return Object.values(locked ?? {}).every((id) => id !== null);
}

/**
 * `in (…)` for a query that finds few rows. Before its first analyze PostgreSQL expects many, and
 * would scan the whole outer table; of an array it expects few.
 */
export const inFew = (em: EntityManager, query: string): string =>
  isPostgres(em) ? `= any (array(${query}))` : `in (${query})`;

/**
 * For each row of the tables before it in a `from`: the column `value` of a query that refers to
 * the row. The query is run for each row by itself, so that an order with a limit reads from an
 * index no more than that; `offset 0` keeps PostgreSQL from joining instead. SQLite has no
 * `lateral`, but functions that return tables.
 */
export const lateral = (em: EntityManager, query: string, alias: string): string =>
  isPostgres(em)
    ? `cross join lateral (${query} offset 0) ${alias}`
    : `cross join json_each((select json_group_array(value) from (${query}))) ${alias}`;

/**
 * Whether a row was refused because another has the same unique value, as when two are inserted at
 * once.
 */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof UniqueConstraintViolationException;
}

/**
 * More characters than names and titles have, even in lower case, which makes some characters
 * longer.
 */
const MAX_PART = 2000;

/**
 * A condition in SQL, with its values: the column, which holds search keys, contains the text,
 * ignoring case. `%` and `_` are plain characters. Throws `BadUserInputError`: SQLite refuses
 * patterns of more than 50,000 bytes.
 */
export function containing(column: string, text: string): { sql: string; params: string[] } {
  if (text.length > MAX_PART)
    throw new BadUserInputError(`A text to search for may have at most ${MAX_PART} characters.`);
  const pattern = `%${searchKey(text).replace(/[\\%_]/g, '\\$&')}%`;
  return { sql: `${column} like ? escape '\\'`, params: [pattern] };
}

export type { FilterQuery };
