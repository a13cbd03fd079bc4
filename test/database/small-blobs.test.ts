import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { openSmallBlobTable, type SmallBlobTable } from '../../src/database/small-blob-table.ts';
import { SqliteConnection } from '../../src/database/sqlite-connection.ts';
import { BlobMissingError } from '../../src/errors.ts';
import { openDiskStorage } from '../../src/storage/disk.ts';
import { SmallBlob, StagingMemory } from '../../src/storage/small-blob.ts';
import { storeSmallInRows } from '../../src/storage/small-blobs.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { bytesOf, read, store, writeAll } from '../storage/bytes.ts';
import { storageContract } from '../storage/contract.ts';
import { KIB, type OpenedStorage } from '../storage/opened.ts';
import { createPlace } from '../support/database.ts';
import { filesBelow } from '../support/files-below.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAX_SIZE = 64 * KIB;

let database: Database;
let table: SmallBlobTable;
let place: Awaited<ReturnType<typeof createPlace>>;

beforeAll(async () => {
  place = await createPlace();
  database = await openDatabase(place.place);
  await database.migrate();
  table = openSmallBlobTable(database);
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const keysInTable = async () => (await table.list('', 1000)).map(({ key }) => key);

async function clearTable(): Promise<void> {
  for (let keys = await keysInTable(); keys.length > 0; keys = await keysInTable()) {
    const some = keys;
    await database.em().transactional((em) => table.delete(em, some));
  }
}

/** A storage with a folder of its own, whose commits are transactions of their own. */
async function openStorage(maxSize = MAX_SIZE): Promise<OpenedStorage> {
  const folder = await temporaryFolder('small');
  const large = await openDiskStorage(folder.path);
  // Resumable uploads in rows are tested in test/uploads/small-files.test.ts.
  const storage = { ...committing(storeSmallInRows(large, { table, maxSize })), resume: large.resume };
  const before = new Set(await keysInTable());
  return {
    storage,
    kept: async () => [...(await filesBelow(folder.path)), ...new Set(await keysInTable()).difference(before)],
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]();
      await folder.remove();
      await clearTable();
    },
  };
}

/** Commits each blob in a transaction, as the rows of its file do, and discards it with them. */
function committing(storage: Storage): Storage {
  return {
    ...storage,
    stage() {
      const blob = storage.stage();
      const committed: string[] = [];
      return {
        get head() {
          return blob.head;
        },
        write: (chunk) => blob.write(chunk),
        drained: () => blob.drained(),
        end: () => blob.end(),
        async commit() {
          const key = await blob.commit();
          const { pending } = blob;
          if (pending) await database.em().transactional(async (em) => storage.rows?.insert(em, [pending]));
          committed.push(key);
          return key;
        },
        async discard() {
          await blob.discard();
          for (const key of committed) await storage.delete(key);
        },
      };
    },
  };
}

storageContract('small blobs in rows', () => openStorage());

const isInRow = (key: string) => key.startsWith('rows/');

describe('where bytes are stored', () => {
  test.each([
    [0, true],
    [1, true],
    [MAX_SIZE - 1, true],
    [MAX_SIZE, true],
    [MAX_SIZE + 1, false],
    [3_000_000, false],
  ])('%i bytes: in a row is %s', async (size, inRow) => {
    await using opened = await openStorage();
    for (const chunkSize of [100, 64 * KIB]) {
      const key = await store(opened.storage, bytesOf(size), size > 1_000_000 ? undefined : chunkSize);
      expect(isInRow(key)).toBe(inRow);
      expect((await read(opened.storage, key)).equals(bytesOf(size))).toBe(true);
    }
  });

  test('with the size 0 even an empty blob is a file, and rows that exist are read, listed and deleted', async () => {
    await using on = await openStorage();
    const small = await store(on.storage, bytesOf(10));
    await using off = await openStorage(0);
    const empty = await store(off.storage, bytesOf(0));
    expect([isInRow(small), isInRow(empty)]).toEqual([true, false]);
    expect((await read(off.storage, small)).equals(bytesOf(10))).toBe(true);
    const listed = await Array.fromAsync(off.storage.list());
    expect(listed.map(({ key, size }) => [key, size])).toEqual(
      expect.arrayContaining([
        [small, 10],
        [empty, 0],
      ]),
    );
    await off.storage.delete(small);
    await expect(off.storage.open(small)).rejects.toThrow(BlobMissingError);
  });

  test('keys are listed in the order of their time, page by page', async () => {
    await using opened = await openStorage();
    const startedAt = Date.now();
    await database.em().transactional(async (em) => {
      const { rows } = opened.storage;
      const time = (index: number) => (startedAt + index).toString(16).padStart(12, '0');
      const blobs = Array.from({ length: 1001 }, (_, index) => ({
        key: `rows/${time(index).slice(0, 8)}-${time(index).slice(8)}-7000-8000-000000000000`,
        bytes: bytesOf(1),
      }));
      await rows?.insert(em, blobs);
    });
    const times = (await Array.fromAsync(opened.storage.list())).map(({ storedAt }) => storedAt.getTime());
    const own = times.filter((time) => time >= startedAt);
    expect(own).toEqual(Array.from({ length: 1001 }, (_, index) => startedAt + index));
  });
});

describe('transactions', () => {
  test('bytes whose transaction is rolled back leave nothing', async () => {
    await using opened = await openStorage();
    const work = database.em().transactional(async (em) => {
      await opened.storage.rows?.insert(em, [{ key: 'rows/rolled-back', bytes: bytesOf(10) }]);
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await opened.kept()).toEqual([]);
  });

  test('bytes that a transaction deletes are there until its commit, and again after a rollback', async () => {
    await using opened = await openStorage();
    const key = await store(opened.storage, bytesOf(10));
    const work = database.em().transactional(async (em) => {
      await opened.storage.rows?.delete(em, [key, '2026/11/29/of-another-storage']);
      expect((await read(opened.storage, key)).equals(bytesOf(10))).toBe(true);
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect((await read(opened.storage, key)).equals(bytesOf(10))).toBe(true);
  });

  test('the bytes of one key may be inserted twice, also by one statement', async () => {
    await using opened = await openStorage();
    const blob = { key: 'rows/twice', bytes: bytesOf(10) };
    for (const blobs of [[blob, { ...blob }], [blob]])
      await database.em().transactional(async (em) => opened.storage.rows?.insert(em, blobs));
    expect(await opened.kept()).toEqual(['rows/twice']);
    await opened.storage.delete('rows/twice');
  });

  test('bytes are not written outside of a transaction', async () => {
    await using opened = await openStorage();
    const writing = opened.storage.rows?.insert(database.em(), [{ key: 'rows/alone', bytes: bytesOf(1) }]);
    await expect(writing).rejects.toThrow('in the transaction');
  });
});

describe('memory', () => {
  const staged = async (folder: string, memory: StagingMemory) => {
    const disk = await openDiskStorage(folder);
    return () => new SmallBlob({ maxSize: MAX_SIZE, memory, newKey: () => 'rows/a', spill: () => disk.stage() });
  };

  test('blobs beyond the shared memory are files, and it is free again when all are done', async () => {
    await using folder = await temporaryFolder('small');
    const memory = new StagingMemory(200 * KIB);
    const stage = await staged(folder.path, memory);
    const blobs = Array.from({ length: 100 }, stage);
    for (const blob of blobs) await writeAll(blob, bytesOf(10 * KIB));
    expect(memory.used).toBe(200 * KIB);
    await Promise.all(blobs.map((blob) => blob.end()));
    const keys = await Promise.all(blobs.map((blob) => blob.commit()));
    expect(keys.filter(isInRow)).toHaveLength(20);
    expect(blobs.filter((blob) => blob.pending?.bytes.equals(bytesOf(10 * KIB)))).toHaveLength(20);
    for (const [index, blob] of blobs.entries()) {
      if (index % 2 === 0) blob.release();
      else await blob.discard();
      await blob.discard();
    }
    expect(memory.used).toBe(0);
  });

  test('a blob of tiny chunks takes at most twice its size', async () => {
    await using folder = await temporaryFolder('small');
    const memory = new StagingMemory();
    const blob = (await staged(folder.path, memory))();
    const bytes = bytesOf(50_000);
    for (let at = 0; at < bytes.length; at += 1) blob.write(bytes.subarray(at, at + 1));
    expect(memory.used).toBeLessThanOrEqual(2 * bytes.length);
    await blob.end();
    await blob.commit();
    expect(blob.pending?.bytes.equals(bytes)).toBe(true);
  });

  test('the memory of a blob that a transaction may still insert is not used for another', async () => {
    await using folder = await temporaryFolder('small');
    const stage = await staged(folder.path, new StagingMemory());
    const first = stage();
    await writeAll(first, bytesOf(50_000, 'first'));
    await first.end();
    await first.commit();
    const { bytes } = first.pending as { bytes: Buffer };
    await first.discard();
    for (let count = 0; count < 3; count++) await writeAll(stage(), bytesOf(50_000, `another ${count}`));
    expect(bytes.equals(bytesOf(50_000, 'first'))).toBe(true);
    expect(() => first.pending).toThrow('no longer in memory');
  });

  test('many blobs are inserted in statements of half a MiB at most', async () => {
    const blobs = Array.from({ length: 40 }, (_, index) => ({
      key: `rows/many-${index}`,
      bytes: bytesOf(index * 2000, `${index}`),
    }));
    const statements = vi.spyOn(SqliteConnection.prototype, 'execute');
    let turns = 0;
    let isInserted = false;
    const countTurns = () => {
      turns += 1;
      if (!isInserted) setImmediate(countTurns);
    };
    setImmediate(countTurns);
    await database.em().transactional((em) => table.insert(em, [...blobs, ...blobs.slice(0, 3)]));
    isInserted = true;
    const inserts = statements.mock.calls.filter(([sql]) => sql.startsWith('insert into small_blobs'));
    statements.mockRestore();
    const sizes = inserts.map(([, values = []]) => Buffer.concat(values.filter(Buffer.isBuffer)).length);
    if (database.kind === 'sqlite') expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(512 * KIB);
    expect(turns).toBeGreaterThanOrEqual(sizes.length - 1);
    const stored = await Promise.all(blobs.map(({ key }) => table.read(key)));
    expect(stored.map((bytes, index) => bytes?.equals(blobs[index]?.bytes as Buffer))).toEqual(blobs.map(() => true));
    await clearTable();
  });

  test('a blob that gets too large gives its memory back', async () => {
    await using folder = await temporaryFolder('small');
    const memory = new StagingMemory();
    const blob = (await staged(folder.path, memory))();
    await writeAll(blob, bytesOf(MAX_SIZE), 1000);
    expect(memory.used).toBe(MAX_SIZE);
    blob.write(bytesOf(1));
    expect([memory.used, blob.pending]).toEqual([0, undefined]);
    await blob.discard();
  });
});
