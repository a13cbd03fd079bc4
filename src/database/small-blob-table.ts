import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import { chunksOf, inChunks } from './chunks.ts';
import type { Database, EntityManager } from './database.ts';
import { isPostgres } from './dialect.ts';
import { asUnawaited } from './pipeline.ts';

/**
 * Bytes of one statement, which SQLite writes on the event loop in a few milliseconds. Other
 * requests get a turn before the next.
 */
const MAX_STATEMENT_BYTES = 512 * 1024;

/** A blob of the table, without its bytes. */
export interface SmallBlobEntry {
  key: string;
  /** In bytes. */
  size: number;
}

/**
 * The table `small_blobs`. Nothing else reads it, so that no list carries bytes along. MikroORM
 * would write the bytes into the text of a statement on PostgreSQL; here they are always bound.
 */
export interface SmallBlobTable {
  /** Inserts blobs, in the caller's transaction. Keys that exist keep their bytes. */
  insert(em: EntityManager, blobs: readonly { key: string; bytes: Uint8Array }[]): Promise<void>;
  /** Deletes blobs, in the caller's transaction. */
  delete(em: EntityManager, keys: readonly string[]): Promise<void>;
  /** Deletes one blob in a transaction of its own. Writes nothing if it does not exist. */
  deleteOne(key: string): Promise<void>;
  /** The committed bytes of a key. */
  read(key: string): Promise<Buffer | undefined>;
  exists(key: string): Promise<boolean>;
  /** The committed blobs after a key, in the order of their keys. */
  list(after: string, limit: number): Promise<SmallBlobEntry[]>;
}

export function openSmallBlobTable({ kind, em }: Pick<Database, 'kind' | 'em'>): SmallBlobTable {
  const parameter = (index: number) => (kind === 'postgres' ? `$${index}` : '?');
  /** `count` parameters between commas; the first is number `from`. */
  const parameters = (count: number, from = 1) =>
    Array.from({ length: count }, (_, index) => parameter(from + index)).join(', ');

  const select = async <Found>(sql: string, values: unknown[]): Promise<Found[]> => {
    const connection = em().getConnection('read');
    if (kind === 'sqlite') return connection.execute<Found[]>(sql, values);
    await connection.ensureConnection();
    return (await connection.getClient().executeQuery<Found>(CompiledQuery.raw(sql, values))).rows;
  };

  const deleteSome = (tx: EntityManager, keys: readonly string[]) =>
    inChunks(keys, async (some) => {
      await run(tx, `delete from small_blobs where key in (${parameters(some.length)})`, some);
      return [];
    });

  const exists = async (key: string) =>
    (await select(`select 1 from small_blobs where key = ${parameter(1)}`, [key])).length > 0;

  return {
    exists,
    async insert(tx, blobs) {
      for (const [index, some] of statementsOf(blobs).entries()) {
        if (index > 0) await yieldToEventLoop();
        const rows = some.map((_, row) => `(${parameters(2, 1 + 2 * row)})`).join(', ');
        const sql = `insert into small_blobs (key, bytes) values ${rows} on conflict (key) do nothing`;
        await run(
          tx,
          sql,
          some.flatMap(({ key, bytes }) => [key, bytes]),
        );
      }
    },
    async delete(tx, keys) {
      await deleteSome(tx, keys);
    },
    async deleteOne(key) {
      if (await exists(key)) await em().transactional((tx) => deleteSome(tx, [key]));
    },
    async read(key) {
      const [row] = await select<{ bytes: Buffer }>(`select bytes from small_blobs where key = ${parameter(1)}`, [key]);
      return row?.bytes;
    },
    async list(after, limit) {
      // Neither database reads the bytes for their length.
      const sql = `select key, length(bytes) as size from small_blobs where key > ${parameter(1)} order by key limit ${limit}`;
      return select<SmallBlobEntry>(sql, [after]);
    },
  };
}

type Blob = Parameters<SmallBlobTable['insert']>[1][number];

/** The blobs of each statement, in their order. */
function statementsOf(blobs: readonly Blob[]): Blob[][] {
  const statements: Blob[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const blob of blobs) {
    bytes += blob.bytes.length;
    if (bytes > MAX_STATEMENT_BYTES) {
      statements.push([]);
      bytes = blob.bytes.length;
    }
    statements.at(-1)?.push(blob);
  }
  return statements.flatMap((some) => chunksOf(some));
}

/** Runs a statement in the transaction of a unit of work. */
async function run(em: EntityManager, sql: string, values: readonly unknown[]): Promise<void> {
  const transaction = em.getTransactionContext<Kysely<unknown>>();
  if (!transaction) throw new Error('Small blobs are written in the transaction of the rows that name them.');
  if (isPostgres(em)) await transaction.executeQuery(asUnawaited(CompiledQuery.raw(sql, [...values])));
  else await em.execute(sql, [...values], 'run');
}
