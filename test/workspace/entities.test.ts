import { describe, expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { attachEntityFiles } from '../support/documents.ts';
import { entities, entity, updateContact } from '../support/entities.ts';
import { type Access, kinds } from '../support/entity-kinds.ts';
import { uploadFiles } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const node = graphql(`
  query AnyNode($id: ID!) {
    node(id: $id) { id }
  }
`);

const codeOf = ({ errors }: { errors?: { extensions: { code: string } }[] }) => errors?.[0]?.extensions.code;

describe.each(Object.entries(kinds))('%s', (type, { create, update, remove }) => {
  test('every user reads and updates a public entity, and only its creator deletes it', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob');
    const id = await create(server, {});
    expect((await ask(server, entity, { id }, bob.key)).entity).toMatchObject({
      __typename: type,
      isPrivate: false,
      canEdit: true,
      canDelete: false,
    });
    expect(await update(server, id, { title: 'Newer' }, bob.key)).not.toHaveProperty('errors');
    expect((await ask(server, entity, { id })).entity).toMatchObject({ title: 'Newer', canDelete: true });
    expect(codeOf(await update(server, id, { isPrivate: true }, bob.key))).toBe('FORBIDDEN');
    expect(codeOf(await update(server, id, { accessList: [] }, bob.key))).toBe('FORBIDDEN');
    expect(codeOf(await remove(server, id, bob.key))).toBe('FORBIDDEN');
    expect(await remove(server, id)).not.toHaveProperty('errors');
    expect(codeOf(await server.query(entity, { id }))).toBe('NOT_FOUND');
  });

  test('a private entity is NOT_FOUND for other users in every operation', async () => {
    await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
    const bob = await newPerson(server, 'Bob');
    const id = await create(server, { isPrivate: true });
    expect(codeOf(await server.query(entity, { id }, bob.key))).toBe('NOT_FOUND');
    expect(codeOf(await server.query(node, { id }, bob.key))).toBe('NOT_FOUND');
    expect(codeOf(await update(server, id, { title: 'Mine' }, bob.key))).toBe('NOT_FOUND');
    expect(codeOf(await update(server, id, { isPrivate: false }, bob.key))).toBe('NOT_FOUND');
    expect(codeOf(await remove(server, id, bob.key))).toBe('NOT_FOUND');
    expect((await ask(server, entities, {}, bob.key)).entities).toMatchObject({ totalCount: 0, nodes: [] });
    expect((await ask(server, entities)).entities).toMatchObject({ totalCount: 1, nodes: [{ id }] });
  });

  test('READ allows reading, READ_WRITE updating, and neither allows deleting or changing the access list', async () => {
    await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
    const [bob, eve] = [await newPerson(server, 'Bob'), await newPerson(server, 'Eve')];
    const accessList: Access = [{ userId: bob.id }, { userId: eve.id, access: 'READ_WRITE' }];
    const id = await create(server, { isPrivate: true, accessList });

    expect((await ask(server, entity, { id }, bob.key)).entity).toMatchObject({
      canEdit: false,
      canDelete: false,
      accessList: [
        { access: 'READ', user: { id: bob.id } },
        { access: 'READ_WRITE', user: { id: eve.id } },
      ],
    });
    expect((await ask(server, entities, {}, bob.key)).entities.nodes).toMatchObject([{ id, canEdit: false }]);
    expect(codeOf(await update(server, id, { title: 'Bob was here' }, bob.key))).toBe('FORBIDDEN');

    expect((await ask(server, entity, { id }, eve.key)).entity).toMatchObject({ canEdit: true, canDelete: false });
    expect(await update(server, id, { title: 'Eve was here' }, eve.key)).not.toHaveProperty('errors');
    for (const { key } of [bob, eve]) {
      expect(codeOf(await update(server, id, { accessList: [] }, key))).toBe('FORBIDDEN');
      expect(codeOf(await remove(server, id, key))).toBe('FORBIDDEN');
    }
    expect((await ask(server, entity, { id })).entity).toMatchObject({ title: 'Eve was here' });
  });

  test('a new access list replaces the previous one', async () => {
    await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
    const [bob, eve] = [await newPerson(server, 'Bob'), await newPerson(server, 'Eve')];
    const id = await create(server, { isPrivate: true, accessList: [{ userId: bob.id }] });
    const listed = async () => (await ask(server, entity, { id })).entity?.accessList;

    await update(server, id, { accessList: [{ userId: bob.id, access: 'READ_WRITE' }, { userId: eve.id }] });
    expect(await listed()).toEqual([
      { access: 'READ_WRITE', user: { id: bob.id } },
      { access: 'READ', user: { id: eve.id } },
    ]);
    await update(server, id, { accessList: [{ userId: eve.id }] });
    expect(await listed()).toEqual([{ access: 'READ', user: { id: eve.id } }]);
    expect(codeOf(await server.query(entity, { id }, bob.key))).toBe('NOT_FOUND');
    await update(server, id, { title: 'Other' });
    expect(await listed()).toHaveLength(1);
  });

  test('a user manages a private entity of their own, and the administrator manages every entity', async () => {
    await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
    const bob = await newPerson(server, 'Bob');
    const id = await create(server, { isPrivate: true }, bob.key);
    expect((await ask(server, entity, { id }, bob.key)).entity).toMatchObject({ canEdit: true, canDelete: true });
    expect((await ask(server, entity, { id })).entity).toMatchObject({ canEdit: true, canDelete: true });
    expect(await remove(server, id, bob.key)).not.toHaveProperty('errors');
  });
});

test('removing a user from the access list ends their subscription', async () => {
  await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
  const [bob, eve] = [await newPerson(server, 'Bob'), await newPerson(server, 'Eve')];
  const id = await kinds.Case.create(server, { isPrivate: true, accessList: [{ userId: bob.id }, { userId: eve.id }] });
  const connectionParams = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });
  await using ended = await subscribeToFileAdded(server, id, { connectionParams: connectionParams(bob) });
  await using kept = await subscribeToFileAdded(server, id, { connectionParams: connectionParams(eve) });
  const last = Promise.allSettled([ended.next()]);
  await kinds.Case.update(server, id, { accessList: [{ userId: eve.id }] });
  expect(await last).toMatchObject([{ status: 'rejected' }]);

  const [file] = (await uploadFiles(server, null, [{ name: 'for-eve.txt', content: 'for Eve' }])).files;
  await ask(server, attachEntityFiles, { entityId: id, fileIds: [file?.id ?? ''] });
  expect((await kept.next()).file.name).toBe('for-eve.txt');
});

test('shareType decides what users who are not on the access list may do with a contact', async () => {
  await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
  const bob = await newPerson(server, 'Bob');
  const id = await kinds.Contact.create(server, {});
  const share = async (shareType: 'NONE' | 'READ' | 'READ_WRITE') =>
    (await ask(server, updateContact, { input: { contactId: id, shareType } })).updateContact.contact.isShared;
  const seen = async () => (await ask(server, entities, {}, bob.key)).entities.nodes.map((found) => found.canEdit);

  expect(await share('READ')).toBe(true);
  expect(await seen()).toEqual([false]);
  expect(codeOf(await kinds.Contact.update(server, id, { title: 'Bob’s' }, bob.key))).toBe('FORBIDDEN');
  expect(await share('NONE')).toBe(false);
  expect(await seen()).toEqual([]);
  expect(codeOf(await server.query(entity, { id }, bob.key))).toBe('NOT_FOUND');
  expect(await share('READ_WRITE')).toBe(true);
  expect(await seen()).toEqual([true]);
});

test('entities are listed by type and page, and cursors of other lists are BAD_USER_INPUT', async () => {
  await using server = await startTestServer({ ATTACHE_DEMO: 'false' });
  const ids = [];
  for (const kind of ['Case', 'Contact', 'Opportunity', 'Contact'] as const)
    ids.push(await kinds[kind].create(server, {}));
  const [aCase, first, opportunity, second] = ids;
  const paged = [];
  let after: string | null = null;
  for (;;) {
    const { edges, nodes }: { edges: { cursor: string }[]; nodes: { id: string }[] } = (
      await ask(server, entities, { first: 3, after })
    ).entities;
    if (nodes.length === 0) break;
    paged.push(nodes.map(({ id }) => id));
    after = edges.at(-1)?.cursor ?? null;
  }
  expect(paged).toEqual([[first, second, opportunity], [aCase]]);
  expect((await ask(server, entities, { type: 'CASE' })).entities.nodes).toMatchObject([{ id: aCase }]);
  for (const key of ['[1]', '[{"type":"User","id":1}]', '[{"type":"Case","id":"1"}]', '[null]']) {
    const refused = await server.query(entities, { after: Buffer.from(key).toString('base64url') });
    expect(codeOf(refused)).toBe('BAD_USER_INPUT');
  }
});
