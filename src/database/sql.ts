import { type FilterQuery, LockMode, raw, UniqueConstraintViolationException } from '@mikro-orm/core';
import { BadUserInputError } from '../errors.ts';
import { inChunks } from './chunks.ts';
import type { EntityManager } from './open.ts';
import { searchKey } from './search-key.ts';

/**
 * Reads rows as they are now and keeps others from changing them until the transaction ends. SQLite has one writer
 * at a time anyway.
 */
export const forUpdate = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

/**
 * What is kept from others until the transaction ends: that the rows are deleted (`key share`), that they are changed
 * (`no key update`), or both (`update`). https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
 */
export type RowLock = 'key share' | 'no key update' | 'update';

/**
 * Locks rows of a table, in the order of their ids, and answers whether all of them are there. What was read of them before may
 * be of before. SQLite has one writer at a time anyway.
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
        `select id from ${table} where id in (${some.map(() => '?').join(', ')}) order by id for ${lock}`,
        some,
      ),
  );
  return rows.length === all.length;
}

const isPostgres = (em: EntityManager): boolean => em.getPlatform().getDefaultSchemaName() !== undefined;

/**
 * `in (…)` for a query that finds few rows. PostgreSQL takes them for many until its first analyze, and reads all of the
 * table that they are looked up in; of an array it expects few.
 */
export const inFew = (em: EntityManager, query: string): string =>
  isPostgres(em) ? `= any (array(${query}))` : `in (${query})`;

/** Whether a row was refused because another has what has to be unique: somebody was faster. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof UniqueConstraintViolationException;
}

/**
 * A condition in SQL, where the language of entities has no words for it; `sql` is given the alias of the table.
 * It serves one statement; make another for the next.
 */
export function rawCondition(sql: (alias: string) => string, params: readonly unknown[] = []): Record<string, []> {
  return { [raw(sql, params) as unknown as string]: [] };
}

/**
 * A condition: the column, which is in lower case, contains the text, whatever its case. Signs that mean something to
 * LIKE mean nothing here.
 */
export function contains(column: string, text: string): Record<string, []> {
  const { params } = containing(column, text);
  return rawCondition((alias) => containing(`${alias}.${column}`, text).sql, params);
}

/** More characters than names and titles have, even in lower case, which makes some of them longer. */
const MAX_PART = 2000;

/** The same in SQL with its values, by search keys. Throws `BadUserInputError`: SQLite refuses patterns of more than 50,000 bytes. */
export function containing(column: string, text: string): { sql: string; params: string[] } {
  if (text.length > MAX_PART)
    throw new BadUserInputError(`A text to search for may have at most ${MAX_PART} characters.`);
  const pattern = `%${searchKey(text).replace(/[\\%_]/g, '\\$&')}%`;
  return { sql: `${column} like ? escape '\\'`, params: [pattern] };
}

export type { FilterQuery };
