import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { Project, User } from '../../src/database/entities/index.ts';
import { openDatabase } from '../../src/database/open.ts';
import { BadUserInputError } from '../../src/errors.ts';
import { createPlace } from '../support/database.ts';

const person = (displayName: string) => ({ displayName, email: null, isAdmin: false, createdAt: new Date() });

test('migrate() creates the tables that the entities describe', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  expect(await database.drift()).not.toBe('');
  await database.migrate();
  expect(await database.drift()).toBe('');
});

test('migrating a migrated database runs no migration and keeps its rows', async () => {
  await using made = await createPlace();
  {
    await using database = await openDatabase(made.place);
    expect((await database.migrate()).length).toBeGreaterThan(0);
    const em = database.em();
    await em.persist(em.create(User, person('Ada'))).flush();
    expect(await database.migrate()).toEqual([]);
  }
  await using database = await openDatabase(made.place);
  expect(await database.migrate()).toEqual([]);
  expect(await database.drift()).toBe('');
  expect(await database.em().findAll(User)).toMatchObject([{ displayName: 'Ada' }]);
});

test('a committed row is visible to the next unit of work and to another connection', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  await database.em().transactional(async (em) => void em.create(User, person('Ada')));
  expect(await database.em().count(User)).toBe(1);
  await using other = await openDatabase(made.place);
  expect(await other.em().execute('select display_name from users')).toEqual([{ display_name: 'Ada' }]);
});

test('a read does not wait for an open transaction, and sees its rows only after the commit', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  await using transaction = await openTransaction(database);
  expect(await database.em().count(User)).toBe(0);
  expect(await database.em().findAll(User)).toEqual([]);
  await transaction.commit();
  expect(await database.em().count(User)).toBe(1);
});

test('check() does not wait for an open transaction', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  await using _transaction = await openTransaction(database);
  const answered = database.check().then(() => 'answered');
  expect(await Promise.race([answered, pause(5000, 'still waits for the transaction')])).toBe('answered');
});

test('a failed transaction is rolled back', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const failing = database.em().transactional(async (em) => {
    await em.persist(em.create(User, person('Ada'))).flush();
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await database.em().count(User)).toBe(0);
});

test('text, dates, booleans, null and large numbers are read back unchanged', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const at = new Date('2026-11-21T02:16:00.123Z');
  const displayName = `'"\\ ? \\? ü 🙂 ${'x'.repeat(1000)}`;
  const em = database.em();
  const createdBy = em.create(User, { ...person(displayName), createdAt: at });
  em.create(Project, { title: 'a', description: '', maxBytes: 2 ** 53 - 1, createdBy, createdAt: at });
  await em.flush();
  expect(await database.em().findAll(User)).toMatchObject([
    { displayName, createdAt: at, isAdmin: false, email: null },
  ]);
  expect(await database.em().findAll(Project)).toMatchObject([{ maxBytes: 2 ** 53 - 1, usedBytes: 0, usedFiles: 0 }]);
});

test('text is sorted and compared by its UTF-8 bytes', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const names = ['a b', 'ab', 'a-c', 'B', 'b', 'Z', 'ä', 'é', 'z', '_', '\u{1f642}', '\uff5e', 'A'];
  const em = database.em();
  for (const name of names) em.create(User, person(name));
  await em.flush();
  const inBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const sorted = await database.em().findAll(User, { orderBy: { displayName: 'asc' } });
  expect(sorted.map((user) => user.displayName)).toEqual(inBytes);
  const after = await database.em().find(User, { displayName: { $gt: 'Z' } }, { orderBy: { displayName: 'asc' } });
  expect(after.map((user) => user.displayName)).toEqual(inBytes.slice(inBytes.indexOf('Z') + 1));
});

test('text with a NUL character is a BadUserInputError', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const em = database.em();
  em.create(User, person('A\0da'));
  await expect(em.flush()).rejects.toThrow(BadUserInputError);
  await expect(database.em().find(User, { displayName: { $in: ['a', '\0'] } })).rejects.toThrow(BadUserInputError);
  await expect(database.em().execute('select ?', ['\0'])).rejects.toThrow(BadUserInputError);
  const inList = database.em().execute('select 1 where ? in (?)', ['x', ['a\0b']]);
  await expect(inList).rejects.toThrow(BadUserInputError);
});

test('a number outside the range of ids finds nothing and does not fail', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const ids = [2 ** 31, 2 ** 53 - 1, 10 ** 16];
  expect(await database.em().find(User, { id: { $in: ids } })).toEqual([]);
  expect(await database.em().findOne(User, { id: 2 ** 53 - 1 })).toBeNull();
});

test('withExclusiveLock runs one callback at a time, also after one that fails', async () => {
  await using made = await createPlace();
  await using one = await openDatabase(made.place);
  await using other = await openDatabase(made.place);
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await pause(50);
    events.push(`${name} ends`);
  };
  await one.withExclusiveLock(work('one'));
  await expect(other.withExclusiveLock(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await other.withExclusiveLock(work('other'));
  expect(events).toEqual(['one begins', 'one ends', 'other begins', 'other ends']);
});

/** A transaction that has added a user and stays open until `commit()`. */
async function openTransaction(database: Database) {
  const added = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const committed = database.em().transactional(async (em) => {
    await em.persist(em.create(User, person('Ada'))).flush();
    added.resolve();
    await end.promise;
  });
  await Promise.race([added.promise, committed]);
  const commit = () => {
    end.resolve();
    return committed;
  };
  return { commit, [Symbol.asyncDispose]: commit };
}
