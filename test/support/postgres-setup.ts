import type { TestProject } from 'vitest/node';
import { buildServer } from '../../scripts/support/build.ts';
import { createDatabase, nameIn, type Postgres, startPostgres } from '../../scripts/support/postgres.ts';
import { openDatabase } from '../../src/database/open.ts';
import { startAndStop } from './started-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The kind of database of the project. */
    database: 'sqlite' | 'postgres';
    /** Whether long tests run in full. */
    full: boolean;
    /**
     * The URLs of two databases as templates: one with tables and no rows, and one on which a
     * server has started before. Undefined without PostgreSQL.
     */
    postgresTemplates: { migrated: string; started: string } | undefined;
  }
}

/**
 * Starts one PostgreSQL for all tests of the project. If it cannot start, this prints the reason,
 * and fails in CI.
 */
export default async function setup({ provide }: TestProject): Promise<(() => PromiseLike<void>) | undefined> {
  await buildServer();
  let postgres: Postgres;
  try {
    postgres = await startPostgres();
  } catch (error) {
    if (process.env.CI) throw error;
    console.error('\nPostgreSQL DOES NOT RUN HERE: every test on it is SKIPPED.\n', error, '\n');
    return undefined;
  }
  const migrated = await postgres.createDatabase();
  {
    await using database = await openDatabase(migrated);
    await database.migrate();
  }
  const started = await createDatabase(postgres.url('postgres'), nameIn(migrated.url));
  await startAndStop(started);
  provide('postgresTemplates', { migrated: migrated.url, started: started.url });
  return () => postgres[Symbol.asyncDispose]();
}
