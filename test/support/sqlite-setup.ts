import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildServer } from '../../scripts/support/build.ts';
import { openDatabase } from '../../src/database/open.ts';
import { startAndStop } from './started-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * The paths of two SQLite files as templates: one with tables and no rows, and one on which a
     * server has started before.
     */
    sqliteTemplates: { migrated: string; started: string };
  }
}

/** Builds the server for tests that run it as a process, and creates the template databases. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await buildServer();
  const folder = await mkdtemp(join(tmpdir(), 'attache-template-'));
  const migrated = join(folder, 'migrated.db');
  {
    await using database = await openDatabase({ kind: 'sqlite', file: migrated });
    await database.migrate();
  }
  const started = join(folder, 'attache.db');
  await copyFile(migrated, started);
  await startAndStop({ dataDir: folder });
  provide('sqliteTemplates', { migrated, started });
  return () => rm(folder, { recursive: true });
}
