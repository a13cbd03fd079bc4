import { MemoryCacheAdapter, type MikroORM, type Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { AttacheError, BadUserInputError } from '../errors.ts';
import { entities } from './entities/index.ts';

/** A change of the tables, and the name under which the database remembers that it was made. */
type Migrations = NonNullable<Options['migrations']>['migrationsList'];

/** What is the same for every database. */
export function ormOptions(migrationsList: NonNullable<Migrations>) {
  return {
    entities,
    extensions: [Migrator],
    migrations: { migrationsList, snapshot: false, silent: true, tableName: 'migrations' },
    // The log, the secrets and what is sealed are no entities: they are written and read in SQL alone.
    schemaGenerator: {
      skipTables: [
        ...['event_topics', 'event_log', 'event_epoch', 'event_nodes', 'event_usage'],
        ...['secrets', 'sealed_keys'],
      ],
    },
    // Entities describe themselves in code: there is nothing to cache on disk.
    metadataCache: { enabled: false, adapter: MemoryCacheAdapter },
    onQuery: (sql: string, params: readonly unknown[]) => {
      refuseNul(params);
      return sql;
    },
  };
}

/** PostgreSQL keeps no text with a NUL character in it. So that every door says so, none goes to SQLite either. */
function refuseNul(params: readonly unknown[]): void {
  for (const param of params) {
    if (Array.isArray(param)) refuseNul(param);
    else if (typeof param === 'string' && param.includes('\0')) {
      throw new BadUserInputError('Text cannot hold the character U+0000.');
    }
  }
}

/** MikroORM makes errors of its own of those of the driver. Ours stay what they are. */
export function preserveErrors(orm: MikroORM): void {
  const converter = orm.driver.getPlatform().getExceptionConverter();
  const convert = converter.convertException.bind(converter);
  converter.convertException = (error) => (error instanceof AttacheError ? (error as never) : convert(error));
}

/** What an opened ORM does in the same way for every database. */
export function sharedDatabaseMethods(orm: MikroORM & { em: SqlEntityManager }) {
  return {
    em: () => orm.em.fork() as SqlEntityManager,
    migrate: async () => (await orm.migrator.up()).map((migration) => migration.name),
    drift: () => orm.schema.getUpdateSchemaSQL({ wrap: false }) as Promise<string>,
    [Symbol.asyncDispose]: () => orm.close(true),
  };
}
