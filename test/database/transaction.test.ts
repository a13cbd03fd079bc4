import { expect, test } from 'vitest';
import { User } from '../../src/database/entities/index.ts';
import { openDatabase } from '../../src/database/open.ts';
import { transact } from '../../src/database/transaction.ts';
import { createPlace } from '../support/database.ts';

test('what a unit of work reads after a transaction is as the transaction left it, also a value that became null', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  await transact(database.em(), async (em) => {
    em.create(User, { displayName: 'Ada', email: 'ada@example.com', isAdmin: false, createdAt: new Date() });
  });
  const em = database.em();
  const emails = async () => (await em.find(User, { displayName: 'Ada' })).map(({ email }) => email);
  expect(await emails()).toEqual(['ada@example.com']);
  await transact(em, async (tx) => {
    const user = await tx.findOneOrFail(User, { displayName: 'Ada' });
    user.email = null;
  });
  expect(await emails()).toEqual([null]);
});
