import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { removeFile } from '../support/documents.ts';
import {
  createCategory,
  createContact,
  createOpportunity,
  deleteCategory,
  deleteContact,
} from '../support/entities.ts';
import { uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const attach = graphql(`
  mutation AttachWithHistory($input: AttachEntityFilesInput!) {
    attachEntityFiles(input: $input) {
      historyEvent {
        id databaseId content createdAt canEdit
        createdBy { id displayName }
        category { id title }
        contact { id displayName }
        entity { __typename id title entityType databaseId }
        files { id name }
      }
    }
  }
`);

const history = graphql(`
  query History($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    entity(id: $id) {
      history(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage }
        edges { cursor node { id content canEdit category { title } files { name } } }
      }
    }
  }
`);

const eventNode = graphql(`
  query HistoryEventNode($id: ID!) {
    node(id: $id) { ... on HistoryEvent { id content files { name } } }
  }
`);

const updateFile = graphql(`
  mutation HideFile($fileId: ID!) {
    updateFile(input: { fileId: $fileId, available: false }) { file { id } }
  }
`);

async function fileOf(server: TestServer, name: string, key?: string) {
  const [file] = (await uploadFiles(server, null, [{ name, content: name }], {}, key)).files;
  if (!file) throw new Error(`${name} was not kept.`);
  return file.id;
}

async function record(server: TestServer, entityId: string, content: string, fileIds: string[], key?: string) {
  const payload = await ask(server, attach, { input: { entityId, fileIds, content } }, key);
  const event = payload.attachEntityFiles.historyEvent;
  if (!event) throw new Error('Nothing was recorded.');
  return event;
}

async function readHistory(server: TestServer, id: string, page: object = {}, key?: string) {
  const found = (await ask(server, history, { id, ...page }, key)).entity?.history;
  if (!found) throw new Error(`${id} has no history.`);
  return found;
}

test('attaching files to a contact adds an event to its history', async () => {
  await using server = await startTestServer();
  const { category } = (await ask(server, createCategory, { input: { title: 'Letter' } })).createCategory;
  const fileIds = [await fileOf(server, 'letter.txt'), await fileOf(server, 'map.txt')];
  const input = { entityId: 'Contact:1', fileIds, content: 'She wrote', categoryId: category.id };
  const event = (await ask(server, attach, { input })).attachEntityFiles.historyEvent;
  expect(event).toMatchObject({
    id: `HistoryEvent:${event?.databaseId}`,
    content: 'She wrote',
    canEdit: true,
    createdBy: { id: 'User:1', displayName: 'Administrator' },
    category: { id: category.id, title: 'Letter' },
    contact: { id: 'Contact:1', displayName: 'Ada Lovelace' },
    entity: { __typename: 'Contact', id: 'Contact:1', title: 'Ada Lovelace', entityType: 'CONTACT', databaseId: 1 },
    files: fileIds.map((id) => ({ id })),
  });
  expect(Date.now() - Date.parse(event?.createdAt ?? '')).toBeLessThan(60_000);
  expect((await ask(server, eventNode, { id: event?.id ?? '' })).node).toMatchObject({ id: event?.id });
});

test.each(['Opportunity', 'Case'])('a history event of a %s has an entity and no contact', async (type) => {
  await using server = await startTestServer();
  const event = await record(server, `${type}:1`, '', [await fileOf(server, 'offer.txt')]);
  expect(event).toMatchObject({
    content: '',
    category: null,
    contact: null,
    entity: { __typename: type, id: `${type}:1` },
  });
});

test('the history of an entity holds its own events, newest first, paged forward and backward', async () => {
  await using server = await startTestServer();
  const file = await fileOf(server, 'a.txt');
  for (const content of ['first', 'second', 'third']) await record(server, 'Contact:1', content, [file]);
  await record(server, 'Case:1', 'other', [file]);

  const all = await readHistory(server, 'Contact:1');
  expect(all.totalCount).toBe(3);
  expect(all.edges.map(({ node }) => node.content)).toEqual(['third', 'second', 'first']);
  const page = async (args: object) => {
    const { edges, pageInfo } = await readHistory(server, 'Contact:1', args);
    return [...edges.map(({ node }) => node.content), pageInfo.hasNextPage, pageInfo.hasPreviousPage];
  };
  const [newest, , oldest] = all.edges.map(({ cursor }) => cursor);
  expect(await page({ first: 2 })).toEqual(['third', 'second', true, false]);
  expect(await page({ first: 1, after: newest })).toEqual(['second', true, true]);
  expect(await page({ first: 5, after: oldest })).toEqual([false, true]);
  expect(await page({ last: 1, before: oldest })).toMatchObject(['second', expect.anything(), true]);
  expect(await page({ last: 1 })).toEqual(['first', false, true]);
});

test('attaching with a missing category is NOT_FOUND, attaches nothing and adds no history event', async () => {
  await using server = await startTestServer();
  const fileIds = [await fileOf(server, 'a.txt')];
  const { errors } = await server.query(attach, {
    input: { entityId: 'Contact:1', fileIds, categoryId: 'Category:77' },
  });
  expect(errors?.[0]).toMatchObject({
    extensions: { code: 'NOT_FOUND' },
    message: expect.stringContaining('Category:77'),
  });
  expect((await readHistory(server, 'Contact:1')).totalCount).toBe(0);
  const files = graphql(`query FilesOfEntity($id: ID!) { entity(id: $id) { files { totalCount } } }`);
  expect((await ask(server, files, { id: 'Contact:1' })).entity?.files.totalCount).toBe(0);
});

test('the history of a private entity is readable only by users who may see the entity', async () => {
  await using server = await startTestServer();
  const [bob, eve] = [await newPerson(server, 'Bob'), await newPerson(server, 'Eve')];
  const { opportunity } = (
    await ask(server, createOpportunity, {
      input: { title: 'Secret', isPrivate: true, accessList: [{ userId: eve.id }] },
    })
  ).createOpportunity;
  const event = await record(server, opportunity.id, 'An offer', [await fileOf(server, 'offer.txt')]);
  const hidden = await server.query(eventNode, { id: event.id }, bob.key);
  expect(hidden.errors?.[0]).toMatchObject({
    extensions: { code: 'NOT_FOUND' },
    message: expect.stringContaining(event.id),
  });
  const { edges } = await readHistory(server, opportunity.id, {}, eve.key);
  expect(edges).toMatchObject([{ node: { content: 'An offer', canEdit: false, files: [{ name: 'offer.txt' }] } }]);
});

test('a history event lists only files that still exist and that the viewer may see', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const { contact } = (await ask(server, createContact, { input: { displayName: 'Ada', shareType: 'READ' } }))
    .createContact;
  const [shown, hidden, removed] = [
    await fileOf(server, 'shown.txt'),
    await fileOf(server, 'hidden.txt'),
    await fileOf(server, 'removed.txt'),
  ];
  await record(server, contact.id, 'Three', [shown, hidden, removed]);
  await ask(server, updateFile, { fileId: hidden });
  await ask(server, removeFile, { fileId: removed });
  const names = async (key?: string) =>
    (await readHistory(server, contact.id, {}, key)).edges.map(({ node }) => node.files.map((file) => file.name));
  expect(await names()).toEqual([['shown.txt', 'hidden.txt']]);
  expect(await names(bob.key)).toEqual([['shown.txt']]);
});

test('deleting a category keeps its history events, and deleting an entity deletes them', async () => {
  await using server = await startTestServer();
  const { category } = (await ask(server, createCategory, { input: { title: 'Letter' } })).createCategory;
  const { contact } = (await ask(server, createContact, { input: { displayName: 'Ada' } })).createContact;
  const input = { entityId: contact.id, fileIds: [await fileOf(server, 'a.txt')], categoryId: category.id };
  const event = (await ask(server, attach, { input })).attachEntityFiles.historyEvent;
  await ask(server, deleteCategory, { categoryId: category.id });
  expect((await readHistory(server, contact.id)).edges).toMatchObject([{ node: { id: event?.id, category: null } }]);
  await ask(server, deleteContact, { contactId: contact.id });
  const { errors } = await server.query(eventNode, { id: event?.id ?? '' });
  expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});
