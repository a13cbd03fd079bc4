import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { deletePendingBlobs } from '../../src/maintenance/pending-deletions.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { placeOf, runSql } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const keyOf = (index: number) => `2026/01/01/${String(index).padStart(4, '0')}`;

/** A server with so many blobs that are to be deleted. */
async function startWithPending(count: number): Promise<TestServer> {
  const server = await startTestServer();
  const insert = 'insert into blob_deletions (blob_key, requested_at) values (?, ?)';
  for (let index = 0; index < count; index++) await runSql(server.dataDir, insert, keyOf(index), new Date());
  return server;
}

/** A storage that deletes what `isDeleted` says, and of which nothing else is used. */
function storageThat(isDeleted: (key: string) => boolean) {
  const deleted: string[] = [];
  const storage = {
    async delete(key: string) {
      if (!isDeleted(key)) throw new Error(`${key} cannot be deleted.`);
      deleted.push(key);
    },
  } as Partial<Storage> as Storage;
  return { storage, deleted };
}

test('blobs that cannot be deleted keep no other ones, and are tried again', async () => {
  await using server = await startWithPending(450);
  await using database = await openDatabase(await placeOf(server.dataDir));
  const stuck = [keyOf(0), keyOf(250)];
  const { storage, deleted } = storageThat((key) => !stuck.includes(key));
  await expect(deletePendingBlobs(database.em(), storage)).rejects.toThrow('2 blobs could not be deleted');
  expect(deleted).toHaveLength(448);
  const left = 'select blob_key as key from blob_deletions order by blob_key';
  expect((await runSql<{ key: string }>(server.dataDir, left)).map(({ key }) => key)).toEqual(stuck);
  expect(await deletePendingBlobs(database.em(), storageThat(() => true).storage)).toBe(2);
  expect(await runSql(server.dataDir, left)).toEqual([]);
});

test('a storage that cannot be reached is tried for one batch alone', async () => {
  await using server = await startWithPending(450);
  await using database = await openDatabase(await placeOf(server.dataDir));
  const { storage } = storageThat(() => false);
  await expect(deletePendingBlobs(database.em(), storage)).rejects.toThrow('200 blobs could not be deleted');
});
