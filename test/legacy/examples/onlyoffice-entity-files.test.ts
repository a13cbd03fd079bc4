import { expect, test } from 'vitest';
import type { OnlyofficeEventFragment, UploadTaskFilesMutation } from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { ask, dataOf, errorOf, executeWithFiles } from '../../support/client.ts';
import { uploadTaskFilesDocument } from '../../support/documents.ts';
import { createContact } from '../../support/entities.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { categoryOf, company, contactOf, letter, newCategory, newCompany } from './contact.ts';
import { expectSince } from './moment.ts';
import { colleague, newColleague, personOf } from './person.ts';

/**
 * ONLYOFFICE's "Attach files to the entity": the call, and each member of the event that it
 * returns.
 */

graphql(`
  fragment OnlyofficeEvent on HistoryEvent {
    databaseId createdAt content canEdit
    createdBy { ...OnlyofficePerson }
    category { ...OnlyofficeCategory }
    contact { ...OnlyofficeContact }
    entity { entityType databaseId title }
    files { databaseId name updatedAt url updatedBy { ...OnlyofficePerson } }
  }
`);

const attachFiles = graphql(`
  mutation OnlyofficeAttachEntityFiles($input: AttachEntityFilesInput!) {
    attachEntityFiles(input: $input) { historyEvent { ...OnlyofficeEvent } filesCount }
  }
`);

const readEntity = graphql(`
  query OnlyofficeEntityFiles($id: ID!) {
    entity(id: $id) { files { nodes { databaseId } } history { nodes { ...OnlyofficeEvent } } }
  }
`);

const rename = graphql(`
  mutation OnlyofficeRename($fileId: ID!, $name: String!) {
    updateFile(input: { fileId: $fileId, name: $name }) { file { updatedAt } }
  }
`);

/** Maps an event to the member names of ONLYOFFICE. */
const eventOf = ({ contact, entity, category, ...event }: OnlyofficeEventFragment) => ({
  CreateBy: personOf(event.createdBy),
  Created: event.createdAt,
  Content: event.content,
  Category: category && categoryOf(category),
  Contact: contact && contactOf(contact),
  Entity: { EntityType: entity.entityType.toLowerCase(), EntityId: entity.databaseId, EntityTitle: entity.title },
  CanEdit: event.canEdit,
  Files: event.files.map((file) => ({
    Name: file.name,
    UpdatedBy: personOf(file.updatedBy),
    Updated: file.updatedAt,
    Location: file.url,
    ID: file.databaseId,
  })),
  ID: event.databaseId,
});

/** Uploads two files to a task as Bob, and renames the second as Ada. */
async function uploaded(server: TestServer, ada: { key: string }, bob: { key: string }) {
  const parts = ['letter.txt', 'scan.txt'].map((name) => ({ name, content: name }));
  const variables = { taskId: 'Task:1' };
  const sent = await executeWithFiles<UploadTaskFilesMutation>(
    server,
    uploadTaskFilesDocument,
    variables,
    parts,
    bob.key,
  );
  const [first, second] = dataOf(sent).uploadTaskFiles.files;
  if (!first || !second) throw new Error('Two files were to be kept.');
  const renamed = await ask(server, rename, { fileId: second.id, name: 'map.txt' }, ada.key);
  return {
    fileIds: [first.id, second.id],
    databaseIds: [first.databaseId, second.databaseId],
    updated: [first.createdAt, renamed.updateFile.file.updatedAt],
  };
}

async function attach(server: TestServer, input: { entityId: string; fileIds: string[] } & object, key?: string) {
  const { historyEvent } = (await ask(server, attachFiles, { input }, key)).attachEntityFiles;
  if (!historyEvent) throw new Error('Nothing was recorded.');
  return eventOf(historyEvent);
}

test('attaching files to a contact returns an event with each member set', async () => {
  await using server = await startTestServer();
  const [ada, bob] = [await newColleague(server, 'Ada'), await newColleague(server, 'Bob')];
  const [contact, category] = [await newCompany(server, ada), await newCategory(server)];
  const { fileIds, databaseIds, updated } = await uploaded(server, ada, bob);
  const since = Date.now();
  const input = { entityId: contact.id, fileIds, content: 'They wrote', categoryId: category.id };
  const event = await attach(server, input, ada.key);
  expect(event).toEqual({
    CreateBy: colleague(ada, 'Ada'),
    Created: expect.any(String),
    Content: 'They wrote',
    Category: letter(category),
    Contact: company(contact, ada),
    Entity: { EntityType: 'contact', EntityId: contact.databaseId, EntityTitle: 'Babbage & Sons' },
    CanEdit: true,
    Files: [
      {
        Name: 'letter.txt',
        UpdatedBy: colleague(bob, 'Bob'),
        Updated: updated[0],
        Location: `${server.url}/files/${databaseIds[0]}/content`,
        ID: databaseIds[0],
      },
      {
        Name: 'map.txt',
        UpdatedBy: colleague(ada, 'Ada'),
        Updated: updated[1],
        Location: `${server.url}/files/${databaseIds[1]}/content`,
        ID: databaseIds[1],
      },
    ],
    ID: 1,
  });
  expectSince(since, event.Created);
  for (const [index, { Location }] of event.Files.entries()) {
    const response = await fetch(Location, { headers: { authorization: `Bearer ${ada.key}` } });
    expect(await response.text()).toBe(['letter.txt', 'scan.txt'][index]);
  }

  const read = (await ask(server, readEntity, { id: contact.id }, ada.key)).entity;
  expect(read?.files.nodes).toEqual(databaseIds.map((databaseId) => ({ databaseId })));
  expect(read?.history.nodes.map(eventOf)).toEqual([event]);
  const forBob = (await ask(server, readEntity, { id: contact.id }, bob.key)).entity?.history.nodes.map(eventOf);
  expect(forBob).toEqual([{ ...event, CanEdit: false, Contact: { ...event.Contact, CanEdit: false } }]);
});

test.each([
  ['opportunity', 'Opportunity:1', 'Analytical engine for the post office'],
  ['case', 'Case:1', 'The engine skips a tooth'],
])('attaching files to an entity of type %s returns an event without a contact', async (type, entityId, title) => {
  await using server = await startTestServer();
  const [ada, bob] = [await newColleague(server, 'Ada'), await newColleague(server, 'Bob')];
  const { fileIds, databaseIds } = await uploaded(server, ada, bob);
  const event = await attach(server, { entityId, fileIds }, bob.key);
  expect(event).toMatchObject({
    CreateBy: colleague(bob, 'Bob'),
    Content: '',
    Category: null,
    Contact: null,
    Entity: { EntityType: type, EntityId: 1, EntityTitle: title },
    Files: databaseIds.map((ID) => ({ ID })),
    ID: 1,
  });
});

test('an unknown key, entity or file is rejected, and nothing is attached or recorded', async () => {
  await using server = await startTestServer();
  const [ada, bob] = [await newColleague(server, 'Ada'), await newColleague(server, 'Bob')];
  const { fileIds } = await uploaded(server, ada, bob);
  const input = { entityId: 'Contact:1', fileIds };
  expect(await errorOf(server, attachFiles, { input }, 'no key')).toMatch(/^UNAUTHENTICATED: /);
  for (const entityId of ['Contact:77', 'Opportunity:77', 'Case:77']) {
    const refusal = await errorOf(server, attachFiles, { input: { entityId, fileIds } });
    expect(refusal).toContain('NOT_FOUND');
    expect(refusal).toContain(entityId);
  }
  const mixed = { ...input, fileIds: [...fileIds, 'File:77'] };
  expect(await errorOf(server, attachFiles, { input: mixed })).toMatch(/^NOT_FOUND: .*File:77/);
  const { contact } = (await ask(server, createContact, { input: { displayName: 'C', shareType: 'READ' } }))
    .createContact;
  const readOnly = { input: { entityId: contact.id, fileIds } };
  expect(await errorOf(server, attachFiles, readOnly, bob.key)).toMatch(/^FORBIDDEN: /);
  for (const id of ['Contact:1', contact.id]) {
    const { entity } = await ask(server, readEntity, { id });
    expect(entity).toEqual({ files: { nodes: [] }, history: { nodes: [] } });
  }
});
