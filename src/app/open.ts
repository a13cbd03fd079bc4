import { type Config, ConfigError, type StorageConfig } from '../config.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { openDatabase } from '../database/open.ts';
import { openSmallBlobTable } from '../database/small-blob-table.ts';
import { openDiskStorage } from '../storage/disk.ts';
import { statIfPresent } from '../storage/file-system.ts';
import { ensureFolder } from '../storage/folder.ts';
import { readOrCreateSecret } from '../storage/secret-file.ts';
import { storeSmallInRows } from '../storage/small-blobs.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * Returns the operator's secret, from which the keys that sign links and encrypt signing keys are
 * derived. It is never stored in the database: without `ATTACHE_SECRET`, it is in the file `secret`
 * of the data directory.
 */
export async function operatorSecretOf({ secret, dataDir }: Pick<Config, 'secret' | 'dataDir'>): Promise<string> {
  return secret ?? (await readOrCreateSecret(dataDir, 'secret'));
}

/** Opens the storage of a configuration: small files are in the database, others are elsewhere. */
export async function openStorage(config: Config, database: Database): Promise<Storage> {
  const large = await openLargeStorage(config.storage, config.dataDir);
  return storeSmallInRows(large, { table: openSmallBlobTable(database), maxSize: config.smallFileSize });
}

async function openLargeStorage(storage: StorageConfig, databaseFolder: string): Promise<Storage> {
  if (storage.kind === 'disk') return openDiskStorage(storage.folder, undefined, databaseFolder);
  // Imported only when S3 is configured: the module is large, and most servers do not need it.
  const { openS3Storage } = await import('../storage/s3.ts');
  return openS3Storage({ ...storage.location, partialFilesIn: storage.partialFilesIn, databaseFolder });
}

async function assertExists(file: string): Promise<void> {
  if (await statIfPresent(file)) return;
  throw new ConfigError(`There is no database ${file}: set DATA_DIR to the folder of the server, or start it once.`);
}

/** Opens the migrated database and the storage of a configuration, without a server. */
export async function openDatabaseAndStorage(
  config: Config,
): Promise<{ em: EntityManager; storage: Storage } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openMigrated(config));
  const storage = stack.use(await openStorage(config, database));
  const opened = stack.move();
  return { em: database.em(), storage, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/**
 * Opens the database of a configuration and runs the pending migrations. Throws `ConfigError` for
 * a missing SQLite file unless it may be created: a command with the wrong `DATA_DIR` would report
 * on an empty database instead.
 */
export async function openMigrated(config: Config, { create = false } = {}): Promise<Database> {
  if (config.database.kind === 'sqlite' && !create) await assertExists(config.database.file);
  await ensureFolder(config.dataDir);
  const database = await openDatabase(config.database);
  try {
    await database.withExclusiveLock(() => database.migrate());
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
