import type { Configuration, Constructor } from '@mikro-orm/core';
import { AbstractSqlDriver, BaseSqliteConnection, SqlitePlatform } from '@mikro-orm/sql';
import { type BoundStatement, bindParameters, rawOf } from './bind-parameters.ts';
import type { GroupCommitConnection } from './group-commit-connection.ts';
import { preserveErrors } from './orm.ts';
import type { SqliteConnection, StatementResult } from './sqlite-connection.ts';
import { translateSqliteError } from './sqlite-errors.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** The connections of a database. */
interface Connections {
  writer: GroupCommitConnection;
  reader: SqliteConnection;
}

type OrmConnection = BaseSqliteConnection;
type Query = Parameters<OrmConnection['execute']>[0];
type OrmTransaction = Awaited<ReturnType<OrmConnection['begin']>>;

/**
 * Returns MikroORM's driver for the connections of a database. Statements run on them directly,
 * with their values bound, and not by Kysely, as those of MikroORM's own drivers do: its layers
 * cost as much as a short statement itself.
 */
export function sqliteOrmDriver({ writer, reader }: Connections) {
  /** A transaction of MikroORM is one of the writing connection. */
  class DirectConnection extends BaseSqliteConnection {
    override async connect(): Promise<void> {
      this.connected = true;
    }

    override async checkConnection() {
      reader.execute('select 1');
      return { ok: true } as const;
    }

    override async begin({ ctx }: Parameters<OrmConnection['begin']>[0] = {}): Promise<OrmTransaction> {
      return toOrm(ctx ? fromOrm(ctx).savepoint() : await writer.begin());
    }

    override async commit(transaction: OrmTransaction): Promise<void> {
      await fromOrm(transaction).commit();
    }

    override async rollback(transaction: OrmTransaction): Promise<void> {
      fromOrm(transaction).rollback();
    }

    override async execute<Result>(
      query: Query,
      params: readonly unknown[] = [],
      method: 'all' | 'get' | 'run' = 'all',
      transaction?: OrmTransaction,
    ): Promise<Result> {
      const { sql, values } = this.#statement(query, params);
      if (transaction) return resultOf(fromOrm(transaction).execute(sql, values), method);
      if (this.type === 'read') return resultOf(read(sql, values), method);
      return resultOf(await writer.execute(sql, values), method);
    }

    /** Values that cannot be bound are checked, and then written into the text. */
    #statement(query: Query, params: readonly unknown[]): BoundStatement {
      const onQuery = this.config.get('onQuery');
      const bound = bindParameters(query, params);
      if (bound) return { sql: onQuery(bound.sql, bound.values), values: bound.values };
      const { sql, params: values } = rawOf(query, params);
      return { sql: this.platform.formatQuery(onQuery(sql, values as unknown[]), values as unknown[]), values: [] };
    }
  }

  /**
   * Reads by the writing connection while that is idle: it has its pages in memory still, while
   * each commit empties the memory of the other.
   */
  function read(sql: string, values: readonly unknown[]): StatementResult {
    try {
      return writer.readIfIdle(sql, values) ?? reader.execute(sql, values);
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  return class SqliteOrmDriver extends AbstractSqlDriver<DirectConnection> {
    constructor(config: Configuration) {
      super(config, new SqlitePlatform(), DirectConnection as unknown as Constructor<DirectConnection>, []);
    }

    override convertException(error: Error) {
      return preserveErrors(error, () => super.convertException(error));
    }
  };
}

/** MikroORM hands a transaction on, and uses it by its connection alone. */
const toOrm = (transaction: WriteTransaction) => transaction as unknown as OrmTransaction;
const fromOrm = (transaction: unknown) => transaction as WriteTransaction;

/** The result in the form of MikroORM. */
function resultOf<Result>({ rows, affectedRows, insertId }: StatementResult, method: 'all' | 'get' | 'run'): Result {
  if (method === 'all') return rows as Result;
  if (method === 'get') return rows[0] as Result;
  return { affectedRows, insertId, row: rows[0], rows } as Result;
}
