import { MemoryCacheAdapter } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type SqlEntityManager } from '@mikro-orm/sqlite';
import { entities } from './entities/index.ts';
import { migrations } from './migrations/sqlite/index.ts';
import { lockForMigration, sqliteDialect } from './sqlite.ts';

export type { SqlEntityManager as EntityManager } from '@mikro-orm/sqlite';

export interface Database extends AsyncDisposable {
  /** A fresh unit of work. Take one per request; never share one between requests. */
  em(): SqlEntityManager;
  /** Brings the tables up to date, and answers the names of the migrations that ran. */
  migrate(): Promise<string[]>;
  /** Throws when the database cannot be read. */
  check(): Promise<void>;
  /** What the tables would need to match the entities; empty when they do. For the test that keeps it so. */
  drift(): Promise<string>;
}

/** Opens the SQLite database at `path`, which is created when missing; its folder has to exist. Nothing is migrated yet. */
export async function openDatabase(path: string): Promise<Database> {
  const orm = await MikroORM.init({
    entities,
    dbName: path,
    driverOptions: sqliteDialect(path, 'write'),
    replicas: [{ name: 'reader', dbName: path, driverOptions: sqliteDialect(path, 'read') }],
    preferReadReplicas: true,
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, silent: true, tableName: 'migrations' },
    // The log is no entity: it is written and read in SQL alone.
    schemaGenerator: { skipTables: ['event_topics', 'event_log', 'event_epoch'] },
    // Entities describe themselves in code: there is nothing to cache on disk.
    metadataCache: { enabled: false, adapter: MemoryCacheAdapter },
    discovery: { warnWhenNoEntities: true },
  });
  return {
    em: () => orm.em.fork(),
    async migrate() {
      using _lock = lockForMigration(path);
      return (await orm.migrator.up()).map((migration) => migration.name);
    },
    async check() {
      await orm.em.getConnection('read').execute('select 1');
    },
    drift: () => orm.schema.getUpdateSchemaSQL({ wrap: false }),
    [Symbol.asyncDispose]: () => orm.close(true),
  };
}
