import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import type { EntityManager } from '../../src/database/database.ts';
import { User } from '../../src/database/entities/index.ts';
import { select } from '../../src/database/rows.ts';
import { scanNow } from '../../src/database/scans.ts';
import { transact } from '../../src/database/transaction.ts';
import { BadUserInputError, DatabaseUnavailableError } from '../../src/errors.ts';
import { openSqliteDatabase } from '../support/sqlite-database.ts';

afterEach(() => vi.restoreAllMocks());

/** Counts to a million, some tenths of a second long. */
const LONG =
  'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select count(*) as count from n';
const count = (em: EntityManager, to = 1_000_000) => scanNow<{ count: number }>(em, LONG, [to]);
const countUsers = async (em: EntityManager) =>
  (await scanNow<{ count: number }>(em, 'select count(*) as count from users', []))[0]?.count;
const createUser = (em: EntityManager) => {
  em.create(User, { displayName: 'Ada', email: null, isAdmin: false, createdAt: new Date() });
  return em.flush();
};

test('other statements are answered while a scan runs', async () => {
  await using at = await openSqliteDatabase();
  const order: string[] = [];
  const scanning = count(at.database.em()).then(() => order.push('scan'));
  await transact(at.database.em(), createUser);
  await select(at.database.em(), 'select 1 as one', []);
  order.push('others');
  await scanning;
  expect(order).toEqual(['others', 'scan']);
});

test('a scan returns what the same statement returns on a connection', async () => {
  await using at = await openSqliteDatabase();
  const em = at.database.em();
  const sql = `select ? as text, ? as number, ? as large, ? as real, ? as flag, ? as date, ? as missing`;
  const values = ['ä "', 1, 2 ** 53 - 1, 1.5, true, new Date(1234), null];
  expect(await scanNow(em, sql, values)).toEqual(await select(em, sql, values));
});

test('a scan reads what was committed before, and in a transaction its own changes', async () => {
  await using at = await openSqliteDatabase();
  await transact(at.database.em(), createUser);
  expect(await countUsers(at.database.em())).toBe(1);
  await transact(at.database.em(), async (em) => {
    em.create(User, { displayName: 'Bo', email: null, isAdmin: false, createdAt: new Date() });
    expect(await countUsers(em)).toBe(2);
    expect(await countUsers(at.database.em())).toBe(1);
  });
});

test('a scan fails with the errors of a connection', async () => {
  await using at = await openSqliteDatabase();
  const em = at.database.em();
  const errorsOf = (sql: string, values: unknown[]) =>
    Promise.all([scanNow, select].map((run) => run(em, sql, values).catch((error: Error) => error)));
  for (const sql of ['select * from nowhere', 'select nothing from users', 'select from']) {
    const [scanned, selected] = (await errorsOf(sql, [])) as [Error, Error];
    expect(scanned.constructor).toBe(selected.constructor);
    expect(scanned.message).toContain(selected.message.split(' - ').at(-1));
    expect(scanned).toMatchObject({ code: (selected as Error & { code: string }).code });
  }
  await expect(scanNow(em, 'select ? as text', ['\0'])).rejects.toThrow(BadUserInputError);
});

test('a scan writes nothing', async () => {
  await using at = await openSqliteDatabase();
  const writing = scanNow(at.database.em(), `insert into users (display_name) values ('Ada') returning id`, []);
  await expect(writing).rejects.toThrow('readonly');
});

test('a scan whose thread dies fails, and the next one starts another thread', async () => {
  await using at = await openSqliteDatabase();
  const postMessage = vi.spyOn(Worker.prototype, 'postMessage');
  const em = at.database.em();
  await count(em, 1);
  const [dying, waiting] = [count(em), count(em, 10)];
  await vi.waitFor(() => expect(postMessage).toHaveBeenCalledTimes(2));
  const [thread] = postMessage.mock.contexts as Worker[];
  thread?.terminate();
  await expect(dying).rejects.toThrow(DatabaseUnavailableError);
  expect(await waiting).toEqual([{ count: 10 }]);
});

test('closing waits for the scan that runs, and refuses those that wait', async () => {
  let scans: PromiseSettledResult<unknown>[] | undefined;
  {
    await using at = await openSqliteDatabase();
    const em = at.database.em();
    await count(em, 1);
    Promise.allSettled([count(em), count(em, 1), count(em, 1)]).then((settled) => {
      scans = settled;
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(scans?.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(scans?.[1]).toMatchObject({ reason: expect.any(DatabaseUnavailableError) });
});
