import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';
import { addUser } from '../support/user.ts';

const everyNode = graphql(`
  query EveryNode($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on User { databaseId displayName email isAdmin }
      ... on Project { databaseId title tasks { nodes { id } } files { totalCount } viewerCanAttach }
      ... on Task { databaseId title project { id } comments { nodes { id } } }
      ... on Comment { databaseId body task { id } }
      ... on Entity { databaseId entityType title createdBy { id } }
      ... on File { databaseId name size url }
    }
  }
`);

const oneNode = graphql(`
  query OneNode($id: ID!) { node(id: $id) { __typename id } }
`);

const eachByItsField = graphql(`
  query EachByItsField($file: ID!) {
    viewer { id isAdmin }
    project(id: "Project:1") { id title createdBy { id } createdAt }
    task(id: "Task:1") { id title description project { id title } }
    contact: entity(id: "Contact:1") { id entityType title ... on Contact { displayName isCompany } }
    opportunity: entity(id: "Opportunity:1") { id entityType title }
    case: entity(id: "Case:1") { id entityType title }
    file(id: $file) { id name }
  }
`);

const missing = graphql(`
  query Missing($project: ID!, $task: ID!, $entity: ID!, $file: ID!, $node: ID!) {
    project(id: $project) { id }
    task(id: $task) { id }
    entity(id: $entity) { id }
    file(id: $file) { id }
    node(id: $node) { id }
  }
`);

const visibleObjects = graphql(`
  query WhatBobSees {
    viewer { id displayName isAdmin }
    projects { totalCount nodes { id } }
    tasks { totalCount nodes { id } }
    inProject: tasks(projectId: "Project:1") { totalCount nodes { id } }
    entities { totalCount nodes { id } }
  }
`);

test('the demo workspace has a project with a task, a contact, an opportunity and a case', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'a' });
  const data = await ask(server, eachByItsField, { file: file.id });
  expect(data).toMatchObject({
    viewer: { id: 'User:1', isAdmin: true },
    project: { id: 'Project:1', createdBy: { id: 'User:1' } },
    task: { id: 'Task:1', project: { id: 'Project:1', title: data.project?.title } },
    contact: { id: 'Contact:1', entityType: 'CONTACT', isCompany: false },
    opportunity: { id: 'Opportunity:1', entityType: 'OPPORTUNITY' },
    case: { id: 'Case:1', entityType: 'CASE' },
    file: { id: file.id, name: 'a.txt' },
  });
  expect(data.contact).toMatchObject({ displayName: data.contact?.title });
});

test('nodes returns objects of every type in the order of the given ids', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'a' });
  const ids = ['Task:2', file.id, 'Case:1', 'User:1', 'Project:1', 'Comment:1', 'Task:1', 'Contact:1', 'Task:2'];
  const { nodes } = await ask(server, everyNode, { ids });
  expect(nodes.map((node) => node?.id)).toEqual(ids);
  expect(nodes.map((node) => node?.__typename)).toEqual(ids.map((id) => id.split(':')[0]));
  expect(nodes[4]).toMatchObject({
    databaseId: 1,
    tasks: { nodes: [{ id: 'Task:1' }, { id: 'Task:2' }] },
    files: { totalCount: 0 },
    viewerCanAttach: true,
  });
  expect(nodes[6]).toMatchObject({ project: { id: 'Project:1' }, comments: { nodes: [{ id: 'Comment:1' }] } });
  expect(nodes[5]).toMatchObject({ task: { id: 'Task:1' } });
});

test('nodes returns null and one NOT_FOUND error for each missing id, beside the found objects', async () => {
  await using server = await startTestServer();
  const ids = ['Task:1', 'Task:999', 'Contact:999', 'Contact:1'];
  const { data, errors } = await server.query(everyNode, { ids });
  expect(data?.nodes.map((node) => node?.id ?? null)).toEqual(['Task:1', null, null, 'Contact:1']);
  expect(errors).toMatchObject([
    { path: ['nodes', 1], message: expect.stringContaining('Task:999'), extensions: { code: 'NOT_FOUND' } },
    { path: ['nodes', 2], message: expect.stringContaining('Contact:999'), extensions: { code: 'NOT_FOUND' } },
  ]);
});

test('every field that reads by id returns null and NOT_FOUND for a missing object', async () => {
  await using server = await startTestServer();
  const { data, errors = [] } = await server.query(missing, {
    project: 'Project:999',
    task: 'Task:999',
    entity: 'Opportunity:999',
    file: 'File:999',
    node: 'Comment:999',
  });
  expect(data).toEqual({ project: null, task: null, entity: null, file: null, node: null });
  expect(errors.map(({ path }) => path?.[0]).sort()).toEqual(['entity', 'file', 'node', 'project', 'task']);
  for (const error of errors) {
    expect(error.extensions.code).toBe('NOT_FOUND');
    expect(error.message).toMatch(/:999/);
  }
});

test('a malformed id and an id of another type are BAD_USER_INPUT', async () => {
  await using server = await startTestServer();
  for (const bad of [
    'banana',
    '',
    ':1',
    'Task:',
    'Task:0',
    'Task:-1',
    'Task:1.5',
    'Task:01',
    'FileEdge:1',
    'Query:1',
  ]) {
    const ids = { project: bad, task: bad, entity: bad, file: bad, node: bad };
    const { data, errors = [] } = await server.query(missing, ids);
    expect(data).toEqual({ project: null, task: null, entity: null, file: null, node: null });
    expect(errors.map((error) => error.extensions.code)).toEqual(Array(5).fill('BAD_USER_INPUT'));
  }
  const swapped = { project: 'Task:1', task: 'Project:1', entity: 'Task:1', file: 'Task:1', node: 'Task:1' };
  const { errors = [] } = await server.query(missing, swapped);
  expect(errors.map((error) => error.extensions.code)).toEqual(Array(4).fill('BAD_USER_INPUT'));
});

test('an id with a number outside the range of ids is NOT_FOUND', async () => {
  await using server = await startTestServer();
  for (const id of ['Task:2147483648', 'File:9007199254740993', 'Contact:9999999999999999', 'User:4294967297']) {
    const { data, errors } = await server.query(oneNode, { id });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  }
});

test('nodes accepts 100 ids and rejects 101', async () => {
  await using server = await startTestServer();
  const { nodes } = await ask(server, everyNode, { ids: Array(100).fill('Task:1') });
  expect(nodes).toHaveLength(100);
  const { errors } = await server.query(everyNode, { ids: Array(101).fill('Task:1') });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a user who is no member gets NOT_FOUND for the content of a project, and lists the public entities', async () => {
  await using server = await startTestServer();
  const bob = await addUser(server, 'Bob', '--email', 'bob@example.com');
  expect(await ask(server, visibleObjects, undefined, bob.key)).toEqual({
    viewer: { id: bob.id, displayName: 'Bob', isAdmin: false },
    projects: { totalCount: 0, nodes: [] },
    tasks: { totalCount: 0, nodes: [] },
    inProject: { totalCount: 0, nodes: [] },
    entities: { totalCount: 3, nodes: [{ id: 'Contact:1' }, { id: 'Opportunity:1' }, { id: 'Case:1' }] },
  });
  const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'a' });
  for (const id of ['Project:1', 'Task:1', 'Comment:1', file.id]) {
    const { data, errors } = await server.query(oneNode, { id }, bob.key);
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  }
});
