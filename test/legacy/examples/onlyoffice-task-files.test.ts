import { expect, test } from 'vitest';
import type { ContactInfoType, OnlyofficeTaskFragment, UploadFilesMutation } from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { ask, dataOf, errorOf, executeWithFiles } from '../../support/client.ts';
import { uploadFilesDocument } from '../../support/documents.ts';
import { createContact } from '../../support/entities.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { createTask } from '../../support/tasks.ts';
import { categoryOf, company, contactOf, letter, newCategory, newCompany } from './contact.ts';
import { expectSince } from './moment.ts';
import { colleague, newColleague, personOf } from './person.ts';

/**
 * ONLYOFFICE's "Upload files to the task": the call, and each member of the task that it returns.
 */

graphql(`
  fragment OnlyofficeTask on Task {
    databaseId title description deadline alertValue isClosed canEdit createdAt
    createdBy { ...OnlyofficePerson }
    responsible { ...OnlyofficePerson }
    contact { ...OnlyofficeContact email { ...OnlyofficeInfo } }
    category { ...OnlyofficeCategory }
    entity { entityType databaseId title }
  }
`);

graphql(`
  fragment OnlyofficeInfo on ContactInfo { databaseId infoType category categoryName data isPrimary }
`);

const attachFiles = graphql(`
  mutation OnlyofficeAttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {
    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) { task { ...OnlyofficeTask } files { id } filesCount }
  }
`);

const readTask = graphql(`
  query OnlyofficeTaskFiles($taskId: ID!) {
    task(id: $taskId) { ...OnlyofficeTask files { nodes { id } } }
  }
`);

const infosOf = graphql(`
  query OnlyofficeInfos($id: ID!) { entity(id: $id) { ... on Contact { infos { ...OnlyofficeInfo } } } }
`);

/** In the order of their numbers in ONLYOFFICE. */
const infoTypes: ContactInfoType[] = [
  ...(['PHONE', 'EMAIL', 'WEBSITE', 'SKYPE', 'TWITTER', 'LINKEDIN', 'FACEBOOK', 'ADDRESS', 'LIVEJOURNAL'] as const),
  ...(['MYSPACE', 'GMAIL', 'BLOGGER', 'YAHOO', 'MSN', 'ICQ', 'JABBER', 'AIM', 'VK'] as const),
];

type Info = NonNullable<NonNullable<OnlyofficeTaskFragment['contact']>['email']>;

const infoOf = (info: Info) => ({
  InfoType: infoTypes.indexOf(info.infoType),
  Category: info.category,
  Data: info.data,
  CategoryName: info.categoryName,
  IsPrimary: info.isPrimary,
  ID: info.databaseId,
});

/** Maps a task to the member names of ONLYOFFICE. */
const taskOf = ({ contact, entity, category, responsible, ...task }: OnlyofficeTaskFragment) => ({
  CreateBy: personOf(task.createdBy),
  Created: task.createdAt,
  Contact: contact && { Email: contact.email && infoOf(contact.email), ...contactOf(contact) },
  Title: task.title,
  Description: task.description,
  DeadLine: task.deadline,
  AlertValue: task.alertValue,
  Responsible: responsible && personOf(responsible),
  IsClosed: task.isClosed,
  Category: category && categoryOf(category),
  Entity: entity && {
    EntityType: entity.entityType.toLowerCase(),
    EntityId: entity.databaseId,
    EntityTitle: entity.title,
  },
  CanEdit: task.canEdit,
  ID: task.databaseId,
});

async function store(server: TestServer, names: string[], key?: string) {
  const parts = names.map((name) => ({ name, content: name }));
  const { files } = dataOf(
    await executeWithFiles<UploadFilesMutation>(server, uploadFilesDocument, {}, parts, key),
  ).uploadFiles;
  return files.map((file) => file.id);
}

test('attaching stored files returns the task with each member set', async () => {
  await using server = await startTestServer();
  const [ada, bob] = [await newColleague(server, 'Ada'), await newColleague(server, 'Bob')];
  const [contact, category] = [await newCompany(server, ada), await newCategory(server)];
  const since = Date.now();
  const input = {
    projectId: 'Project:1',
    title: 'Answer the letter',
    description: 'By hand',
    deadline: '2026-11-21T02:16:00.000Z',
    alertValue: 30,
    isClosed: true,
    responsibleIds: [bob.id, ada.id],
    contactId: contact.id,
    categoryId: category.id,
    entityId: 'Opportunity:1',
  };
  const { task } = (await ask(server, createTask, { input }, ada.key)).createTask;
  const fileIds = await store(server, ['letter.txt', 'answer.txt'], ada.key);

  const attached = (await ask(server, attachFiles, { taskId: task.id, fileIds }, ada.key)).attachTaskFiles;
  expect(taskOf(attached.task)).toEqual({
    CreateBy: colleague(ada, 'Ada'),
    Created: expect.any(String),
    Contact: {
      Email: {
        InfoType: 1,
        Category: 1,
        Data: 'office@example.com',
        CategoryName: 'Work',
        IsPrimary: true,
        ID: expect.any(Number),
      },
      ...company(contact, ada),
    },
    Title: 'Answer the letter',
    Description: 'By hand',
    DeadLine: '2026-11-21T02:16:00.000Z',
    AlertValue: 30,
    Responsible: colleague(bob, 'Bob'),
    IsClosed: true,
    Category: letter(category),
    Entity: { EntityType: 'opportunity', EntityId: 1, EntityTitle: 'Analytical engine for the post office' },
    CanEdit: true,
    ID: task.databaseId,
  });
  expectSince(since, attached.task.createdAt);
  const infos = contact.infos.map((info) => info.databaseId);
  expect(attached.task.contact?.email?.databaseId).toBe(infos[2]);
  expect(attached).toMatchObject({ files: fileIds.map((id) => ({ id })), filesCount: 2 });

  const read = (await ask(server, readTask, { taskId: task.id }, bob.key)).task;
  expect(read?.files.nodes).toEqual(fileIds.map((id) => ({ id })));
});

test('a task without optional values returns defaults and null, and one about a case returns that case', async () => {
  await using server = await startTestServer();
  const [fileId = ''] = await store(server, ['a.txt']);
  const bare = await ask(server, attachFiles, { taskId: 'Task:2', fileIds: [fileId] });
  const { CreateBy, ...rest } = taskOf(bare.attachTaskFiles.task);
  expect(CreateBy).toEqual({ Id: 1, DisplayName: 'Administrator', Title: '', AvatarSmall: null, ProfileUrl: null });
  expect(rest).toEqual({
    Created: expect.any(String),
    Contact: null,
    Title: 'Write the texts',
    Description: '',
    DeadLine: null,
    AlertValue: 0,
    Responsible: null,
    IsClosed: false,
    Category: null,
    Entity: null,
    CanEdit: true,
    ID: 2,
  });
  const input = { projectId: 'Project:1', title: 'Oil it', entityId: 'Case:1' };
  const { task } = (await ask(server, createTask, { input })).createTask;
  const about = await ask(server, attachFiles, { taskId: task.id, fileIds: [fileId] });
  expect(taskOf(about.attachTaskFiles.task).Entity).toEqual({
    EntityType: 'case',
    EntityId: 1,
    EntityTitle: 'The engine skips a tooth',
  });
});

test('each of the 18 InfoTypes has its number', async () => {
  await using server = await startTestServer();
  const infos = infoTypes.map((infoType, number) => ({ infoType, data: `way ${number}` }));
  const { contact } = (await ask(server, createContact, { input: { displayName: 'All ways', infos } })).createContact;
  const { entity } = await ask(server, infosOf, { id: contact.id });
  const received = entity && 'infos' in entity ? entity.infos.map(infoOf) : [];
  expect(received.map(({ InfoType, Data }) => [InfoType, Data])).toEqual(
    Array.from({ length: 18 }, (_, number) => [number, `way ${number}`]),
  );
});

test('each ShareType has its number, and a private contact is not shared', async () => {
  await using server = await startTestServer();
  const [fileId = ''] = await store(server, ['a.txt']);
  const shared = async (contactInput: object) => {
    const { contact } = (await ask(server, createContact, { input: { displayName: 'C', ...contactInput } }))
      .createContact;
    const input = { projectId: 'Project:1', title: 'T', contactId: contact.id };
    const { task } = (await ask(server, createTask, { input })).createTask;
    const attached = await ask(server, attachFiles, { taskId: task.id, fileIds: [fileId] });
    const { IsPrivate, IsShared, ShareType, IsCompany, CanDelete, Email, Currency } =
      taskOf(attached.attachTaskFiles.task).Contact ?? {};
    const rest = { IsCompany, CanDelete, Email, Currency };
    expect(rest).toEqual({ IsCompany: false, CanDelete: true, Email: null, Currency: null });
    return { IsPrivate, IsShared, ShareType };
  };
  expect(await shared({ shareType: 'NONE' })).toEqual({ IsPrivate: false, IsShared: false, ShareType: 0 });
  expect(await shared({ shareType: 'READ_WRITE' })).toEqual({ IsPrivate: false, IsShared: true, ShareType: 1 });
  expect(await shared({ shareType: 'READ' })).toEqual({ IsPrivate: false, IsShared: true, ShareType: 2 });
  expect(await shared({ isPrivate: true })).toMatchObject({ IsPrivate: true, IsShared: false });
});

test('an unknown key, task or file is rejected, and nothing is attached', async () => {
  await using server = await startTestServer();
  const fileIds = await store(server, ['a.txt']);
  expect(await errorOf(server, attachFiles, { taskId: 'Task:1', fileIds }, 'no key')).toMatch(/^UNAUTHENTICATED: /);
  expect(await errorOf(server, attachFiles, { taskId: 'Task:77', fileIds })).toMatch(/^NOT_FOUND: .*Task:77/);
  const mixed = { taskId: 'Task:1', fileIds: [...fileIds, 'File:77'] };
  expect(await errorOf(server, attachFiles, mixed)).toMatch(/^NOT_FOUND: .*File:77/);
  expect((await ask(server, readTask, { taskId: 'Task:1' })).task?.files.nodes).toEqual([]);
});
