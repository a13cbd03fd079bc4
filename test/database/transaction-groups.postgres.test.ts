import { expect, test } from 'vitest';
import { query } from '../../scripts/support/postgres.ts';
import type { Database, EntityManager } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { executeUnawaited } from '../../src/database/pipeline.ts';
import { transact } from '../../src/database/transaction.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { createPostgresDatabase } from '../support/database.ts';

const group = { key: 'a', path: [] };
const insert = (em: EntityManager, id: number) => em.execute('insert into things (id) values (?)', [id]);
const idsIn = async (database: Database): Promise<number[]> =>
  (await database.em().execute<{ id: number }[]>('select id from things order by id')).map(({ id }) => id);

async function openWithThings() {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await createPostgresDatabase());
  await query(url, 'create table things (id integer primary key check (id <> 13))');
  const database = stack.use(await openDatabase({ kind: 'postgres', url }));
  const opened = stack.move();
  return { url, database, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/**
 * Runs the works in one group: the first transaction holds the key until they have all arrived.
 * Returns their outcomes, and how often each ran.
 */
async function inOneGroup(database: Database, works: ((em: EntityManager) => Promise<unknown>)[]) {
  const { promise: arrived, resolve: start } = Promise.withResolvers<void>();
  const first = transact(database.em(), () => arrived, group);
  const runs = works.map(() => 0);
  const others = works.map((work, index) =>
    transact(
      database.em(),
      (em) => {
        runs[index] = (runs[index] ?? 0) + 1;
        return work(em);
      },
      group,
    ),
  );
  start();
  const outcomes = await Promise.allSettled(others);
  await first;
  return { outcomes: outcomes.map(({ status }) => status), reasons: outcomes, runs };
}

test('a statement that nobody waits for fails the transaction', async () => {
  await using opened = await openWithThings();
  const { database } = opened;
  const insertUnawaited = (em: EntityManager) => executeUnawaited(em, 'insert into things (id) values (?)', [13]);
  await expect(transact(database.em(), insertUnawaited)).rejects.toThrow('things_id_check');
  const andMore = async (em: EntityManager) => {
    await insertUnawaited(em);
    await insert(em, 1);
  };
  await expect(transact(database.em(), andMore)).rejects.toThrow('things_id_check');
  expect(await idsIn(database)).toEqual([]);
});

test('members of a group are committed together, and one that fails is rolled back alone', async () => {
  await using opened = await openWithThings();
  const { database } = opened;
  const xids: unknown[] = [];
  const insertAndNote = async (em: EntityManager, id: number) => {
    await insert(em, id);
    xids.push((await em.execute<{ xid: string }[]>('select pg_current_xact_id()::text as xid'))[0]?.xid);
  };
  const { outcomes, runs } = await inOneGroup(database, [
    (em) => insertAndNote(em, 1),
    async (em) => {
      await insert(em, 2);
      throw new Error('of the work');
    },
    (em) => insert(em, 13),
    (em) => insertAndNote(em, 3),
  ]);
  expect(outcomes).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(runs).toEqual([1, 1, 1, 1]);
  expect(new Set(xids).size).toBe(1);
  expect(await idsIn(database)).toEqual([1, 3]);
});

test('a member whose last statement fails unnoticed does not fail those after it', async () => {
  await using opened = await openWithThings();
  const { database } = opened;
  const { outcomes } = await inOneGroup(database, [
    (em) => insert(em, 1),
    (em) => executeUnawaited(em, 'insert into things (id) values (?)', [13]),
    (em) => insert(em, 2),
  ]);
  expect(outcomes).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await idsIn(database)).toEqual([1, 2]);
});

test('a member reads what those before it have inserted', async () => {
  await using opened = await openWithThings();
  const { database } = opened;
  const once = async (em: EntityManager) => {
    const found = await em.execute('select id from things');
    if (found.length === 0) await insert(em, 1);
  };
  const { outcomes, runs } = await inOneGroup(database, [once, (em) => insert(em, 2), once]);
  expect(outcomes).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  expect(runs).toEqual([1, 1, 1]);
  expect(await idsIn(database)).toEqual([1, 2]);
});

const failAtCommit = (what: string) => `
  create function at_commit() returns trigger language plpgsql as $$ begin ${what} return null; end $$;
  create constraint trigger at_commit after insert on things deferrable initially deferred
    for each row when (new.id = 5) execute function at_commit()`;

test('members of a group whose commit is refused run again, each alone', async () => {
  await using opened = await openWithThings();
  const { database, url } = opened;
  await query(url, failAtCommit(`raise exception 'refused';`));
  const { outcomes, runs } = await inOneGroup(database, [
    (em) => insert(em, 1),
    (em) => insert(em, 5),
    (em) => insert(em, 2),
  ]);
  expect(outcomes).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(runs).toEqual([2, 2, 2]);
  expect(await idsIn(database)).toEqual([1, 2]);
});

test('members of a group whose commit breaks off fail, and do not run again', async () => {
  await using opened = await openWithThings();
  const { database, url } = opened;
  await query(url, failAtCommit('perform pg_terminate_backend(pg_backend_pid());'));
  const { reasons, runs } = await inOneGroup(database, [(em) => insert(em, 1), (em) => insert(em, 5)]);
  for (const outcome of reasons)
    expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(DatabaseUnavailableError);
  expect(runs).toEqual([1, 1]);
  expect(await idsIn(database)).toEqual([]);
});

test('members of a group whose connection breaks before the commit run again', async () => {
  await using opened = await openWithThings();
  const { database } = opened;
  let isBroken = false;
  const { outcomes, runs } = await inOneGroup(database, [
    (em) => insert(em, 1),
    async (em) => {
      if (!isBroken) {
        isBroken = true;
        await em.execute('select pg_terminate_backend(pg_backend_pid())');
      }
      await insert(em, 2);
    },
    (em) => insert(em, 3),
  ]);
  expect(outcomes).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  expect(runs).toEqual([2, 2, 1]);
  expect(await idsIn(database)).toEqual([1, 2, 3]);
});
