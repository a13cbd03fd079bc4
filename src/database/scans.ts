import type { EntityName, FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from './database.ts';
import { type SelectedRow, select } from './rows.ts';

/**
 * The statements of lists, of which there are two kinds:
 *
 * - `readPage` for one that reads about as many rows as it returns: by keys, or along an index in
 *   the order of the page. On SQLite it runs on the event loop.
 * - `scan` for any other: a filter, a search, a count. It may read a whole table. On SQLite it runs
 *   in another thread, and on PostgreSQL it leaves connections to other statements.
 *
 * Both run when the budget of the request schedules them.
 */

/** What a list reads with. */
export interface ListContext {
  em: EntityManager;
  budget: {
    query<T>(run: () => Promise<T>): Promise<T>;
    scan<T>(run: () => Promise<T>): Promise<T>;
  };
}

export type RunStatement = <Found = SelectedRow>(
  ctx: ListContext,
  sql: string,
  params: readonly unknown[],
) => Promise<Found[]>;

/** Runs a statement that reads about as many rows as it returns; see above. */
export const readPage: RunStatement = ({ em, budget }, sql, params) => budget.query(() => select(em, sql, params));

/** Runs a statement that may read a whole table; see above. */
export const scan: RunStatement = ({ em, budget }, sql, params) => budget.scan(() => scanNow(em, sql, params));

/** Counts rows; `from` is what comes after `select count(*) from`. */
export async function countBy(
  run: RunStatement,
  ctx: ListContext,
  from: string,
  params: readonly unknown[],
): Promise<number> {
  const [found] = await run<{ count: number | string }>(ctx, `select count(*) as count from ${from}`, params);
  return Number(found?.count);
}

/** Counts the rows of a table that fulfil a condition of MikroORM, by a scan. */
export async function scanCountOf<Entity extends object>(
  ctx: ListContext,
  entity: EntityName<Entity>,
  where: FilterQuery<Entity>,
): Promise<number> {
  const { sql, params } = ctx.em
    .createQueryBuilder(entity)
    .where(where as object)
    .count()
    .toQuery();
  const [found] = await scan<{ count: number | string }>(ctx, sql, params);
  return Number(found?.count);
}

type Scanner = (sql: string, params: readonly unknown[]) => Promise<never[]>;

const scanners = new WeakMap<object, Scanner>();

/** Registers, once, how a driver runs scans, if not as other statements. */
export function registerScanner(driver: object, scanner: Scanner): void {
  scanners.set(driver, scanner);
}

/**
 * A scan without a request, for the server's own work. In a transaction it reads the changes of the
 * transaction, on its connection.
 */
export function scanNow<Found = SelectedRow>(
  em: EntityManager,
  sql: string,
  params: readonly unknown[],
): Promise<Found[]> {
  const scanner = em.isInTransaction() ? undefined : scanners.get(em.getDriver());
  return scanner ? scanner(sql, params) : select(em, sql, params);
}
