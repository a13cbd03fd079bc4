import type { TestProject } from 'vitest/node';
import { buildServer } from '../../scripts/support/build.ts';
import { type Postgres, startPostgres } from '../../scripts/support/postgres.ts';
import { openDatabase } from '../../src/database/open.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The kind of database of the project. */
    database: 'sqlite' | 'postgres';
    /** Whether long tests run in full. */
    full: boolean;
    /**
     * The URL of a database with tables and no rows, as a template; undefined without PostgreSQL.
     */
    postgresTemplate: string | undefined;
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
  const template = await postgres.createDatabase();
  await using database = await openDatabase(template);
  await database.migrate();
  provide('postgresTemplate', template.url);
  return () => postgres[Symbol.asyncDispose]();
}
