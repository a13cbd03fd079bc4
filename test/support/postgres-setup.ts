import type { TestProject } from 'vitest/node';
import { type Postgres, startPostgres } from '../../scripts/support/postgres.ts';
import { openDatabase } from '../../src/database/open.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The database of the project. */
    database: 'sqlite' | 'postgres';
    /** Whether tests that have a short form run at length. */
    full: boolean;
    /** Where a database lies that has its tables and no rows, to be copied; undefined where there is no PostgreSQL. */
    postgresTemplate: string | undefined;
  }
}

/** Starts one PostgreSQL for all tests of the project. Where there can be none, that is told, and in CI it is a failure. */
export default async function setup({ provide }: TestProject): Promise<(() => PromiseLike<void>) | undefined> {
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
