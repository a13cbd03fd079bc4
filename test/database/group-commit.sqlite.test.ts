import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { waitUntilDurable, whenCommitted } from '../../src/database/durability.ts';
import { User } from '../../src/database/entities/index.ts';
import { transact } from '../../src/database/transaction.ts';
import { DatabaseUnavailableError, InsufficientStorageError } from '../../src/errors.ts';
import { holdSyncs } from '../support/hold-syncs.ts';
import { openSqliteDatabase } from '../support/sqlite-database.ts';

afterEach(() => vi.restoreAllMocks());

const add = (database: Database, displayName: string, then = async () => {}) =>
  transact(database.em(), async (em) => {
    em.create(User, { displayName, email: null, isAdmin: false, createdAt: new Date() });
    await em.flush();
    await then();
  });

const names = async (database: Database) =>
  (await database.em().findAll(User, { orderBy: { id: 'asc' } })).map((user) => user.displayName);

test('a commit, and waitUntilDurable of a reader that sees it, resolve only after its sync', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before'); // opens the write-ahead log
  const { releaseSyncs } = await holdSyncs(at.path);
  let answered = false;
  const adding = add(at.database, 'Ada').then(() => {
    answered = true;
  });
  const em = at.database.em();
  while ((await em.count(User, { displayName: 'Ada' })) === 0) await turn();
  let isSafe = false;
  const safe = waitUntilDurable(em).then(() => {
    isSafe = true;
  });
  for (let turns = 0; turns < 50; turns++) await turn();
  expect({ answered, isSafe }).toEqual({ answered: false, isSafe: false });
  await releaseSyncs();
  await Promise.all([adding, safe]);
});

test('a transaction reports its commit once, before its sync, and not when it is rolled back', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before');
  const { releaseSyncs } = await holdSyncs(at.path);
  const reports: string[] = [];
  const report = (name: string, fail = false) =>
    transact(at.database.em(), async (em) => {
      whenCommitted(em, (durable) => {
        reports.push(`${name} is committed`);
        void durable.then(() => reports.push(`${name} is durable`));
      });
      em.create(User, { displayName: name, email: null, isAdmin: false, createdAt: new Date() });
      await em.flush();
      if (fail) throw new Error('no');
    });
  const first = report('first').then(() => reports.push('first has ended'));
  while (reports.length === 0) await turn();
  const others = Promise.allSettled([report('second'), report('failing', true), report('third')]);
  for (let turns = 0; turns < 50; turns++) await turn();
  expect(reports).toEqual(['first is committed']);
  await releaseSyncs();
  await first;
  while (reports.length < 5) await turn();
  expect(reports.slice(1).toSorted()).toEqual([
    'first has ended',
    'first is durable',
    'second is committed',
    'third is committed',
  ]);
  await releaseSyncs();
  await others;
  expect(reports.slice(5).toSorted()).toEqual(['second is durable', 'third is durable']);
  expect(await names(at.database)).toEqual(['before', 'first', 'second', 'third']);
});

test('transactions that arrive during a sync share the next sync', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before');
  const { spy, releaseSyncs } = await holdSyncs(at.path);
  const first = add(at.database, 'first');
  while (spy.mock.calls.length === 0) await turn();
  const others = Array.from({ length: 40 }, (_, index) => add(at.database, `${index}`));
  await releaseSyncs();
  await first;
  await releaseSyncs();
  await Promise.all(others);
  expect(spy).toHaveBeenCalledTimes(2);
  expect(new Set(await names(at.database)).size).toBe(42);
});

test('a failing transaction does not affect the others of its group', async () => {
  await using at = await openSqliteDatabase();
  const all = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) =>
      add(at.database, `${index}`, async () => {
        if (index % 3 === 0) throw new Error('no');
      }),
    ),
  );
  expect(all.filter((one) => one.status === 'rejected')).toHaveLength(10);
  const kept = Array.from({ length: 30 }, (_, index) => `${index}`).filter((name) => Number(name) % 3 !== 0);
  expect((await names(at.database)).toSorted()).toEqual(kept.toSorted());
});

test('a failing transaction releases the write lock of the database', async () => {
  await using at = await openSqliteDatabase();
  const failing = add(at.database, 'Ada', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  using other = new OtherProgram(at.path);
  other.database.exec('begin immediate; rollback');
});

const insertUser = (name: string) =>
  `insert into users (display_name, is_admin, created_at) values ('${name}', false, 0)`;

test('a statement outside a transaction is committed while a group is open', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before');
  const adding = Array.from({ length: 20 }, (_, index) => add(at.database, `${index}`));
  await at.database.em().execute(insertUser('lone'));
  using other = new OtherProgram(at.path);
  expect(other.database.prepare(`select count(*) from users where display_name = 'lone'`).pluck().get()).toBe(1);
  await Promise.all(adding);
  expect(await names(at.database)).toHaveLength(22);
});

test('a statement outside a transaction resolves only after its sync', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before');
  const { releaseSyncs } = await holdSyncs(at.path);
  let answered = false;
  const adding = at.database
    .em()
    .execute(insertUser('lone'))
    .then(() => {
      answered = true;
    });
  while ((await at.database.em().count(User, { displayName: 'lone' })) === 0) await turn();
  for (let turns = 0; turns < 50; turns++) await turn();
  expect(answered).toBe(false);
  await releaseSyncs();
  await adding;
});

test('a failing statement outside a transaction releases the connection', async () => {
  await using at = await openSqliteDatabase();
  await expect(at.database.em().execute('insert into users (id) values (null)')).rejects.toThrow('NOT NULL');
  await add(at.database, 'Ada');
  expect(await names(at.database)).toEqual(['Ada']);
});

test('the event loop runs while another process writes, and a write waits for it', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before');
  using other = new OtherProgram(at.path);
  other.database.exec('begin immediate');
  const writing = Promise.all([add(at.database, 'Ada'), at.database.em().execute(insertUser('lone'))]);
  await pause(50); // not reached while SQLite itself waits for the lock, as it would for seconds
  other.database.exec('rollback');
  await writing;
  expect(await names(at.database)).toEqual(['before', 'Ada', 'lone']);
});

test('a nested transaction that fails undoes its own changes alone', async () => {
  await using at = await openSqliteDatabase();
  const connection = at.database.em().getConnection('write');
  await connection.transactional(async (outer) => {
    await connection.execute(insertUser('outer'), [], 'run', outer);
    const failing = connection.transactional(
      async (inner) => {
        await connection.execute(insertUser('inner'), [], 'run', inner);
        throw new Error('no');
      },
      { ctx: outer },
    );
    await expect(failing).rejects.toThrow('no');
    await connection.transactional((inner) => connection.execute(insertUser('second'), [], 'run', inner), {
      ctx: outer,
    });
  });
  expect(await names(at.database)).toEqual(['outer', 'second']);
});

test('a read sees nothing of a transaction that runs or waits for the commit of its group', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before');
  const { releaseSyncs } = await holdSyncs(at.path);
  const committing = add(at.database, 'committed');
  while ((await names(at.database)).length === 1) await turn();
  const seen: string[][] = [];
  const note = async () => void seen.push(await names(at.database));
  const waiting = add(at.database, 'waits', note);
  const running = add(at.database, 'runs', note);
  while (seen.length < 2) await turn();
  await note();
  expect(seen).toEqual(Array.from({ length: 3 }, () => ['before', 'committed']));
  await releaseSyncs();
  await committing;
  await releaseSyncs();
  await Promise.all([waiting, running]);
  expect(await names(at.database)).toEqual(['before', 'committed', 'waits', 'runs']);
});

test('a full disk rejects the transactions that cannot be committed and stores none of their rows', async () => {
  await using at = await openSqliteDatabase();
  await add(at.database, 'before');
  const connection = at.database.em().getConnection('write');
  const { page_count: pages } = await connection.execute<{ page_count: number }>('pragma page_count', [], 'get');
  await connection.execute(`pragma max_page_count = ${pages}`);
  const long = 'x'.repeat(100_000);
  const all = await Promise.allSettled(['a', 'b', 'c', long, 'd'].map((name) => add(at.database, name)));
  const failed = all.filter((one) => one.status === 'rejected');
  expect(failed.length).toBeGreaterThan(0);
  for (const { reason } of failed) expect(reason).toBeInstanceOf(InsufficientStorageError);
  const kept = all.filter((one) => one.status === 'fulfilled').length;
  expect(await names(at.database)).toHaveLength(1 + kept);
  await connection.execute('pragma max_page_count = 1000000');
  await add(at.database, long);
  expect((await names(at.database)).at(-1)).toBe(long);
});

test('failing transactions that never pause do not delay the commit of another without bound', async () => {
  await using at = await openSqliteDatabase();
  let answered = false;
  const failUntilAnswered = async () => {
    while (!answered)
      await add(at.database, 'no', () => turn().then(() => Promise.reject(new Error('no')))).catch(() => {});
  };
  const failing = Array.from({ length: 4 }, failUntilAnswered);
  const adding = add(at.database, 'Ada').then(() => 'committed');
  const outcome = await Promise.race([adding, pause(5000, 'still waiting')]);
  answered = true;
  await Promise.all([...failing, adding]);
  expect(outcome).toBe('committed');
});

test('a transaction that has ended cannot be committed, and another keeps the connection', async () => {
  await using at = await openSqliteDatabase();
  const connection = at.database.em().getConnection('write');
  const ended = await connection.begin();
  await connection.commit(ended);
  const holder = await connection.begin();
  await connection.execute(insertUser('Ada'), [], 'run', holder);
  await expect(connection.commit(ended)).rejects.toThrow('has ended');
  const adding = add(at.database, 'Bo');
  await connection.rollback(holder);
  await adding;
  expect(await names(at.database)).toEqual(['Bo']);
});

test('a transaction that cannot be rolled back alone fails its group, and releases the connection', async () => {
  await using at = await openSqliteDatabase();
  const connection = at.database.em().getConnection('write');
  const first = await connection.begin();
  const joining = connection.begin();
  await connection.execute(insertUser('first'), [], 'run', first);
  const committing = expect(connection.commit(first)).rejects.toThrow('no such savepoint');
  const second = await joining;
  await connection.execute('rollback', [], 'run', second); // ends the transaction that both share
  await connection.rollback(second);
  await committing;
  await add(at.database, 'Ada');
  expect(await names(at.database)).toEqual(['Ada']);
});

test('transactions that wait when the database is closed run, and later ones fail', async () => {
  await using stack = new AsyncDisposableStack();
  const { database } = stack.use(await openSqliteDatabase());
  const connection = database.em().getConnection('write');
  const holder = await connection.begin();
  const insertion = 'insert into users (display_name, is_admin, created_at) values (?, false, 0)';
  const waiting = connection.execute(insertion, ['Ada'], 'run');
  const closing = stack.disposeAsync();
  await pause(20); // other parts of the database are closed first
  const late = expect(connection.execute(insertion, ['Bo'], 'run')).rejects.toThrow(DatabaseUnavailableError);
  await connection.rollback(holder);
  expect(await waiting).toMatchObject({ affectedRows: 1 });
  await Promise.all([closing, late]);
  await expect(connection.begin()).rejects.toThrow(DatabaseUnavailableError);
});

/** Another program with a connection to the database file. */
class OtherProgram implements Disposable {
  readonly database: SqliteDatabase.Database;
  constructor(path: string) {
    this.database = new SqliteDatabase(path, { timeout: 10_000 });
  }
  [Symbol.dispose](): void {
    this.database.close();
  }
}
