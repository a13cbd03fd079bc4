import type { EntityClass } from '@mikro-orm/core';
import { chunksOf } from './chunks.ts';
import type { EntityManager } from './database.ts';
import { isPostgres } from './dialect.ts';
import { flush } from './flush.ts';
import { placeholders, type Row, shapeOf } from './rows.ts';

/**
 * Inserts rows, in the caller's transaction, and returns them with their ids, in the same order.
 */
export async function insertRows<Entity extends { id: number }>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  rows: readonly Omit<Row<Entity>, 'id'>[],
): Promise<Row<Entity>[]> {
  await flush(em);
  const { table, columns, rowOf } = shapeOf(em, entity);
  const given = columns.filter(({ key }) => key !== 'id');
  const into = `insert into ${table} (${given.map(({ name }) => name).join(', ')}) values`;
  const values = (rows as readonly Record<string, unknown>[]).map((row) =>
    given.map(({ key, write }) => write(row[key])),
  );
  const ids = await (isPostgres(em) ? insertTogether(em, into, values) : insertEach(em, into, values));
  return rows.map((row, index) => rowOf({ ...row, id: ids[index] }));
}

type InsertValues = (em: EntityManager, into: string, rows: readonly unknown[][]) => Promise<number[]>;

/** Inserts rows by few statements, and returns their ids. */
const insertTogether: InsertValues = async (em, into, rows) => {
  const ids: number[] = [];
  for (const some of chunksOf(rows)) {
    const inserted: { id: number }[] = await em.execute(
      `${into} ${some.map((values) => `(${placeholders(values)})`).join(', ')} returning id`,
      some.flat(),
    );
    // Ids are assigned in the order of the rows; `returning` guarantees no order.
    ids.push(...inserted.map(({ id }) => id).sort((a, b) => a - b));
  }
  return ids;
};

/**
 * Inserts each row by a statement of its own. A statement of SQLite that inserts several rows, or
 * returns some, first copies every page that it changes, so that it can be undone alone.
 */
const insertEach: InsertValues = async (em, into, rows) => {
  const ids: number[] = [];
  for (const values of rows) {
    const { insertId } = await em.execute<{ insertId: number }>(`${into} (${placeholders(values)})`, values, 'run');
    ids.push(insertId);
  }
  return ids;
};
