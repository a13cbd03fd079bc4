import { constants, copyFile, mkdtempDisposable, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase, type PostgresDatabase } from '../../scripts/support/postgres.ts';
import type { DatabaseLocation } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';

/**
 * Which database the tests of this run are about. In the project `postgres`, each folder of data has a database of its
 * own that is gone with the file of tests at the latest; in the project `sqlite`, it lies in the folder itself.
 */
export const kind = inject('database');

/** A fresh PostgreSQL database without rows; with all tables, unless `migrated` is false. Only in the project `postgres`. */
export async function createPostgresDatabase({ migrated = true } = {}): Promise<PostgresDatabase> {
  const template = inject('postgresTemplate');
  if (!template) throw new Error('This test is about PostgreSQL, and runs where there is none.');
  const { pathname } = new URL(template);
  const server = Object.assign(new URL(template), { pathname: 'postgres' }).href;
  return createDatabase(server, migrated ? pathname.slice(1) : undefined);
}

/** A place for a database that has nothing in it, not even tables. */
export async function createPlace(): Promise<{ place: DatabaseLocation } & AsyncDisposable> {
  if (kind === 'sqlite') {
    const folder = await mkdtempDisposable(join(tmpdir(), 'attache-database-'));
    return { place: { kind, file: join(folder.path, 'attache.db') }, [Symbol.asyncDispose]: () => folder.remove() };
  }
  const database = await createPostgresDatabase({ migrated: false });
  return { place: { kind, url: database.url }, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const byFolder = new Map<string, Promise<PostgresDatabase>>();

/** What an operator would set, beside the folder, for the server to keep its rows where this run of the tests wants them. */
export async function databaseEnv(dataDir: string): Promise<{ DATABASE_URL?: string }> {
  if (kind === 'sqlite') return {};
  const database = byFolder.get(dataDir) ?? createPostgresDatabase();
  byFolder.set(dataDir, database);
  return { DATABASE_URL: (await database).url };
}

/**
 * What `databaseEnv` answers, for a server that is about to start. It finds the tables made: a copy of the template, as
 * PostgreSQL makes one by itself.
 */
export async function prepareDatabase(dataDir: string): Promise<{ DATABASE_URL?: string }> {
  if (kind === 'sqlite') {
    // A folder that has a database keeps it; one that the server has to make first gets none.
    await copyFile(inject('sqliteTemplate'), join(dataDir, 'attache.db'), constants.COPYFILE_EXCL).catch((error) => {
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error;
    });
  }
  return databaseEnv(dataDir);
}

/** The database of a folder of data, beside the server that runs on it. */
export async function placeOf(dataDir: string): Promise<DatabaseLocation> {
  const { DATABASE_URL: url } = await databaseEnv(dataDir);
  return url ? { kind: 'postgres', url } : { kind: 'sqlite', file: join(dataDir, 'attache.db') };
}

/** Ends the statements that tests send by themselves. */
export const BY_A_TEST = '/* by a test */';

/** Runs a statement as another program would, beside the server. Answers the rows of one that has any. */
export async function runSql<Row>(dataDir: string, sql: string, ...values: unknown[]): Promise<Row[]> {
  await using database = await openDatabase(await placeOf(dataDir));
  return await database.em().execute(`${sql}\n${BY_A_TEST}`, values);
}

/** Removes a folder of data, and its database with it. */
export async function removeData(dataDir: string): Promise<void> {
  await (await byFolder.get(dataDir))?.[Symbol.asyncDispose]();
  byFolder.delete(dataDir);
  await rm(dataDir, { recursive: true, force: true });
}

/** Drops what tests did not remove themselves. */
export async function dropDatabases(): Promise<void> {
  for (const database of byFolder.values()) await (await database)[Symbol.asyncDispose]();
  byFolder.clear();
}
