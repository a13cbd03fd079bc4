import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask, dataOf, errorOf, executeWithFiles } from '../support/client.ts';
import { attachEntityFiles, attachTaskFiles } from '../support/documents.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { commentOf, createComment, deleteComment, deleteTask, taskOf, updateComment } from '../support/tasks.ts';

async function createCommentOn(server: TestServer, body: string, key?: string) {
  return (await ask(server, createComment, { taskId: 'Task:1', body }, key)).createComment;
}

test('EDITORs add comments to a task, and VIEWERs and READ keys get FORBIDDEN', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const { comment, commentEdge } = await createCommentOn(server, 'Done.', editor.key);
  expect(comment).toMatchObject({ body: 'Done.', task: { id: 'Task:1' }, createdBy: { id: editor.id } });
  expect(comment).toMatchObject({ canEdit: true, canDelete: true });
  expect(commentEdge.node.id).toBe(comment.id);
  expect((await ask(server, taskOf, { id: 'Task:1' })).task?.comments).toEqual({
    totalCount: 2,
    nodes: [{ id: 'Comment:1' }, { id: comment.id }],
  });

  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  expect(await errorOf(server, createComment, { taskId: 'Task:1', body: 'x' }, viewer.key)).toMatch(/^FORBIDDEN: /);
  const reader = await newKey(server, editor.id, 'READ');
  expect(await errorOf(server, createComment, { taskId: 'Task:1', body: 'x' }, reader.key)).toMatch(/^FORBIDDEN: /);
});

test('only the author and the owners of the project update and delete a comment', async () => {
  await using server = await startTestServer();
  const author = await newPerson(server, 'Ada', { role: 'EDITOR' });
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const owner = await newPerson(server, 'Olga', { role: 'OWNER' });
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const outsider = await newPerson(server, 'Sam');
  const { id } = (await createCommentOn(server, 'First', author.key)).comment;

  for (const { key } of [author, owner]) {
    expect((await ask(server, commentOf, { id }, key)).node).toMatchObject({ canEdit: true, canDelete: true });
    const { comment } = (await ask(server, updateComment, { commentId: id, body: `of ${key}` }, key)).updateComment;
    expect(comment.body).toBe(`of ${key}`);
  }
  for (const { key } of [editor, viewer]) {
    expect((await ask(server, commentOf, { id }, key)).node).toMatchObject({ canEdit: false, canDelete: false });
    expect(await errorOf(server, updateComment, { commentId: id, body: 'x' }, key)).toMatch(/^FORBIDDEN: /);
    expect(await errorOf(server, deleteComment, { commentId: id }, key)).toMatch(/^FORBIDDEN: /);
  }
  expect((await ask(server, commentOf, { id }, editor.key)).node).toMatchObject({ viewerCanAttach: true });
  expect(await errorOf(server, updateComment, { commentId: id, body: 'x' }, outsider.key)).toMatch(/^NOT_FOUND: /);
  expect(await errorOf(server, deleteComment, { commentId: id }, outsider.key)).toMatch(/^NOT_FOUND: /);

  expect((await ask(server, deleteComment, { commentId: id }, author.key)).deleteComment.deletedId).toBe(id);
  expect(await errorOf(server, commentOf, { id })).toMatch(/^NOT_FOUND: /);
});

const uploadCommentFile = graphql(`
  mutation UploadCommentFile($commentId: ID!, $files: [Upload!]!) {
    uploadCommentFiles(input: { commentId: $commentId, files: $files }) { files { id } }
  }
`);

async function uploadToComment(server: TestServer, commentId: string, name: string): Promise<string> {
  const result = await executeWithFiles<{ uploadCommentFiles: { files: { id: string }[] } }>(
    server,
    uploadCommentFile,
    { commentId },
    [{ name, content: name }],
  );
  return dataOf(result).uploadCommentFiles.files[0]?.id ?? '';
}

const filesOf = graphql(`
  query FilesById($ids: [ID!]!) {
    nodes(ids: $ids) { ... on File { id } }
    project(id: "Project:1") { usedFiles usedBytes }
  }
`);

test('deleting a comment removes the files that are attached only to it', async () => {
  await using server = await startTestServer();
  const { id } = (await createCommentOn(server, 'With files')).comment;
  const gone = await uploadToComment(server, id, 'gone.txt');
  const kept = await uploadToComment(server, id, 'kept.txt');
  await ask(server, attachEntityFiles, { entityId: 'Contact:1', fileIds: [kept] });
  await ask(server, deleteComment, { commentId: id });
  const { data } = await server.query(filesOf, { ids: [gone, kept] });
  expect(data?.nodes).toEqual([null, { id: kept }]);
  expect(data?.project).toEqual({ usedFiles: 0, usedBytes: 0 });
  expect((await server.stored()).blobs).toHaveLength(1);
});

test('deleting a task deletes its comments and the files that are attached nowhere else', async () => {
  await using server = await startTestServer();
  const onTask = await uploadFile(server, 'Task:1', { name: 'task.txt', content: 'task' });
  const onComment = await uploadToComment(server, 'Comment:1', 'comment.txt');
  const [elsewhere] = (await uploadFiles(server, null, [{ name: 'elsewhere.txt', content: 'elsewhere' }])).files;
  const fileIds = [elsewhere?.id ?? ''];
  for (const taskId of ['Task:1', 'Task:2']) await ask(server, attachTaskFiles, { taskId, fileIds });

  expect((await ask(server, deleteTask, { taskId: 'Task:1' })).deleteTask.deletedId).toBe('Task:1');
  expect(await errorOf(server, taskOf, { id: 'Task:1' })).toMatch(/^NOT_FOUND: /);
  expect(await errorOf(server, commentOf, { id: 'Comment:1' })).toMatch(/^NOT_FOUND: /);
  const { data } = await server.query(filesOf, { ids: [onTask.id, onComment, ...fileIds] });
  expect(data?.nodes).toEqual([null, null, { id: fileIds[0] }]);
  expect(data?.project).toEqual({ usedFiles: 1, usedBytes: 9 });
});
