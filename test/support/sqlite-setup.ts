import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildServer } from '../../scripts/support/build.ts';
import { openDatabase } from '../../src/database/open.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of a SQLite file with tables and no rows, as a template. */
    sqliteTemplate: string;
  }
}

/** Builds the server for tests that run it as a process, and migrates the template database. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await buildServer();
  const folder = await mkdtemp(join(tmpdir(), 'attache-template-'));
  const file = join(folder, 'attache.db');
  {
    await using database = await openDatabase({ kind: 'sqlite', file });
    await database.migrate();
  }
  provide('sqliteTemplate', file);
  return () => rm(folder, { recursive: true });
}
