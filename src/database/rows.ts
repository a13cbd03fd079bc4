import { inspect } from 'node:util';
import type { EntityClass, EntityMetadata, EntityProperty, Platform, Reference } from '@mikro-orm/core';
import { inChunks } from './chunks.ts';
import type { EntityManager } from './database.ts';
import { flush } from './flush.ts';

/**
 * Plain rows, for queries. MikroORM tracks the changes of an entity, which costs many times what it
 * costs to read its row. So queries read rows, and mutations read entities. An entity is accepted
 * wherever a row is. What was measured: docs/decisions/017.
 */

/**
 * A row of an entity's table. Of a row that it refers to it has the key; collections are left out.
 */
export type Row<Entity> = {
  readonly [Key in keyof Entity as Key extends string
    ? NonNullable<Entity[Key]> extends { getItems(): unknown }
      ? never
      : Key
    : never]: NonNullable<Entity[Key]> extends { unwrap(): unknown }
    ? KeyOf<NonNullable<Entity[Key]>> | Extract<Entity[Key], null | undefined>
    : Entity[Key];
};

type KeyOf<Ref> = Readonly<Pick<Ref, Exclude<keyof Ref, keyof Reference<object>>>>;

type Value = string | number | boolean | null;

/** A row of a result, as the driver returns it. */
export type SelectedRow = Record<string, Value>;

interface Column {
  name: string;
  key: string;
  /** Converts a value that is not null; undefined for a column whose values need no conversion. */
  read?(value: Value): unknown;
  write(value: unknown): unknown;
}

/** How the rows of an entity are read and written. */
interface Shape {
  table: string;
  columns: readonly Column[];
  prototype: object;
  /** Creates a row from its values by their keys. */
  rowOf(values: object): never;
  /** By their aliases. */
  readers: Map<string, Reader<unknown>>;
}

const shapes = new WeakMap<EntityMetadata, Shape>();

export function shapeOf(em: EntityManager, entity: EntityClass<unknown>): Shape {
  const meta = em.getMetadata(entity as EntityClass<object>) as EntityMetadata;
  const known = shapes.get(meta);
  if (known) return known;
  const platform = em.getPlatform();
  const columns = meta.props
    .filter((prop) => prop.persist !== false && prop.fieldNames?.length === 1)
    .map((prop) => ({ name: prop.fieldNames[0] as string, key: prop.name, ...conversionsOf(prop, platform) }));
  const prototype = prototypeOf(entity, columns);
  const rowOf = compileRows(
    prototype,
    columns.map(({ key }) => ({ key, from: key })),
  ) as Shape['rowOf'];
  const shape: Shape = { table: meta.tableName, columns, prototype, rowOf, readers: new Map() };
  shapes.set(meta, shape);
  return shape;
}

function conversionsOf(prop: EntityProperty, platform: Platform): Pick<Column, 'read' | 'write'> {
  const same = <Same>(value: Same) => value;
  if (prop.targetMeta) {
    const key = prop.targetMeta.primaryKeys[0] as string;
    return {
      read: (value) => ({ [key]: value }),
      write: (value) => (value as Record<string, unknown> | null)?.[key] ?? null,
    };
  }
  if (prop.runtimeType === 'Date') return { read: (value) => platform.parseDate(value as string), write: same };
  if (prop.runtimeType === 'boolean') return { read: Boolean, write: same };
  if (prop.runtimeType === 'number') return { read: Number, write: same };
  return { write: same };
}

/**
 * An instance of the entity's class, by which its type is resolved, without what tracks changes.
 */
function prototypeOf(entity: EntityClass<unknown>, columns: readonly Column[]): object {
  const tracking = ['__entity', '__helper', '__meta', '__platform', '__factory', 'toJSON', inspect.custom];
  const plain = { value: undefined, writable: true };
  const own = [...tracking, ...columns.map(({ key }) => key)].map((key) => [key, plain] as const);
  return Object.create(entity.prototype, Object.fromEntries(own));
}

/** A property of a row, and the property of the source that has its value. */
interface Assignment extends Pick<Column, 'key' | 'read'> {
  from: string;
}

/**
 * Compiles a function that creates rows, as MikroORM compiles its own for entities. Every row gets
 * the same properties in the same order from code that names them: V8 then keeps all of them in the
 * object itself. Assigned in a loop, they take six times the memory and several times as long. The
 * names are those of entities, never those of a request.
 */
function compileRows(prototype: object, assignments: readonly Assignment[]): (source: object) => object {
  const lines = assignments.map(({ key, from, read }, index) => {
    const value = `source[${JSON.stringify(from)}]`;
    const target = `this[${JSON.stringify(key)}]`;
    return read ? `${target} = ${value} === null ? null : reads[${index}](${value});` : `${target} = ${value};`;
  });
  const code = `function Row(source) { ${lines.join(' ')} } return Row;`;
  const Row = new Function('reads', code)(assignments.map(({ read }) => read)) as new (source: object) => object;
  Row.prototype = prototype;
  return (source) => new Row(source);
}

/**
 * Reads the rows of one table, under an alias, from a result that may hold those of other tables as
 * well.
 */
export interface Reader<Entity> {
  /** For the list of the `select`. */
  columns: string;
  rowIn(found: SelectedRow): Row<Entity>;
}

/** The reader of an entity's table under an alias, made once for both. */
export function reader<Entity>(em: EntityManager, entity: EntityClass<Entity>, alias: string): Reader<Entity> {
  const shape = shapeOf(em, entity);
  const known = shape.readers.get(alias);
  if (known) return known as Reader<Entity>;
  const columns = shape.columns.map((column) => ({ ...column, from: `${alias}_${column.name}` }));
  const made: Reader<Entity> = {
    columns: columns.map(({ name, from }) => `${alias}.${name} as ${from}`).join(', '),
    rowIn: compileRows(shape.prototype, columns) as Reader<Entity>['rowIn'],
  };
  shape.readers.set(alias, made);
  return made;
}

/**
 * Reads rows by SQL: in a transaction, with its own changes; outside of one, without waiting for a
 * writer.
 */
export async function select<Found = SelectedRow>(
  em: EntityManager,
  sql: string,
  params: readonly unknown[],
): Promise<Found[]> {
  if (em.isInTransaction()) await flush(em);
  return em.execute(sql, [...params], { connectionType: 'read' });
}

/**
 * Reads rows of one table, with the alias `t`. `where` is a condition, as in `t.id = ?`, maybe with
 * an order behind it.
 */
export async function rowsWhere<Entity>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  where: string,
  params: readonly unknown[],
): Promise<Row<Entity>[]> {
  const { table } = shapeOf(em, entity);
  const { columns, rowIn } = reader(em, entity, 't');
  return (await select(em, `select ${columns} from ${table} t where ${where}`, params)).map(rowIn);
}

/** Reads rows by their ids, in no order. */
export async function rowsById<Entity>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  ids: readonly number[],
): Promise<Row<Entity>[]> {
  return inChunks(ids, (some) => rowsWhere(em, entity, `t.id in (${placeholders(some)})`, some));
}

/** Counts rows; `from` is what comes after `select count(*) from`. */
export async function countRows(em: EntityManager, from: string, params: readonly unknown[]): Promise<number> {
  const [found] = await select<{ count: number | string }>(em, `select count(*) as count from ${from}`, params);
  return Number(found?.count);
}

/** A question mark for each value. */
export const placeholders = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
