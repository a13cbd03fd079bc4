import SqliteDatabase from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import { readingContext } from '../../scripts/support/reading-context.ts';
import type { Context } from '../../src/context.ts';
import type { FileSortKey } from '../../src/files/keyset-pagination.ts';
import { listFiles } from '../../src/files/list-files.ts';
import { findVisibleFiles } from '../../src/files/load-files.ts';
import { listEntities } from '../../src/workspace/entity-list.ts';
import { listProjects } from '../../src/workspace/projects.ts';
import { listTasks } from '../../src/workspace/tasks.ts';
import { openSqliteDatabase } from '../support/sqlite-database.ts';

afterEach(() => vi.restoreAllMocks());

/** Reads the lists of what a member may see, whose statements are the longest. */
async function readLists(ctx: Context): Promise<void> {
  for (const by of ['createdAt', 'nameKey', 'size'] as const)
    for (const direction of ['ASC', 'DESC'] as const) {
      const key: FileSortKey = [by, by === 'nameKey' ? 'g' : 7, 7];
      const files = listFiles(ctx, {}, { by, direction });
      await files.page({ limit: 51 });
      await files.page({ limit: 51, after: key });
      await files.page({ limit: 51, before: key, inverted: true });
    }
  for (const list of [listTasks(ctx), listProjects(ctx), listEntities(ctx)]) await list.page({ limit: 51 });
  await findVisibleFiles(ctx, [1, 2, 3]);
}

test('no statement of a list is prepared a second time', async () => {
  await using at = await openSqliteDatabase();
  const read = () => readLists(readingContext(at.database, { userId: 1, isAdmin: false, scope: 'WRITE' }));
  const prepare = vi.spyOn(SqliteDatabase.prototype, 'prepare');
  await read();
  expect(prepare).toHaveBeenCalled();
  prepare.mockClear();
  await read();
  expect(prepare.mock.calls.map(([sql]) => sql)).toEqual([]);
});
