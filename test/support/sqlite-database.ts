import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';

/** A migrated SQLite database without a server, whose file is removed on disposal. */
export async function openSqliteDatabase(): Promise<{ database: Database; path: string } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'attache-sqlite-')));
  const path = join(folder.path, 'attache.db');
  const database = stack.use(await openDatabase({ kind: 'sqlite', file: path }));
  await database.migrate();
  const opened = stack.move();
  return { database, path, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
