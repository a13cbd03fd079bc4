import { open, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openSqliteDatabase } from '../support/sqlite-database.ts';

const overwrite = async (path: string) => {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(size, 'x'), 0, size, 0);
};

test.each<[string, (path: string) => Promise<void>]>([
  ['was overwritten', overwrite],
  ['was removed', (path) => rm(path)],
])('the check fails when the file of the database %s', async (_what, damage) => {
  await using at = await openSqliteDatabase();
  await at.database.check();
  await damage(at.path);
  await expect(at.database.check()).rejects.toThrow(at.path);
});
