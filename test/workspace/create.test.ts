import { type DocumentNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask, type GraphQLResult } from '../support/client.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const createAll = graphql(`
  mutation CreateAll {
    createProject(input: { title: "New project", description: "About it" }) {
      project { id databaseId title description viewerCanAttach createdBy { id } files { totalCount } }
    }
    createTask(input: { projectId: "Project:1", title: "New task" }) {
      task { id title description project { id } createdBy { id } }
    }
    createComment(input: { taskId: "Task:1", body: "Said" }) { comment { id body task { id } createdBy { id } } }
    createContact(input: { displayName: "Company", isCompany: true }) {
      contact { id displayName title isCompany entityType }
    }
    createOpportunity(input: { title: "New opportunity" }) { opportunity { id title entityType } }
    createCase(input: { title: "New case" }) { case { id title entityType } }
  }
`);

const createdNodes = graphql(`
  query CreatedNodes($ids: [ID!]!) { nodes(ids: $ids) { id ... on Attachable { viewerCanAttach } } }
`);

const ownWorkspace = graphql(`
  query OwnWorkspace {
    projects { totalCount nodes { id viewerCanAttach tasks { nodes { id viewerCanAttach } } } }
    project(id: "Project:1") { id }
  }
`);

const run = (server: TestServer, document: string | DocumentNode, variables = {}, key = server.key) =>
  server.query(
    (typeof document === 'string' ? parse(document) : document) as never,
    variables as never,
    key,
  ) as Promise<GraphQLResult<Record<string, unknown>>>;

test('creates projects, tasks, comments, contacts, opportunities and cases with the given fields', async () => {
  await using server = await startTestServer();
  const data = await ask(server, createAll);
  const createdBy = { id: 'User:1' };
  expect(data).toEqual({
    createProject: {
      project: {
        id: 'Project:2',
        databaseId: 2,
        title: 'New project',
        description: 'About it',
        viewerCanAttach: true,
        createdBy,
        files: { totalCount: 0 },
      },
    },
    createTask: { task: { id: 'Task:3', title: 'New task', description: '', project: { id: 'Project:1' }, createdBy } },
    createComment: { comment: { id: 'Comment:2', body: 'Said', task: { id: 'Task:1' }, createdBy } },
    createContact: {
      contact: {
        id: 'Contact:2',
        displayName: 'Company',
        title: 'Company',
        isCompany: true,
        entityType: 'CONTACT',
      },
    },
    createOpportunity: { opportunity: { id: 'Opportunity:2', title: 'New opportunity', entityType: 'OPPORTUNITY' } },
    createCase: { case: { id: 'Case:2', title: 'New case', entityType: 'CASE' } },
  });
  const ids = ['Project:2', 'Task:3', 'Comment:2', 'Contact:2', 'Opportunity:2', 'Case:2'];
  const { nodes } = await ask(server, createdNodes, { ids });
  expect(nodes).toEqual(ids.map((id) => ({ id, viewerCanAttach: true })));
});

const mutations: [string, string, string][] = [
  ['createProject', 'title', 'project { id }'],
  ['createTask', 'title', 'task { id }'],
  ['createContact', 'displayName', 'contact { id }'],
  ['createOpportunity', 'title', 'opportunity { id }'],
  ['createCase', 'title', 'case { id }'],
];

test.each(mutations)(
  '%s rejects a %s that is empty, blank or longer than 500 characters, and creates nothing',
  async (name, field, of) => {
    await using server = await startTestServer();
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
    const document = parse(`mutation($input: ${type}) { ${name}(input: $input) { ${of} } }`);
    const rest = name === 'createTask' ? { projectId: 'Project:1' } : {};
    const send = (title: string) => run(server, document, { input: { ...rest, [field]: title } });
    for (const title of ['', ' ', '\t\n', 'x'.repeat(501)]) {
      const { data, errors } = await send(title);
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([
        { path: [name], message: expect.stringContaining(field), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
    for (const title of ['x', 'x'.repeat(500), '💥']) expect((await send(title)).errors).toBeUndefined();
    const { data } = await run(server, '{ projects { totalCount } tasks { totalCount } entities { totalCount } }');
    const total = Object.values(data ?? {}).reduce(
      (sum: number, list) => sum + (list as { totalCount: number }).totalCount,
      0,
    );
    expect(total).toBe(1 + 2 + 3 + 3);
  },
);

test('creating a task in a missing project or a comment on a missing task is NOT_FOUND', async () => {
  await using server = await startTestServer();
  const task = await run(
    server,
    'mutation { createTask(input: { projectId: "Project:999", title: "T" }) { task { id } } }',
  );
  expect(task.errors).toMatchObject([
    { message: expect.stringContaining('Project:999'), extensions: { code: 'NOT_FOUND' } },
  ]);
  const comment = await run(
    server,
    'mutation { createComment(input: { taskId: "Task:999", body: "B" }) { comment { id } } }',
  );
  expect(comment.errors).toMatchObject([
    { message: expect.stringContaining('Task:999'), extensions: { code: 'NOT_FOUND' } },
  ]);
});

test('a user creates a project and its tasks, and gets NOT_FOUND for the projects of others', async () => {
  await using server = await startTestServer();
  const { key } = await newPerson(server, 'Bob');
  const mine = 'mutation { createProject(input: { title: "Mine" }) { project { id } } }';
  expect((await run(server, mine, {}, key)).errors).toBeUndefined();
  const task = 'mutation { createTask(input: { projectId: "Project:2", title: "T" }) { task { id } } }';
  expect((await run(server, task, {}, key)).errors).toBeUndefined();
  const { data, errors } = await server.query(ownWorkspace, undefined, key);
  expect(data?.projects).toEqual({
    totalCount: 1,
    nodes: [{ id: 'Project:2', viewerCanAttach: true, tasks: { nodes: [{ id: 'Task:3', viewerCanAttach: true }] } }],
  });
  expect(errors).toMatchObject([{ path: ['project'], extensions: { code: 'NOT_FOUND' } }]);
  for (const elsewhere of [
    'mutation { createTask(input: { projectId: "Project:1", title: "T" }) { task { id } } }',
    'mutation { createComment(input: { taskId: "Task:1", body: "B" }) { comment { id } } }',
  ]) {
    expect((await run(server, elsewhere, {}, key)).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  }
});
