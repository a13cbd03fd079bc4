import { expect, test } from 'vitest';
import type {
  WorksectionFileFragment,
  WorksectionPostCommentMutation,
  WorksectionPostProjectMutation,
  WorksectionPostTaskMutation,
  WorksectionUpdateTaskMutation,
  WorksectionUploadMutation,
} from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { ask, dataOf, errorOf, executeWithFiles } from '../../support/client.ts';
import { bearer, download } from '../../support/download.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { expectSince } from './moment.ts';
import { newColleague } from './person.ts';

/** Worksection's "Files": attaching to projects, tasks and comments, `get_files`, `download`. */

graphql(`
  fragment WorksectionFile on File {
    databaseId name size url createdAt
    createdBy { databaseId email displayName }
  }
`);

const postProject = graphql(`
  mutation WorksectionPostProject($files: [Upload!]!) {
    createProject(input: { title: "Relaunch", files: $files }) {
      project { id databaseId title }
      files { databaseId name contentType }
    }
  }
`);

const postTask = graphql(`
  mutation WorksectionPostTask($projectId: ID!, $files: [Upload!]!) {
    createTask(input: { projectId: $projectId, title: "TASK_NAME", files: $files }) {
      task { id title project { id } }
      files { databaseId name contentType }
    }
  }
`);

const updateTask = graphql(`
  mutation WorksectionUpdateTask($taskId: ID!, $files: [Upload!]!) {
    updateTask(input: { taskId: $taskId, title: "Another title" }) { task { title } }
    uploadTaskFiles(input: { taskId: $taskId, files: $files }) { files { databaseId name } filesCount }
  }
`);

const postComment = graphql(`
  mutation WorksectionPostComment($taskId: ID!, $files: [Upload!]!) {
    createComment(input: { taskId: $taskId, body: "Look at this", files: $files }) {
      comment { body task { id } }
      files { databaseId name }
    }
  }
`);

const filesSection = graphql(`
  mutation WorksectionUpload($projectId: ID!, $files: [Upload!]!) {
    uploadProjectFiles(input: { projectId: $projectId, files: $files }) { files { databaseId name } }
  }
`);

const filesOfProject = graphql(`
  query WorksectionFilesOfProject($id: ID!) { project(id: $id) { files { nodes { ...WorksectionFile } } } }
`);

const filesOfTask = graphql(`
  query WorksectionFilesOfTask($id: ID!) {
    task(id: $id) { files(include: COMMENTS) { nodes { ...WorksectionFile } } }
  }
`);

/** Maps a file to the member names of Worksection. */
const fileOf = (file: WorksectionFileFragment) => ({
  id: file.databaseId,
  page: new URL(file.url).pathname,
  name: file.name,
  size: file.size,
  date_added: file.createdAt,
  user_from: { id: file.createdBy.databaseId, email: file.createdBy.email, name: file.createdBy.displayName },
});

const part = (name: string) => ({ name, content: `the content of ${name}` });

/** Creates a project, a task in it and a comment on the task, each with files, as Ada. */
async function workspace(server: TestServer) {
  const ada = await newColleague(server, 'Ada');
  const send = async <Data>(document: Parameters<typeof executeWithFiles>[1], variables: object, names: string[]) =>
    dataOf(await executeWithFiles<Data>(server, document, { ...variables }, names.map(part), ada.key));
  const project = await send<WorksectionPostProjectMutation>(postProject, {}, ['brief.txt', 'plan.txt']);
  const projectId = project.createProject.project.id;
  await send<WorksectionUploadMutation>(filesSection, { projectId }, ['logo.txt']);
  const task = await send<WorksectionPostTaskMutation>(postTask, { projectId }, ['draft.txt']);
  const taskId = task.createTask.task.id;
  const updated = await send<WorksectionUpdateTaskMutation>(updateTask, { taskId }, ['second draft.txt']);
  const comment = await send<WorksectionPostCommentMutation>(postComment, { taskId }, ['remark.txt']);
  return { ada, projectId, taskId, project, task, updated, comment };
}

test('files can be sent with a new project, a new task, an updated task and a new comment', async () => {
  await using server = await startTestServer();
  const { projectId, taskId, project, task, updated, comment } = await workspace(server);
  const names = (payload: { files: { name: string }[] }) => payload.files.map(({ name }) => name);
  expect(project.createProject.project).toEqual({ id: projectId, databaseId: 2, title: 'Relaunch' });
  expect(names(project.createProject)).toEqual(['brief.txt', 'plan.txt']);
  expect(task.createTask.task).toEqual({ id: taskId, title: 'TASK_NAME', project: { id: projectId } });
  expect(names(task.createTask)).toEqual(['draft.txt']);
  expect(updated.updateTask.task.title).toBe('Another title');
  expect(updated.uploadTaskFiles.filesCount).toBe(2);
  expect(names(updated.uploadTaskFiles)).toEqual(['second draft.txt']);
  expect(comment.createComment.comment).toEqual({ body: 'Look at this', task: { id: taskId } });
  expect(names(comment.createComment)).toEqual(['remark.txt']);
});

test('each uploaded part keeps its own name and content type', async () => {
  await using server = await startTestServer();
  const content = '%PDF-1.7\n';
  const parts = ['nice_name1.pdf', 'nice_name2.pdf'].map((name) => ({ name, content, type: 'application/pdf' }));
  const variables = { projectId: 'Project:1' };
  const made = dataOf(await executeWithFiles<WorksectionPostTaskMutation>(server, postTask, variables, parts));
  expect(made.createTask.files).toEqual([
    { databaseId: 1, name: 'nice_name1.pdf', contentType: 'application/pdf' },
    { databaseId: 2, name: 'nice_name2.pdf', contentType: 'application/pdf' },
  ]);
});

test('get_files with id_project returns the files of the project itself with each member set', async () => {
  await using server = await startTestServer();
  const since = Date.now();
  const { ada, projectId } = await workspace(server);
  const files = (await ask(server, filesOfProject, { id: projectId }, ada.key)).project?.files.nodes.map(fileOf) ?? [];
  expect(files).toEqual(
    ['brief.txt', 'plan.txt', 'logo.txt'].map((name, index) => ({
      id: index + 1,
      page: `/files/${index + 1}/content`,
      name,
      size: `the content of ${name}`.length,
      date_added: expect.any(String),
      user_from: { id: ada.databaseId, email: 'ada@example.com', name: 'Ada' },
    })),
  );
  for (const { date_added } of files) expectSince(since, date_added);
});

test('get_files with id_task returns the files of the task and its comments with each member set', async () => {
  await using server = await startTestServer();
  const since = Date.now();
  const { ada, taskId } = await workspace(server);
  const files = (await ask(server, filesOfTask, { id: taskId }, ada.key)).task?.files.nodes.map(fileOf) ?? [];
  expect(files).toEqual(
    ['draft.txt', 'second draft.txt', 'remark.txt'].map((name, index) => ({
      id: index + 4,
      page: `/files/${index + 4}/content`,
      name,
      size: `the content of ${name}`.length,
      date_added: expect.any(String),
      user_from: { id: ada.databaseId, email: 'ada@example.com', name: 'Ada' },
    })),
  );
  for (const { date_added } of files) expectSince(since, date_added);
});

test('the page of each listed file returns its bytes, for files of projects, tasks and comments', async () => {
  await using server = await startTestServer();
  const { ada, projectId, taskId } = await workspace(server);
  const { project } = await ask(server, filesOfProject, { id: projectId }, ada.key);
  const { task } = await ask(server, filesOfTask, { id: taskId }, ada.key);
  const files = [...(project?.files.nodes ?? []), ...(task?.files.nodes ?? [])].map(fileOf);
  expect(files).toHaveLength(6);
  for (const { id, page, name } of files) {
    const response = await fetch(new URL(page, server.url), { headers: bearer(ada.key) });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toContain(name);
    expect(await response.text()).toBe(`the content of ${name}`);
    expect(await (await download(server, { databaseId: id })).text()).toBe(`the content of ${name}`);
  }
});

test('an unknown key, project, task or file is rejected', async () => {
  await using server = await startTestServer();
  expect(await errorOf(server, filesOfProject, { id: 'Project:1' }, 'no key')).toMatch(/^UNAUTHENTICATED: /);
  expect(await errorOf(server, filesOfProject, { id: 'Project:77' })).toMatch(/^NOT_FOUND: .*Project:77/);
  expect(await errorOf(server, filesOfTask, { id: 'Task:77' })).toMatch(/^NOT_FOUND: .*Task:77/);
  expect((await download(server, { databaseId: 77 })).status).toBe(404);
});
