import { type FilterQuery, LockMode, raw, UniqueConstraintViolationException } from '@mikro-orm/core';

/**
 * Reads rows as they are now and keeps others from changing them until the transaction ends. SQLite has one writer
 * at a time anyway.
 */
export const forUpdate = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

/** Whether a row was refused because another has what has to be unique: somebody was faster. */
export function isTaken(error: unknown): boolean {
  return error instanceof UniqueConstraintViolationException;
}

/**
 * A condition in SQL, where the language of entities has no words for it; `sql` is given the alias of the table.
 * It serves one statement; make another for the next.
 */
export function holds(sql: (alias: string) => string, params: readonly unknown[] = []): Record<string, []> {
  return { [raw(sql, params) as unknown as string]: [] };
}

/**
 * A condition: the column, which is in lower case, contains the text, whatever its case. Signs that mean something to
 * LIKE mean nothing here.
 */
export function contains(column: string, text: string): Record<string, []> {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return holds((alias) => `${alias}.${column} like ? escape '\\'`, [pattern]);
}

export type { FilterQuery };
