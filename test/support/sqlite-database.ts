import { join } from 'node:path';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A migrated SQLite database without a server, whose file is removed on disposal. */
export async function openSqliteDatabase(): Promise<{ database: Database; path: string } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('sqlite'));
  const path = join(folder.path, 'attache.db');
  const database = stack.use(await openDatabase({ kind: 'sqlite', file: path }));
  await database.migrate();
  const opened = stack.move();
  return { database, path, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
