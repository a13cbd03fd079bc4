import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openMigrated } from '../../src/app/open.ts';
import { readConfig } from '../../src/config.ts';
import { User } from '../../src/database/entities/index.ts';
import { openDatabase } from '../../src/database/open.ts';
import { KEY, listAll } from '../support/durability-files.ts';
import { testInFull } from '../support/length.ts';
import { startProcess } from '../support/process.ts';

const temporaryFolder = () => mkdtempDisposable(join(tmpdir(), 'attache-database-'));
const person = (displayName: string) => ({ displayName, email: null, isAdmin: false, createdAt: new Date() });

test('opening the database creates a missing data folder', async () => {
  await using folder = await temporaryFolder();
  const dataDir = join(folder.path, 'some', 'where');
  await using database = await openMigrated(readConfig({ DATA_DIR: dataDir }), { create: true });
  await database.check();
});

testInFull(
  'a second server on the same folder fails with "Another server serves", and the first keeps running',
  async () => {
    await using folder = await temporaryFolder();
    await using first = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: 'the-key-of-both' });
    await expect(startProcess({ DATA_DIR: folder.path })).rejects.toThrow('Another server serves');
    expect((await fetch(`${new URL(first.graphqlUrl).origin}/health/ready`)).status).toBe(200);
  },
);

test('opening a file that is no database fails and leaves the file unchanged', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'attache.db');
  const letter = 'Dear Ada, this is a letter that somebody keeps under the name of a database. '.repeat(100);
  await writeFile(path, letter);
  const opening = openDatabase({ kind: 'sqlite', file: path }).then(async (database) => {
    await using opened = database;
    await opened.migrate();
  });
  await expect(opening).rejects.toThrow('not a database');
  expect(await readFile(path, 'utf8')).toBe(letter);
});

test.each(['write', 'read'] as const)('the %s connection uses WAL and foreign keys', async (access) => {
  await using folder = await temporaryFolder();
  await using database = await openDatabase({ kind: 'sqlite', file: join(folder.path, 'attache.db') });
  await database.migrate();
  const connection = database.em().getConnection(access);
  const setting = (name: string) => connection.execute(`pragma ${name}`, [], 'get');
  expect(await setting('journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(await setting('foreign_keys')).toEqual({ foreign_keys: 1 });
});

test('a read does not wait for the open transaction of another process', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'attache.db');
  await using database = await openDatabase({ kind: 'sqlite', file: path });
  await database.migrate();
  using other = openOther(path);
  other.run('begin immediate');
  other.run(`insert into users (display_name, is_admin, created_at) values ('Ada', 0, 0)`);
  expect(await database.em().count(User)).toBe(0);
  other.run('commit');
  expect(await database.em().count(User)).toBe(1);
});

testInFull('servers that start at once on one empty folder either serve or fail with a readable error', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'attache.db');
  new SqliteDatabase(path).exec('pragma journal_mode = wal').close();
  using other = openOther(path);
  // Blocks all servers at their first write, so that they continue together.
  other.run('begin immediate');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY };
  const starting = Promise.allSettled([startProcess(env), startProcess(env), startProcess(env)]);
  await pause(3000);
  other.run('commit');

  const starts = await starting;
  await using stack = new AsyncDisposableStack();
  const servers = starts.flatMap((start) => (start.status === 'fulfilled' ? stack.use(start.value) : []));
  const failures = starts.flatMap((start) => (start.status === 'rejected' ? String(start.reason) : []));
  expect(failures.filter((failure) => /SqliteError|^\s+at /m.test(failure.split('\n').slice(1).join('\n')))).toEqual(
    [],
  );
  expect(servers.length).toBeGreaterThan(0);
  for (const server of servers) expect(await listAll(server)).toEqual([]);
  expect(other.names()).toEqual(['Administrator']);
});

testInFull(
  'a transaction waits for one of another process that takes longer than the SQLite busy timeout',
  async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'attache.db');
    await using database = await openDatabase({ kind: 'sqlite', file: path });
    await database.migrate();
    using other = openOther(path);
    other.run('begin immediate');
    const added = database.em().transactional(async (em) => void em.create(User, person('Ada')));
    await pause(1); // the first attempt blocks this process for 10 s
    other.run('commit');
    await added;
    expect(await database.em().count(User)).toBe(1);
  },
);

test('concurrent transactions run one after another, and none of them fails', async () => {
  await using folder = await temporaryFolder();
  await using database = await openDatabase({ kind: 'sqlite', file: join(folder.path, 'attache.db') });
  await database.migrate();
  const addOneMore = () =>
    database.em().transactional(async (em) => {
      const count = await em.count(User);
      em.create(User, { ...person(`User ${count}`), email: `${count}@example.com` });
    });
  await Promise.all(Array.from({ length: 20 }, addOneMore));
  const users = await database.em().findAll(User);
  expect(new Set(users.map((user) => user.email)).size).toBe(20);
});

/** A connection of another program to the database. */
function openOther(path: string) {
  const other = new SqliteDatabase(path, { fileMustExist: true });
  return {
    names: () => other.prepare('select display_name from users').pluck().all(),
    run: (sql: string) => void other.prepare(sql).run(),
    [Symbol.dispose]: () => other.close(),
  };
}
