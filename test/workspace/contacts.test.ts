import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { createContact, createLinkedTask, deleteContact, entity, updateContact } from '../support/entities.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

test('createContact stores every field of its input', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const { contact } = (
    await ask(server, createContact, {
      input: {
        displayName: 'Babbage & Sons',
        isCompany: true,
        smallPhotoUrl: 'https://example.com/40.png',
        mediumPhotoUrl: 'https://example.com/200.png',
        infos: [
          { infoType: 'PHONE', category: 3, data: '+44 20 7946 0000' },
          { infoType: 'EMAIL', data: 'first@example.com' },
          { infoType: 'EMAIL', category: 1, data: 'office@example.com', isPrimary: true },
          { infoType: 'ADDRESS', category: 3, data: '1 Dorset Street, London' },
        ],
        currency: 'GBP',
        shareType: 'READ',
        accessList: [{ userId: bob.id, access: 'READ_WRITE' }],
      },
    })
  ).createContact;

  expect(contact).toMatchObject({
    id: `Contact:${contact.databaseId}`,
    entityType: 'CONTACT',
    title: 'Babbage & Sons',
    displayName: 'Babbage & Sons',
    isCompany: true,
    smallPhotoUrl: 'https://example.com/40.png',
    mediumPhotoUrl: 'https://example.com/200.png',
    emails: [{ data: 'first@example.com' }, { data: 'office@example.com' }],
    email: { infoType: 'EMAIL', category: 1, categoryName: 'Work', data: 'office@example.com', isPrimary: true },
    currency: {
      title: 'Pound sterling',
      symbol: '£',
      abbreviation: 'GBP',
      cultureName: 'GB',
      isConvertible: true,
      isBasic: true,
    },
    isPrivate: false,
    isShared: true,
    shareType: 'READ',
    accessList: [{ access: 'READ_WRITE', user: { id: bob.id, displayName: 'Bob', title: '' } }],
    canEdit: true,
    canDelete: true,
    createdBy: { id: 'User:1' },
  });
  expect(contact.infos.map((info) => [info.infoType, info.categoryName, info.isPrimary])).toEqual([
    ['PHONE', 'Fax', false],
    ['EMAIL', 'Home', false],
    ['EMAIL', 'Work', true],
    ['ADDRESS', 'Billing', false],
  ]);
});

test('a contact created with only a name has the default values', async () => {
  await using server = await startTestServer();
  const { contact } = (await ask(server, createContact, { input: { displayName: 'Ada' } })).createContact;
  expect(contact).toMatchObject({
    isCompany: false,
    smallPhotoUrl: null,
    infos: [],
    emails: [],
    email: null,
    currency: null,
    isPrivate: false,
    isShared: true,
    shareType: 'READ_WRITE',
    accessList: [],
  });
});

test('updateContact changes the given fields, clears nullable fields given as null, and keeps the others', async () => {
  await using server = await startTestServer();
  const { contact } = (
    await ask(server, createContact, {
      input: {
        displayName: 'Ada',
        smallPhotoUrl: 'https://example.com/40.png',
        currency: 'EUR',
        infos: [{ infoType: 'SKYPE', data: 'ada' }],
      },
    })
  ).createContact;
  const update = async (input: object) =>
    (await ask(server, updateContact, { input: { contactId: contact.id, ...input } })).updateContact.contact;

  const before = {
    displayName: 'Ada',
    smallPhotoUrl: 'https://example.com/40.png',
    currency: { abbreviation: 'EUR' },
    infos: [{ infoType: 'SKYPE', data: 'ada' }],
  };
  expect(await update({})).toMatchObject(before);
  expect(await update({ isCompany: true })).toMatchObject({ ...before, isCompany: true });
  expect(await update({ displayName: null, infos: null, shareType: null })).toMatchObject(before);
  expect(await update({ smallPhotoUrl: null, currency: null })).toMatchObject({ smallPhotoUrl: null, currency: null });
  expect(await update({ displayName: 'Ada King', currency: 'USD' })).toMatchObject({
    displayName: 'Ada King',
    currency: { abbreviation: 'USD' },
  });

  const infos = [
    { infoType: 'EMAIL', data: 'ada@example.com' },
    { infoType: 'SKYPE', data: 'ada.king' },
  ];
  expect((await update({ infos })).infos).toEqual(infos);
  expect((await update({ infos: [] })).infos).toEqual([]);
});

const twice = graphql(`
  mutation Twice($off: UpdateContactInput!, $on: UpdateContactInput!) {
    off: updateContact(input: $off) { contact { isPrivate infos { data } accessList { user { id } } } }
    on: updateContact(input: $on) { contact { isPrivate infos { data } accessList { user { id } } } }
  }
`);

test('two updateContact mutations in one request each return their own result', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const contactId = 'Contact:1';
  const accessList = [{ userId: bob.id }];
  const infos = [{ infoType: 'ICQ' as const, data: '1' }];
  await ask(server, updateContact, { input: { contactId, accessList, infos } });
  const changed = await ask(server, twice, {
    off: { contactId, isPrivate: true, accessList: [], infos: [] },
    on: { contactId, isPrivate: false, accessList, infos },
  });
  expect(changed).toEqual({
    off: { contact: { isPrivate: true, accessList: [], infos: [] } },
    on: { contact: { isPrivate: false, accessList: [{ user: { id: bob.id } }], infos: [{ data: '1' }] } },
  });
  expect((await ask(server, entity, { id: contactId })).entity?.accessList).toHaveLength(1);
});

test('concurrent updates of the infos of a contact store one of the lists unmixed', async () => {
  await using server = await startTestServer();
  const lists = Array.from({ length: 8 }, (_, list) =>
    [1, 2, 3].map((entry) => ({ infoType: 'ICQ' as const, data: `${list}-${entry}` })),
  );
  const contactId = 'Contact:1';
  await Promise.all(lists.map((infos) => ask(server, updateContact, { input: { contactId, infos } })));
  const { contact } = (await ask(server, updateContact, { input: { contactId } })).updateContact;
  expect(lists).toContainEqual(contact.infos);
});

const contactOfTask = graphql(`
  query ContactOfTask($id: ID!) {
    task(id: $id) { title contact { id } }
  }
`);

test('a deleted contact is NOT_FOUND, and a task about it remains without a contact', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const { contact } = (
    await ask(server, createContact, {
      input: { displayName: 'Ada', accessList: [{ userId: bob.id }], infos: [{ infoType: 'VK', data: 'ada' }] },
    })
  ).createContact;
  const { task } = (
    await ask(server, createLinkedTask, { input: { projectId: 'Project:1', title: 'Call her', contactId: contact.id } })
  ).createTask;
  const deleted = await ask(server, deleteContact, { contactId: contact.id });
  expect(deleted.deleteContact.deletedId).toBe(contact.id);
  for (const id of [contact.id, 'Contact:999']) {
    const { errors } = await server.query(entity, { id });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' }, message: expect.stringContaining(id) });
  }
  expect((await ask(server, contactOfTask, { id: task.id })).task).toEqual({ title: 'Call her', contact: null });
});
