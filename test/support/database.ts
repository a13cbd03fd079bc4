import { constants, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase, nameIn, type PostgresDatabase } from '../../scripts/support/postgres.ts';
import type { DatabaseLocation } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * The kind of database that this run tests. In the project `postgres`, each data folder has its own
 * database, which is dropped at the latest after the test file; in the project `sqlite`, the
 * database is a file in the folder.
 */
export const kind = inject('database');

/**
 * What a new database has: nothing, the tables, or what the first start of a server creates as
 * well.
 */
export type InitialContent = 'nothing' | 'migrated' | 'started';

/** Creates a PostgreSQL database, with tables by default. Only in the project `postgres`. */
export async function createPostgresDatabase(content: InitialContent = 'migrated'): Promise<PostgresDatabase> {
  const templates = inject('postgresTemplates');
  if (!templates) throw new Error('This test is about PostgreSQL, and runs where there is none.');
  const server = Object.assign(new URL(templates.migrated), { pathname: 'postgres' }).href;
  return createDatabase(server, content === 'nothing' ? undefined : nameIn(templates[content]));
}

/** Creates the location of an empty database without tables. */
export async function createPlace(): Promise<{ place: DatabaseLocation } & AsyncDisposable> {
  if (kind === 'sqlite') {
    const folder = await temporaryFolder('database');
    return { place: { kind, file: join(folder.path, 'attache.db') }, [Symbol.asyncDispose]: () => folder.remove() };
  }
  const database = await createPostgresDatabase('nothing');
  return { place: { kind, url: database.url }, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const byFolder = new Map<string, Promise<PostgresDatabase>>();

/** The settings, apart from `DATA_DIR`, that make a server use the database of the test run. */
export async function databaseEnv(dataDir: string, content?: InitialContent): Promise<{ DATABASE_URL?: string }> {
  if (kind === 'sqlite') return {};
  const database = byFolder.get(dataDir) ?? createPostgresDatabase(content);
  byFolder.set(dataDir, database);
  return { DATABASE_URL: (await database).url };
}

/**
 * Returns `databaseEnv` for a server that is about to start, with a copy of a template unless the
 * folder has a database already. PostgreSQL copies the template itself.
 */
export async function prepareDatabase(
  dataDir: string,
  content: Exclude<InitialContent, 'nothing'> = 'migrated',
): Promise<{ DATABASE_URL?: string }> {
  if (kind === 'sqlite') {
    const template = inject('sqliteTemplates')[content];
    // An existing database is kept. A folder that the server has yet to create gets none.
    await copyFile(template, join(dataDir, 'attache.db'), constants.COPYFILE_EXCL).catch((error) => {
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error;
    });
  }
  return databaseEnv(dataDir, content);
}

/** The location of the database of a data folder, for access beside the server. */
export async function placeOf(dataDir: string): Promise<DatabaseLocation> {
  const { DATABASE_URL: url } = await databaseEnv(dataDir);
  return url ? { kind: 'postgres', url } : { kind: 'sqlite', file: join(dataDir, 'attache.db') };
}

/** Marks statements that a test sends itself. */
export const BY_A_TEST = '/* by a test */';

/** Runs a statement on a connection of its own beside the server, and returns its rows. */
export async function runSql<Row>(dataDir: string, sql: string, ...values: unknown[]): Promise<Row[]> {
  await using database = await openDatabase(await placeOf(dataDir));
  return await database.em().execute(`${sql}\n${BY_A_TEST}`, values);
}

/** Removes a data folder and its database. */
export async function removeData(dataDir: string): Promise<void> {
  await (await byFolder.get(dataDir))?.[Symbol.asyncDispose]();
  byFolder.delete(dataDir);
  await rm(dataDir, { recursive: true, force: true });
}

/** Drops the databases that tests did not remove. */
export async function dropDatabases(): Promise<void> {
  for (const database of byFolder.values()) await (await database)[Symbol.asyncDispose]();
  byFolder.clear();
}
