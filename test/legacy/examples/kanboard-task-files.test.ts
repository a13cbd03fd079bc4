import { expect, test } from 'vitest';
import type { KanboardFileFragment } from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { ask, errorOf } from '../../support/client.ts';
import { attachEntityFiles } from '../../support/documents.ts';
import { download, sha256 } from '../../support/download.ts';
import { png } from '../../support/pictures.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { newColleague } from './person.ts';

/** Kanboard's "Task File API Procedures": each procedure, and each member of its answers. */

const createTaskFile = graphql(`
  mutation KanboardCreateTaskFile($taskId: ID!, $filename: String!, $blob: Base64!) {
    createTaskFile(input: { taskId: $taskId, filename: $filename, blob: $blob }) {
      file { id databaseId }
      task { project { id } }
    }
  }
`);

graphql(`
  fragment KanboardFile on File {
    databaseId name url sha256 isImage size createdAt
    attachedTo { ... on Task { databaseId } }
    createdBy { databaseId email displayName }
  }
`);

const getAllTaskFiles = graphql(`
  query KanboardGetAllTaskFiles($taskId: ID!) {
    task(id: $taskId) { files(orderBy: { field: NAME }) { nodes { ...KanboardFile } } }
  }
`);

const getTaskFile = graphql(`
  query KanboardGetTaskFile($fileId: ID!) { file(id: $fileId) { ...KanboardFile } }
`);

const downloadTaskFile = graphql(`
  query KanboardDownloadTaskFile($fileId: ID!) { file(id: $fileId) { content(encoding: BASE64) } }
`);

const removeTaskFile = graphql(`
  mutation KanboardRemoveTaskFile($fileId: ID!) { removeFile(input: { fileId: $fileId }) { removedFileId } }
`);

const removeAllTaskFiles = graphql(`
  mutation KanboardRemoveAllTaskFiles($taskId: ID!) {
    removeAllTaskFiles(input: { taskId: $taskId }) { removedFileIds task { id } }
  }
`);

/**
 * Maps a file to the member names of Kanboard. `path` is where the content is stored: here, its
 * URL.
 */
const taskFileOf = (file: KanboardFileFragment) => ({
  id: file.databaseId,
  name: file.name,
  path: file.url,
  is_image: Number(file.isImage),
  task_id: file.attachedTo.flatMap((on) => ('databaseId' in on ? [on.databaseId] : []))[0],
  date: Math.floor(Date.parse(file.createdAt) / 1000),
  user_id: file.createdBy.databaseId,
  size: file.size,
  username: file.createdBy.email,
  user_name: file.createdBy.displayName,
  etag: file.sha256,
});

const PLAIN = 'cGxhaW4gdGV4dCBmaWxl';

async function create(server: TestServer, filename: string, blob: string, key?: string, taskId = 'Task:1') {
  return (await ask(server, createTaskFile, { taskId, filename, blob }, key)).createTaskFile;
}

async function all(server: TestServer, taskId = 'Task:1', key?: string) {
  return (await ask(server, getAllTaskFiles, { taskId }, key)).task?.files.nodes.map(taskFileOf);
}

test('createTaskFile returns the id of the file, and the task with its project', async () => {
  await using server = await startTestServer();
  expect(await create(server, 'My file', PLAIN)).toEqual({
    file: { id: 'File:1', databaseId: 1 },
    task: { project: { id: 'Project:1' } },
  });
});

test('getAllTaskFiles and getTaskFile return each member of a file with its value', async () => {
  await using server = await startTestServer();
  const ada = await newColleague(server, 'Ada');
  const since = Math.floor(Date.now() / 1000);
  const { file: text } = await create(server, 'My file', PLAIN, ada.key, 'Task:2');
  const picture = Buffer.from(await png(5, 4).arrayBuffer());
  const { file: image } = await create(server, 'a picture.png', picture.toString('base64'), ada.key, 'Task:2');

  const listed = (await all(server, 'Task:2', ada.key)) ?? [];
  const common = {
    task_id: 2,
    date: expect.any(Number),
    user_id: ada.databaseId,
    username: 'ada@example.com',
    user_name: 'Ada',
  };
  expect(listed).toEqual([
    {
      id: image.databaseId,
      name: 'a picture.png',
      path: `${server.url}/files/${image.databaseId}/content`,
      is_image: 1,
      size: picture.length,
      etag: sha256(picture),
      ...common,
    },
    {
      id: text.databaseId,
      name: 'My file',
      path: `${server.url}/files/${text.databaseId}/content`,
      is_image: 0,
      size: 15,
      etag: sha256('plain text file'),
      ...common,
    },
  ]);
  for (const { date } of listed) {
    expect(date).toBeGreaterThanOrEqual(since);
    expect(date).toBeLessThanOrEqual(Date.now() / 1000);
  }
  for (const [index, { id }] of [image, text].entries()) {
    const { file } = await ask(server, getTaskFile, { fileId: id }, ada.key);
    expect(file && taskFileOf(file)).toEqual(listed[index]);
  }
  expect(await all(server)).toEqual([]);
});

test('getAllTaskFiles sorts by name, ignoring case', async () => {
  await using server = await startTestServer();
  for (const name of ['b', 'C', 'a', 'D']) await create(server, name, PLAIN);
  expect((await all(server))?.map(({ name }) => name)).toEqual(['a', 'b', 'C', 'D']);
});

test('downloadTaskFile returns the content as base64, and the URL returns the bytes', async () => {
  await using server = await startTestServer();
  const { file } = await create(server, 'My file', PLAIN);
  expect((await ask(server, downloadTaskFile, { fileId: file.id })).file?.content).toBe(PLAIN);
  expect(await (await download(server, file)).text()).toBe('plain text file');
});

test('removeTaskFile removes the file and no other', async () => {
  await using server = await startTestServer();
  const { file } = await create(server, 'My file', PLAIN);
  await create(server, 'stays', PLAIN);
  expect(await ask(server, removeTaskFile, { fileId: file.id })).toEqual({ removeFile: { removedFileId: file.id } });
  expect((await all(server))?.map(({ name }) => name)).toEqual(['stays']);
});

test('removeAllTaskFiles removes the files of one task, except those that are attached elsewhere', async () => {
  await using server = await startTestServer();
  const fileIds = [await create(server, 'a', PLAIN), await create(server, 'b', PLAIN)].map(({ file }) => file.id);
  const kept = await create(server, 'kept by a contact', PLAIN);
  await ask(server, attachEntityFiles, { entityId: 'Contact:1', fileIds: [kept.file.id] });
  await create(server, 'of another task', PLAIN, server.key, 'Task:2');
  const { removeAllTaskFiles: gone } = await ask(server, removeAllTaskFiles, { taskId: 'Task:1' });
  expect(gone).toEqual({ removedFileIds: expect.arrayContaining(fileIds), task: { id: 'Task:1' } });
  expect(gone.removedFileIds).toHaveLength(2);
  expect(await all(server)).toEqual([]);
  expect(await all(server, 'Task:2')).toHaveLength(1);
  expect((await ask(server, getTaskFile, { fileId: kept.file.id })).file?.name).toBe('kept by a contact');
});

test('a failed call returns an error with a code, where Kanboard returns false or nothing', async () => {
  await using server = await startTestServer();
  const unknown = /^NOT_FOUND: .*(File|Task):77/;
  const file = { filename: 'My file', blob: PLAIN };
  expect(await errorOf(server, createTaskFile, { taskId: 'Task:77', ...file })).toMatch(unknown);
  expect(await errorOf(server, createTaskFile, { taskId: 'Task:1', ...file, blob: '%' })).toMatch(/^BAD_USER_INPUT: /);
  expect(await errorOf(server, getAllTaskFiles, { taskId: 'Task:77' })).toMatch(unknown);
  expect(await errorOf(server, getTaskFile, { fileId: 'File:77' })).toMatch(unknown);
  expect(await errorOf(server, downloadTaskFile, { fileId: 'File:77' })).toMatch(unknown);
  expect(await errorOf(server, removeTaskFile, { fileId: 'File:77' })).toMatch(unknown);
  expect(await errorOf(server, removeAllTaskFiles, { taskId: 'Task:77' })).toMatch(unknown);
  expect(await errorOf(server, getAllTaskFiles, { taskId: 'Task:1' }, 'no key')).toMatch(/^UNAUTHENTICATED: /);
});

test('createTaskFile rejects a blob above MAX_INLINE_SIZE with PAYLOAD_TOO_LARGE', async () => {
  await using server = await startTestServer({ MAX_INLINE_SIZE: '14' });
  const refusal = await errorOf(server, createTaskFile, { taskId: 'Task:1', filename: 'My file', blob: PLAIN });
  expect(refusal).toMatch(/^PAYLOAD_TOO_LARGE: .*14/);
  expect(await all(server)).toEqual([]);
});
