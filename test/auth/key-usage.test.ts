import { expect, test } from 'vitest';
import { createKeyLookup } from '../../src/auth/authenticate-key.ts';
import { KeyUsage } from '../../src/auth/key-usage.ts';
import { addUserWithKey, allKeysOf } from '../../src/auth/operator.ts';
import { openDatabase } from '../../src/database/open.ts';
import { createPlace, runSql } from '../support/database.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('the last use of a key is stored to the minute, at most once in five minutes, in one statement for all keys', async () => {
  await using at = await createPlace();
  await using database = await openDatabase(at.place);
  await database.migrate();
  const em = () => database.em();
  const { user, key } = await addUserWithKey(em(), { displayName: 'Bob' });
  const other = await addUserWithKey(em(), { displayName: 'Ada' });
  let now = new Date('2027-01-01T10:00:30Z');
  const usage = new KeyUsage(em, () => now);
  const lookUp = createKeyLookup(em, () => now);
  const lastUse = async () => (await allKeysOf(em(), user.id))[0]?.lastUsedAt?.toISOString() ?? null;

  expect(await lastUse()).toBeNull();
  for (let use = 0; use < 3; use++) usage.note(await lookUp(key));
  usage.note(await lookUp(other.key));
  expect(await statementsOf(() => usage.write())).toHaveLength(1);
  expect(await lastUse()).toBe('2027-01-01T10:00:00.000Z');

  now = new Date('2027-01-01T10:04:59Z');
  usage.note(await lookUp(key));
  await usage.write();
  expect(await lastUse()).toBe('2027-01-01T10:00:00.000Z');
  now = new Date('2027-01-01T10:05:00Z');
  usage.note(await lookUp(key));
  await usage.write();
  expect(await lastUse()).toBe('2027-01-01T10:05:00.000Z');
  expect(await statementsOf(() => usage.write())).toEqual([]);
});

test('a request writes nothing for the last use of its key, which is stored when the server stops', async () => {
  await using folder = await temporaryFolder('key-usage');
  const dataDir = folder.path;
  const server = await startTestServer({ DATA_DIR: dataDir });
  const bob = await newPerson(server, 'Bob');
  const ask = () =>
    fetch(`${server.graphqlUrl}?query={viewer{id}}`, { headers: { authorization: `Bearer ${bob.key}` } });
  await ask();
  const statements = await statementsOf(ask);
  expect(statements.filter((sql) => !/^\s*select/i.test(sql))).toEqual([]);
  const uses = () => runSql<{ last_used_at: unknown }>(dataDir, 'select last_used_at from api_keys where user_id = 2');
  expect(await uses()).toEqual([{ last_used_at: null }]);
  await server[Symbol.asyncDispose]();
  expect((await uses())[0]?.last_used_at).not.toBeNull();
});
