import { type DriverException, MemoryCacheAdapter, type MikroORM, type Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { AttacheError, BadUserInputError } from '../errors.ts';
import { entities } from './entities/index.ts';

/** Each migration with the name by which the database remembers that it ran. */
type Migrations = NonNullable<Options['migrations']>['migrationsList'];

/** Options that are the same for every database. */
export function ormOptions(migrationsList: NonNullable<Migrations>) {
  return {
    entities,
    extensions: [Migrator],
    migrations: { migrationsList, snapshot: false, silent: true, tableName: 'migrations' },
    // The event log, the audit log, the secrets and small blobs are no entities: they are read and
    // written in SQL alone.
    schemaGenerator: {
      skipTables: [
        ...['event_topics', 'event_log', 'event_epoch', 'event_nodes', 'event_usage'],
        ...['audit_recent', 'audit_log', 'audit_retention', 'secrets', 'sealed_keys', 'small_blobs'],
        ...['thumbnails', 'thumbnail_usage'],
      ],
    },
    // Entities are described in code: there is nothing to cache on disk.
    metadataCache: { enabled: false, adapter: MemoryCacheAdapter },
    onQuery: (sql: string, params: readonly unknown[]) => {
      refuseNul(params);
      return sql;
    },
  };
}

/**
 * PostgreSQL stores no text with a NUL character. SQLite would; it is refused on both, so that both
 * behave the same.
 */
function refuseNul(params: readonly unknown[]): void {
  for (const param of params) {
    if (Array.isArray(param)) refuseNul(param);
    else if (typeof param === 'string' && param.includes('\0')) {
      throw new BadUserInputError('Text must not contain the character U+0000.');
    }
  }
}

/**
 * What a driver of MikroORM fails with: our own errors as they are, instead of wrapped in one of
 * MikroORM.
 */
export const preserveErrors = (error: Error, convert: () => DriverException): DriverException =>
  error instanceof AttacheError ? (error as Error as DriverException) : convert();

/** Methods that are the same for every database. */
export function sharedDatabaseMethods(orm: MikroORM & { em: SqlEntityManager }) {
  return {
    em: () => orm.em.fork() as SqlEntityManager,
    migrate: async () => (await orm.migrator.up()).map((migration) => migration.name),
    drift: () => orm.schema.getUpdateSchemaSQL({ wrap: false }) as Promise<string>,
    [Symbol.asyncDispose]: () => orm.close(true),
  };
}
