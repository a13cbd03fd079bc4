import { LockMode, raw } from '@mikro-orm/core';

/**
 * Reads rows as they are now and keeps others from changing them until the transaction ends. SQLite has one writer
 * at a time anyway.
 */
export const forUpdate = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

/**
 * A condition: the column, which is in lower case, contains the text, whatever its case. Signs that mean something to
 * LIKE mean nothing here. It serves one statement; make another for the next.
 */
export function contains(column: string, text: string): Record<string, []> {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return { [raw((alias) => `${alias}.${column} like ? escape '\\'`, [pattern]) as unknown as string]: [] };
}
