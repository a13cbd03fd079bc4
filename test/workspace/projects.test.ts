import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask, errorOf } from '../support/client.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { createTask, taskOf } from '../support/tasks.ts';

const createProject = graphql(`
  mutation CreateProject($title: String!, $description: String) {
    createProject(input: { title: $title, description: $description }) {
      project { id databaseId title description usedBytes usedFiles maxBytes maxFiles viewerRole createdBy { id } createdAt }
      projectEdge { cursor node { id } }
    }
  }
`);

const updateProject = graphql(`
  mutation UpdateProject($input: UpdateProjectInput!) {
    updateProject(input: $input) { project { id title description maxBytes maxFiles usedBytes usedFiles } }
  }
`);

const deleteProject = graphql(`
  mutation DeleteProject($projectId: ID!) {
    deleteProject(input: { projectId: $projectId }) { deletedId }
  }
`);

const projectTitles = graphql(`
  query ProjectTitles {
    projects { totalCount nodes { id title usedBytes usedFiles } }
  }
`);

test('a user with a write key creates projects, and lists only projects with a membership', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const { createProject: created } = await ask(server, createProject, { title: ' Garden ' }, bob.key);
  expect(created.project).toMatchObject({
    title: 'Garden',
    description: '',
    usedBytes: 0,
    usedFiles: 0,
    maxBytes: null,
    maxFiles: null,
    viewerRole: 'OWNER',
    createdBy: { id: bob.id },
  });
  expect(created.projectEdge.node.id).toBe(created.project.id);
  expect((await ask(server, projectTitles, {}, bob.key)).projects).toMatchObject({
    totalCount: 1,
    nodes: [{ title: 'Garden' }],
  });
  const reader = await newKey(server, bob.id, 'READ');
  expect(await errorOf(server, createProject, { title: 'x' }, reader.key)).toMatch(/^FORBIDDEN: /);
});

test('owners update title and description, and only administrators with an ADMIN key update the limits', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '1 KiB', MAX_PROJECT_FILES: '3' });
  const owner = await newPerson(server, 'Olga', { role: 'OWNER' });
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const root = await newPerson(server, 'Root', { isAdmin: true });
  const projectId = 'Project:1';
  const update = async (input: object, key?: string) =>
    (await ask(server, updateProject, { input: { projectId, ...input } }, key)).updateProject.project;

  expect(await update({ title: 'Relaunch', description: null }, owner.key)).toMatchObject({
    title: 'Relaunch',
    description: '',
    maxBytes: 1024,
    maxFiles: 3,
  });
  expect(await update({ title: null }, owner.key)).toMatchObject({ title: 'Relaunch' });
  expect(await errorOf(server, updateProject, { input: { projectId, title: 'x' } }, editor.key)).toMatch(
    /^FORBIDDEN: /,
  );
  for (const { key } of [owner, root]) {
    for (const limit of [{ maxBytes: 5 }, { maxBytes: null }, { maxFiles: 1 }]) {
      expect(await errorOf(server, updateProject, { input: { projectId, ...limit } }, key)).toBe(
        'FORBIDDEN: Only administrators set the quota of a project, with an API key of the scope ADMIN.',
      );
    }
  }
  expect(await update({ maxBytes: 5_000_000_000, maxFiles: 7 })).toMatchObject({
    maxBytes: 5_000_000_000,
    maxFiles: 7,
  });
  expect(await update({ maxBytes: null })).toMatchObject({ maxBytes: 1024, maxFiles: 7 });
});

test.each([
  ['negative', { maxBytes: -1 }],
  ['broken', { maxBytes: 1.5 }],
  ['no number', { maxBytes: '1 GiB' as unknown as number }],
  ['negative', { maxFiles: -1 }],
])('rejects a limit that is %s with BAD_USER_INPUT: %o', async (_what, limit) => {
  await using server = await startTestServer();
  const why = await errorOf(server, updateProject, { input: { projectId: 'Project:1', ...limit } });
  expect(why).toMatch(/^BAD_USER_INPUT: .*max/);
});

test('a limit below the current usage keeps existing files and rejects new ones with INSUFFICIENT_STORAGE', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'twelve bytes' });
  const input = { projectId: 'Project:1', maxBytes: 10 };
  expect((await ask(server, updateProject, { input })).updateProject.project).toMatchObject({
    usedBytes: 12,
    usedFiles: 1,
    maxBytes: 10,
  });
  const { files, errors } = await uploadFiles(server, 'Task:2', [{ name: 'b.txt', content: 'b' }]);
  expect(files).toEqual([]);
  expect(errors).toMatchObject([{ code: 'INSUFFICIENT_STORAGE', filename: 'b.txt' }]);
});

test('deleting a project deletes its tasks and the files that are attached nowhere else', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const { project } = (await ask(server, createProject, { title: 'Short-lived' })).createProject;
  const { task } = (await ask(server, createTask, { input: { projectId: project.id, title: 'x' } })).createTask;
  await uploadFile(server, task.id, { name: 'gone.txt', content: 'gone' });
  await uploadFile(server, 'Task:1', { name: 'kept.txt', content: 'kept' });
  expect(await errorOf(server, deleteProject, { projectId: 'Project:1' }, editor.key)).toMatch(/^FORBIDDEN: /);
  expect(await errorOf(server, deleteProject, { projectId: project.id }, editor.key)).toMatch(/^NOT_FOUND: /);
  expect((await ask(server, deleteProject, { projectId: project.id })).deleteProject.deletedId).toBe(project.id);
  expect(await errorOf(server, taskOf, { id: task.id })).toMatch(/^NOT_FOUND: /);
  expect((await ask(server, projectTitles)).projects).toMatchObject({
    totalCount: 1,
    nodes: [{ id: 'Project:1', usedBytes: 4, usedFiles: 1 }],
  });
  expect((await server.stored()).blobs).toHaveLength(1);
});
