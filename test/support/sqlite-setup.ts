import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/database/open.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of a SQLite file with tables and no rows, as a template. */
    sqliteTemplate: string;
  }
}

/** Migrates one database as the template for all tests of the project. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'attache-template-'));
  const file = join(folder, 'attache.db');
  {
    await using database = await openDatabase({ kind: 'sqlite', file });
    await database.migrate();
  }
  provide('sqliteTemplate', file);
  return () => rm(folder, { recursive: true });
}
