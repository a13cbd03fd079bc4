import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { createContact, entities, entity, updateContact } from '../support/entities.ts';
import { startTestServer } from '../support/server.ts';

test.each([
  ['an empty name', { displayName: ' ' }, 'displayName'],
  ['an address that would run as a script', { displayName: 'Eve', smallPhotoUrl: 'javascript:alert(1)' }, 'https://'],
  ['empty information', { displayName: 'Eve', infos: [{ infoType: 'EMAIL' as const, data: '' }] }, 'data'],
  [
    'a category that the type does not have',
    { displayName: 'Eve', infos: [{ infoType: 'EMAIL' as const, category: 3, data: 'e@example.com' }] },
    '3 is no category of EMAIL. Those are 0 Home, 1 Work, 2 Other.',
  ],
  [
    'two primary addresses',
    {
      displayName: 'Eve',
      infos: ['a', 'b'].map((data) => ({ infoType: 'EMAIL' as const, data, isPrimary: true })),
    },
    'Only one EMAIL',
  ],
  [
    'a user who is on the list twice',
    { displayName: 'Eve', accessList: [{ userId: 'User:1' }, { userId: 'User:1', access: 'READ_WRITE' as const }] },
    'User:1 is on the access list twice',
  ],
])('createContact rejects %s with BAD_USER_INPUT and creates nothing', async (_what, input, message) => {
  await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
  const { errors } = await server.query(createContact, { input });
  expect(errors?.[0]).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
    message: expect.stringContaining(message),
  });
  expect((await ask(server, entities)).entities.totalCount).toBe(0);
});

test.each([
  ['a currency', { currency: 'XXX' }, 'Currency:XXX'],
  ['users', { accessList: [{ userId: 'User:98' }, { userId: 'User:1' }, { userId: '99' }] }, 'User:98, User:99'],
])('NOT_FOUND names %s that cannot be found, and no contact is created or changed', async (_what, wrong, named) => {
  await using server = await startTestServer();
  const count = async () => (await ask(server, entities)).entities.totalCount;
  const before = await count();
  const created = await server.query(createContact, { input: { displayName: 'Eve', ...wrong } });
  const updated = await server.query(updateContact, {
    input: { contactId: 'Contact:1', displayName: 'Eve', infos: [{ infoType: 'ICQ', data: '1' }], ...wrong },
  });
  for (const { errors } of [created, updated]) {
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' }, message: expect.stringContaining(named) });
  }
  expect(await count()).toBe(before);
  expect((await ask(server, entity, { id: 'Contact:1' })).entity).toMatchObject({ title: 'Ada Lovelace' });
});
