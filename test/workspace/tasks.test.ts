import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask, errorOf } from '../support/client.ts';
import { createCategory, createContact, createOpportunity } from '../support/entities.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { createTask, deleteTask, taskOf, taskTitles, updateTask } from '../support/tasks.ts';

const inProject = { projectId: 'Project:1' };

async function newTask(server: TestServer, title: string, input: object = {}, key?: string) {
  return (await ask(server, createTask, { input: { ...inProject, title, ...input } }, key)).createTask.task;
}

async function newCategory(server: TestServer) {
  return (await ask(server, createCategory, { input: { title: 'Call' } })).createCategory.category;
}

/** A contact and an opportunity that only their creator may see. */
async function privateEntities(server: TestServer, key: string) {
  const contact = { displayName: 'Secret', isPrivate: true };
  const opportunity = { title: 'Secret', isPrivate: true };
  return {
    contact: (await ask(server, createContact, { input: contact }, key)).createContact.contact,
    opportunity: (await ask(server, createOpportunity, { input: opportunity }, key)).createOpportunity.opportunity,
  };
}

test('createTask stores every field of its input', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const category = await newCategory(server);
  const { createTask: payload } = await ask(server, createTask, {
    input: {
      ...inProject,
      title: '  Call Ada ',
      description: 'About the engine.',
      deadline: '2027-03-01T09:30:00.000Z',
      alertValue: 15,
      priority: 'HIGH',
      responsibleIds: [bob.id, 'User:1', bob.id],
      categoryId: category.id,
      contactId: 'Contact:1',
      entityId: 'Opportunity:1',
    },
  });
  expect(payload.task).toEqual({
    id: `Task:${payload.task.databaseId}`,
    databaseId: payload.task.databaseId,
    title: 'Call Ada',
    description: 'About the engine.',
    deadline: '2027-03-01T09:30:00.000Z',
    alertValue: 15,
    isClosed: false,
    priority: 'HIGH',
    canEdit: true,
    createdAt: expect.stringMatching(/Z$/),
    responsible: { id: bob.id, displayName: 'Bob', title: '', avatarUrl: null, profileUrl: null },
    responsibles: [{ id: bob.id }, { id: 'User:1' }],
    category: { id: category.id, title: 'Call' },
    contact: { id: 'Contact:1', displayName: 'Ada Lovelace' },
    entity: {
      __typename: 'Opportunity',
      id: 'Opportunity:1',
      entityType: 'OPPORTUNITY',
      databaseId: 1,
      title: 'Analytical engine for the post office',
    },
    project: { id: 'Project:1' },
    createdBy: { id: 'User:1' },
  });
  expect(payload.taskEdge.node.id).toBe(payload.task.id);
});

test('a task created with only a title has the default values', async () => {
  await using server = await startTestServer();
  expect(await newTask(server, 'Rest')).toMatchObject({
    description: '',
    deadline: null,
    alertValue: 0,
    isClosed: false,
    priority: 'NORMAL',
    responsible: null,
    responsibles: [],
    category: null,
    contact: null,
    entity: null,
  });
});

test('updateTask changes the given fields, clears nullable fields given as null, and keeps the others', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const { id } = await newTask(server, 'Call Ada', {
    description: 'About the engine.',
    deadline: '2027-03-01T09:30:00.000Z',
    alertValue: 15,
    priority: 'HIGH',
    responsibleIds: ['User:1', bob.id],
    categoryId: (await newCategory(server)).id,
    contactId: 'Contact:1',
    entityId: 'Case:1',
  });
  const update = async (input: object) =>
    (await ask(server, updateTask, { input: { taskId: id, ...input } }, bob.key)).updateTask.task;

  const before = {
    id,
    title: 'Call Ada',
    description: 'About the engine.',
    deadline: '2027-03-01T09:30:00.000Z',
    alertValue: 15,
    isClosed: false,
    priority: 'HIGH',
    responsible: { id: 'User:1' },
    responsibles: [{ id: 'User:1' }, { id: bob.id }],
    category: { id: 'Category:1' },
    contact: { id: 'Contact:1' },
    entity: { id: 'Case:1' },
  };
  expect(await update({})).toEqual(before);
  expect(await update({ title: null, isClosed: null, priority: null })).toEqual(before);
  expect(await update({ isClosed: true })).toEqual({ ...before, isClosed: true });
  expect(await update({ title: 'Call Bob', responsibleIds: [bob.id, 'User:1'], entityId: 'Opportunity:1' })).toEqual({
    ...before,
    title: 'Call Bob',
    isClosed: true,
    responsible: { id: bob.id },
    responsibles: [{ id: bob.id }, { id: 'User:1' }],
    entity: { id: 'Opportunity:1' },
  });
  const nothing = { deadline: null, responsibleIds: null, categoryId: null, contactId: null, entityId: null };
  expect(await update({ ...nothing, description: null, alertValue: null })).toMatchObject({
    title: 'Call Bob',
    description: '',
    deadline: null,
    alertValue: 0,
    responsible: null,
    responsibles: [],
    category: null,
    contact: null,
    entity: null,
  });
});

const twoUpdates = graphql(`
  mutation TwoUpdates($first: [ID!], $second: [ID!]) {
    first: updateTask(input: { taskId: "Task:1", responsibleIds: $first }) { task { responsibles { id } } }
    second: updateTask(input: { taskId: "Task:1", responsibleIds: $second }) { task { responsibles { id } } }
  }
`);

test('two updateTask mutations in one request each return their own result', async () => {
  await using server = await startTestServer();
  const { id } = await newPerson(server, 'Bob');
  const { first, second } = await ask(server, twoUpdates, { first: ['User:1', id], second: [id] });
  expect([first.task.responsibles, second.task.responsibles]).toEqual([[{ id: 'User:1' }, { id }], [{ id }]]);
});

test('NOT_FOUND names every missing or inaccessible id, and no task is created or changed', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const { contact, opportunity } = await privateEntities(server, server.key);
  const input = {
    ...inProject,
    title: 'Snoop',
    contactId: contact.id,
    entityId: opportunity.id,
    categoryId: 'Category:9',
    responsibleIds: [bob.id, 'User:99'],
  };
  expect(await errorOf(server, createTask, { input }, bob.key)).toBe(
    `NOT_FOUND: Not found: ${contact.id}, ${opportunity.id}, Category:9, User:99. It does not exist, or you may not see it.`,
  );
  const { projectId: _, ...change } = input;
  expect(await errorOf(server, updateTask, { input: { ...change, taskId: 'Task:1' } }, bob.key)).toContain(contact.id);
  expect((await ask(server, taskTitles)).tasks.nodes).toEqual([
    { title: 'Design the start page' },
    { title: 'Write the texts' },
  ]);
});

test('a task returns its private contact and opportunity only to users who may see them', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const carol = await newPerson(server, 'Carol', { role: 'EDITOR' });
  const { contact, opportunity } = await privateEntities(server, bob.key);
  const { id } = await newTask(server, 'Call', { contactId: contact.id, entityId: opportunity.id }, bob.key);
  expect((await ask(server, taskOf, { id }, bob.key)).task).toMatchObject({
    contact: { id: contact.id },
    entity: { id: opportunity.id },
  });
  expect((await ask(server, taskOf, { id }, carol.key)).task).toMatchObject({ contact: null, entity: null });

  await ask(server, updateTask, { input: { taskId: id, title: 'Call back' } }, carol.key);
  expect((await ask(server, taskOf, { id }, bob.key)).task).toMatchObject({ contact: { id: contact.id } });
});

test.each([
  ['an empty title', { title: ' ' }, 'title: must not be empty'],
  ['a reminder after the deadline', { title: 'x', alertValue: -1 }, 'alertValue: must not be negative'],
  ['a project as what it is about', { title: 'x', entityId: 'Project:1' }, '"Project:1" cannot be used here'],
  ['a contact as what it is about', { title: 'x', entityId: 'Contact:1' }, '"Contact:1" cannot be used here'],
  ['too many people', { title: 'x', responsibleIds: Array(101).fill('User:1') }, 'at most 100 users'],
])('createTask rejects a task with %s with BAD_USER_INPUT', async (_what, input, message) => {
  await using server = await startTestServer();
  const why = await errorOf(server, createTask, { input: { ...inProject, ...input } });
  expect(why).toMatch(/^BAD_USER_INPUT: /);
  expect(why).toContain(message);
});

test('tasks are filtered by isClosed, by responsible user, and by a part of the title ignoring case', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  await newTask(server, 'GRÜSSE 100% senden', { responsibleIds: ['User:1', bob.id] });
  await newTask(server, 'grüße_senden', { responsibleIds: [bob.id], isClosed: true });
  const titles = async (filter: object, more: object = {}) => {
    const { nodes, totalCount } = (await ask(server, taskTitles, { filter, ...more })).tasks;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ title }) => title);
  };
  expect(await titles({ isClosed: true })).toEqual(['grüße_senden']);
  expect(await titles({ responsibleId: bob.id })).toEqual(['GRÜSSE 100% senden', 'grüße_senden']);
  expect(await titles({ responsibleId: bob.id, isClosed: false })).toEqual(['GRÜSSE 100% senden']);
  expect(await titles({ titleContains: 'grüsse' })).toEqual(['GRÜSSE 100% senden']);
  expect(await titles({ titleContains: '%' })).toEqual(['GRÜSSE 100% senden']);
  expect(await titles({ titleContains: '_' })).toEqual(['grüße_senden']);
  expect(await titles({ titleContains: '\\' })).toEqual([]);
  expect(await titles({ titleContains: 'DESIGN' }, inProject)).toEqual(['Design the start page']);
});

test('a filtered list of tasks is paged with the total count of the filter', async () => {
  await using server = await startTestServer();
  for (const title of ['a 1', 'b', 'a 2', 'a 3']) await newTask(server, title);
  const page = async (after: string | null) =>
    (await ask(server, taskTitles, { filter: { titleContains: 'A ' }, first: 2, after })).tasks;
  const first = await page(null);
  expect(first).toMatchObject({ totalCount: 3, nodes: [{ title: 'a 1' }, { title: 'a 2' }] });
  const second = await page(first.pageInfo.endCursor ?? null);
  expect(second).toMatchObject({ nodes: [{ title: 'a 3' }], pageInfo: { hasNextPage: false } });
});

test('changing tasks is FORBIDDEN for VIEWERs and READ keys, and NOT_FOUND for users who are no members', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const reader = await newKey(server, editor.id, 'READ');
  const outsider = await newPerson(server, 'Sam');
  const attempts = async (key: string) => [
    await errorOf(server, createTask, { input: { ...inProject, title: 'x' } }, key),
    await errorOf(server, updateTask, { input: { taskId: 'Task:1', title: 'x' } }, key),
    await errorOf(server, deleteTask, { taskId: 'Task:1' }, key),
  ];
  for (const key of [viewer.key, reader.key]) {
    expect(await attempts(key)).toEqual(Array(3).fill(expect.stringMatching(/^FORBIDDEN: /)));
    expect((await ask(server, taskOf, { id: 'Task:1' }, key)).task).toMatchObject({ canEdit: false });
  }
  expect(await attempts(outsider.key)).toEqual(Array(3).fill(expect.stringMatching(/^NOT_FOUND: /)));
  expect(await errorOf(server, taskOf, { id: 'Task:1' }, outsider.key)).toMatch(/^NOT_FOUND: /);
  expect((await ask(server, taskTitles, {}, outsider.key)).tasks).toMatchObject({ totalCount: 0, nodes: [] });
  expect((await ask(server, taskOf, { id: 'Task:1' }, editor.key)).task).toMatchObject({
    title: 'Design the start page',
    canEdit: true,
  });
});

const tasksInFull = graphql(`
  query TasksInFull {
    tasks(first: 100) {
      nodes {
        canEdit viewerCanAttach
        responsible { id email }
        responsibles { id displayName email }
        category { title }
        contact { displayName canEdit }
        entity { title }
        project { title usedBytes usedFiles viewerRole canEdit canDelete }
        createdBy { email }
      }
    }
  }
`);

test('a list of 42 tasks with nested fields runs as many SQL statements as a list of 4', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'OWNER' });
  const category = await newCategory(server);
  const about = (index: number) => ({
    responsibleIds: index % 2 ? [bob.id, 'User:1'] : ['User:1'],
    categoryId: category.id,
    contactId: 'Contact:1',
    entityId: index % 2 ? 'Case:1' : 'Opportunity:1',
  });
  const read = () => statementsOf(() => ask(server, tasksInFull, {}, bob.key));
  for (let index = 0; index < 2; index++) await newTask(server, `Task ${index}`, about(index));
  const few = await read();
  for (let index = 2; index < 40; index++) await newTask(server, `Task ${index}`, about(index));
  const many = await read();
  expect(few.length).toBeGreaterThan(5);
  expect(many).toHaveLength(few.length);
});
