import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { scanNow } from '../../src/database/scans.ts';
import { transact } from '../../src/database/transaction.ts';
import { openSqliteDatabase } from '../support/sqlite-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1024 ** 2;

let written = 0;
/** Inserts a row of 256 KiB. */
const insert = (database: Database) =>
  transact(database.em(), (em) =>
    em.execute('insert into small_blobs (key, bytes) values (?, zeroblob(262144))', [`key ${written++}`]),
  );

const sizeOf = async (path: string) => (await stat(path)).size;
const count = async (database: Database) =>
  (await scanNow<{ count: number }>(database.em(), 'select count(*) as count from small_blobs', []))[0]?.count;

/** A scan of a hundredth of a second or so. */
const scan = (database: Database) =>
  scanNow(
    database.em(),
    'with recursive n(i) as (select 1 union all select i + 1 from n where i < 30000) select max(i) from n',
    [],
  );

/**
 * How often the log was started again from its beginning.
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
async function restartsOf(path: string): Promise<number> {
  await using log = await open(`${path}-wal`);
  const { buffer } = await log.read(Buffer.alloc(16), { position: 0 });
  return buffer.readUInt32BE(12);
}

test('the log starts again and again while writers and scans never pause', async () => {
  await using at = await openSqliteDatabase();
  await insert(at.database);
  let isWriting = true;
  const scanning = (async () => {
    while (isWriting) await scan(at.database);
  })();
  const first = await restartsOf(at.path);
  let restarts = 0;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (isWriting && restarts < 3 && written < 2000) {
        await insert(at.database);
        restarts = (await restartsOf(at.path)) - first;
      }
    }),
  );
  isWriting = false;
  await scanning;
  expect(restarts).toBe(3);
  expect(await count(at.database)).toBe(written);
});

test('the log is copied while the server runs, and all of it when the database is closed', async () => {
  await using folder = await temporaryFolder('checkpoints');
  const file = join(folder.path, 'attache.db');
  {
    await using database = await openDatabase({ kind: 'sqlite', file });
    await database.migrate();
    for (let round = 0; round < 40; round += 1) await insert(database);
    await expect.poll(() => sizeOf(file)).toBeGreaterThan(4 * MIB);
  }
  const closed = new SqliteDatabase(file, { readonly: true });
  expect(closed.prepare('select count(*) from small_blobs').pluck().get()).toBe(40);
  expect(closed.pragma('integrity_check', { simple: true })).toBe('ok');
  closed.close();
});

test('commits do not wait for a scan, nor for the checkpoint behind it', async () => {
  await using at = await openSqliteDatabase();
  const order: string[] = [];
  const sql = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select max(i) from n';
  const scanning = scanNow(at.database.em(), sql, []).then(() => order.push('scan'));
  for (let round = 0; round < 40; round += 1) await insert(at.database);
  order.push('commits');
  await scanning;
  expect(order).toEqual(['commits', 'scan']);
});

test('a scan does not wait for a transaction that runs while the log is long', async () => {
  await using at = await openSqliteDatabase();
  await transact(at.database.em(), async (em) => {
    for (let row = 0; row < 160; row++)
      await em.execute('insert into small_blobs (key, bytes) values (?, zeroblob(262144))', [`key ${written++}`]);
  });
  expect(await sizeOf(`${at.path}-wal`)).toBeGreaterThan(32 * MIB);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const running = transact(at.database.em(), async (em) => {
    await em.execute("insert into small_blobs (key, bytes) values ('a', zeroblob(1))");
    await released;
  });
  for (let round = 0; round < 3; round++) expect(await count(at.database)).toBe(160);
  release();
  await running;
  expect(await count(at.database)).toBe(161);
});
