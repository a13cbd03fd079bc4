import { expect, test } from 'vitest';
import type { ProjectRole } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { ask, errorOf } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { addProjectMember, newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createTask } from '../support/tasks.ts';

const projectId = 'Project:1';

const updateProjectMember = graphql(`
  mutation UpdateProjectMember($projectId: ID!, $userId: ID!, $role: ProjectRole!) {
    updateProjectMember(input: { projectId: $projectId, userId: $userId, role: $role }) {
      project { id }
      memberEdge { role node { id } }
    }
  }
`);

const removeProjectMember = graphql(`
  mutation RemoveProjectMember($projectId: ID!, $userId: ID!) {
    removeProjectMember(input: { projectId: $projectId, userId: $userId }) { project { id } removedUserId }
  }
`);

const projectAs = graphql(`
  query ProjectAs {
    project(id: "Project:1") { title viewerRole canEdit canDelete viewerCanAttach maxBytes maxFiles }
  }
`);

const membersOf = graphql(`
  query MembersOf($first: Int, $after: String, $last: Int, $before: String) {
    project(id: "Project:1") {
      members(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { role cursor node { displayName } }
      }
    }
  }
`);

async function names(server: TestServer, page: object = {}) {
  const members = (await ask(server, membersOf, page)).project?.members;
  return {
    ...members?.pageInfo,
    totalCount: members?.totalCount,
    names: members?.edges.map(({ role, node }) => `${node.displayName}: ${role}`),
  };
}

test('the creator of a project is its OWNER and adds members with a role', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const input = { projectId, userId: bob.id };
  expect(await errorOf(server, projectAs, {}, bob.key)).toMatch(/^NOT_FOUND: /);
  const { addProjectMember: added } = await ask(server, addProjectMember, { input: { ...input, role: 'VIEWER' } });
  expect(added).toMatchObject({
    project: { id: projectId },
    memberEdge: { role: 'VIEWER', node: { id: bob.id, displayName: 'Bob' } },
  });
  expect(await names(server)).toMatchObject({ totalCount: 2, names: ['Administrator: OWNER', 'Bob: VIEWER'] });
  expect(await errorOf(server, addProjectMember, { input })).toBe(
    `CONFLICT: ${bob.id} is a member of Project:1 already, as VIEWER.`,
  );
  expect(await errorOf(server, addProjectMember, { input: { projectId, userId: 'User:99' } })).toContain('User:99');
  expect(await errorOf(server, addProjectMember, { input: { projectId: 'Project:9', userId: bob.id } })).toContain(
    'NOT_FOUND: Not found: Project:9',
  );
});

test.each<[ProjectRole, object]>([
  ['VIEWER', { viewerRole: 'VIEWER', canEdit: false, canDelete: false, viewerCanAttach: false }],
  ['EDITOR', { viewerRole: 'EDITOR', canEdit: false, canDelete: false, viewerCanAttach: true }],
  ['OWNER', { viewerRole: 'OWNER', canEdit: true, canDelete: true, viewerCanAttach: true }],
])(
  'a member with the role %s reads it as viewerRole with its rights, and a READ key reduces them to reading',
  async (role, rights) => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role });
    expect((await ask(server, projectAs, {}, bob.key)).project).toMatchObject(rights);
    const reader = await newKey(server, bob.id, 'READ');
    expect((await ask(server, projectAs, {}, reader.key)).project).toMatchObject({
      viewerRole: role,
      canEdit: false,
      canDelete: false,
      viewerCanAttach: false,
    });
  },
);

test('an administrator who is no member has no role and every right', async () => {
  await using server = await startTestServer();
  const root = await newPerson(server, 'Root', { isAdmin: true });
  expect((await ask(server, projectAs, {}, root.key)).project).toMatchObject({
    viewerRole: null,
    canEdit: true,
    canDelete: true,
  });
});

test('only owners add, update and remove members', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const userId = bob.id;
  const attempts = async (key: string) => [
    await errorOf(server, addProjectMember, { input: { projectId, userId } }, key),
    await errorOf(server, updateProjectMember, { projectId, userId, role: 'OWNER' }, key),
    await errorOf(server, removeProjectMember, { projectId, userId }, key),
  ];
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const owner = await newPerson(server, 'Olga', { role: 'OWNER' });
  const reader = await newKey(server, owner.id, 'READ');
  const outsider = await newPerson(server, 'Sam');
  for (const { key } of [bob, editor, reader]) {
    expect(await attempts(key)).toEqual(Array(3).fill(expect.stringMatching(/^FORBIDDEN: /)));
  }
  expect(await attempts(outsider.key)).toEqual(Array(3).fill(expect.stringMatching(/^NOT_FOUND: /)));
  const variables = { projectId, userId, role: 'EDITOR' as const };
  const { updateProjectMember: updated } = await ask(server, updateProjectMember, variables, owner.key);
  expect(updated).toEqual({ project: { id: projectId }, memberEdge: { role: 'EDITOR', node: { id: userId } } });
});

test('a changed role takes effect with the next request', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const input = { projectId, title: 'of Bob' };
  await ask(server, createTask, { input }, bob.key);
  await ask(server, updateProjectMember, { projectId, userId: bob.id, role: 'VIEWER' });
  expect(await errorOf(server, createTask, { input }, bob.key)).toMatch(/^FORBIDDEN: /);
  await ask(server, removeProjectMember, { projectId, userId: bob.id });
  expect(await errorOf(server, createTask, { input }, bob.key)).toMatch(/^NOT_FOUND: /);
  expect(await errorOf(server, removeProjectMember, { projectId, userId: bob.id })).toMatch(/^NOT_FOUND: .*User:2/);
});

test('the last owner of a project cannot be removed or demoted', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const last = { projectId, userId: 'User:1' };
  const message = 'CONFLICT: Project:1 needs an owner. Make another member one first.';
  expect(await errorOf(server, removeProjectMember, last)).toBe(message);
  expect(await errorOf(server, updateProjectMember, { ...last, role: 'EDITOR' })).toBe(message);
  await ask(server, updateProjectMember, { ...last, role: 'OWNER' });
  await ask(server, updateProjectMember, { projectId, userId: bob.id, role: 'OWNER' });
  await ask(server, removeProjectMember, last);
  expect(await names(server)).toMatchObject({ names: ['Bob: OWNER'] });
});

test('a member who leaves a project gets null for the project in the response', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'OWNER' });
  const { removeProjectMember: left } = await ask(server, removeProjectMember, { projectId, userId: bob.id }, bob.key);
  expect(left).toEqual({ project: null, removedUserId: bob.id });
});

test('two owners who remove each other concurrently leave one owner', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'OWNER' });
  const carol = await newPerson(server, 'Carol', { role: 'OWNER' });
  await ask(server, removeProjectMember, { projectId, userId: 'User:1' }, bob.key);
  const answers = await Promise.all([
    server.query(removeProjectMember, { projectId, userId: bob.id }, carol.key),
    server.query(removeProjectMember, { projectId, userId: carol.id }, bob.key),
  ]);
  expect(answers.filter(({ data }) => data)).toHaveLength(1);
  expect((await names(server)).totalCount).toBe(1);
});

test('members are paged forward and backward', async () => {
  await using server = await startTestServer();
  for (const name of ['Bob', 'Carol', 'Dan']) await newPerson(server, name, { role: 'VIEWER' });
  const first = await names(server, { first: 2 });
  expect(first).toMatchObject({ totalCount: 4, hasNextPage: true, names: ['Administrator: OWNER', 'Bob: VIEWER'] });
  const next = await names(server, { first: 2, after: first.endCursor });
  expect(next).toMatchObject({ hasNextPage: false, names: ['Carol: VIEWER', 'Dan: VIEWER'] });
  const back = await names(server, { last: 1, before: next.startCursor });
  expect(back).toMatchObject({ hasPreviousPage: true, names: ['Bob: VIEWER'] });
});

test('removing a member ends their subscription to the project', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const connectionParams = { authorization: `Bearer ${bob.key}` };
  await using listener = await subscribeToFileAdded(server, projectId, { at: 'Task:1', connectionParams });
  await uploadFile(server, 'Task:1', { name: 'received.txt', content: 'received' });
  expect((await listener.next()).file.name).toBe('received.txt');
  await ask(server, removeProjectMember, { projectId, userId: bob.id });
  await uploadFile(server, 'Task:1', { name: 'secret.txt', content: 'secret' });
  await expect(listener.next()).rejects.toThrow();
});
