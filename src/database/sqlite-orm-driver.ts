import type { Configuration } from '@mikro-orm/core';
import { AbstractSqlDriver, BaseSqliteConnection, SqlitePlatform } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import { bindParameters } from './bind-parameters.ts';
import { preserveErrors } from './orm.ts';

/** MikroORM's driver for SQLite on a dialect of Kysely, with the values of statements bound. */
export class SqliteOrmDriver extends AbstractSqlDriver<BindingConnection> {
  constructor(config: Configuration) {
    super(config, new SqlitePlatform(), BindingConnection, ['kysely']);
  }

  override convertException(error: Error) {
    return preserveErrors(error, () => super.convertException(error));
  }
}

class BindingConnection extends BaseSqliteConnection {
  override async execute<T>(...args: Parameters<BaseSqliteConnection['execute']>): Promise<T> {
    const [query, params = [], method = 'all', transaction] = args;
    const bound = bindParameters(query, params);
    if (!bound) return (await super.execute(...args)) as T;
    await this.ensureConnection();
    const sql = this.config.get('onQuery')(bound.sql, bound.values);
    const client = transaction ?? this.getClient();
    return this.transformRawResult(await client.executeQuery(CompiledQuery.raw(sql, bound.values)), method);
  }
}
