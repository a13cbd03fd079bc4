import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { attach, detach, fileOf, ids, move, remove, uploadFile, uploadFiles } from '../support/files.ts';
import { blobs, expectUsage, newProject } from '../support/project-usage.ts';
import { startTestServer } from '../support/server.ts';

test('the usage of a project is correct after each upload, attach, detach, move and removal', async () => {
  await using server = await startTestServer();
  const other = await newProject(server);
  await expectUsage(server, 0, 0);
  const a = await uploadFile(server, 'Task:1', 'aaaa');
  await expectUsage(server, 4, 1);
  const a2 = await uploadFile(server, null, 'a2', { parentId: a.id });
  await expectUsage(server, 6, 1);
  for (const on of ['Task:2', 'Comment:1', 'Project:1', 'Contact:1']) await attach(server, on, [a.id]);
  await expectUsage(server, 6, 1);
  await attach(server, other, [a.id]);
  await expectUsage(server, 6, 1, other);
  const a3 = await uploadFile(server, null, 'a-3', { parentId: a.id });
  await expectUsage(server, 9, 1);
  await expectUsage(server, 9, 1, other);
  await remove(server, a3.id, true);
  await remove(server, a.id, true);
  await expectUsage(server, 2, 1);
  await expectUsage(server, 2, 1, other);
  await detach(server, 'Task:1', [a2.id]);
  await detach(server, 'Task:2', [a2.id]);
  await expectUsage(server, 2, 1);
  await move(server, 'Comment:1', 'Task:1', [a2.id]);
  await move(server, 'Project:1', 'Opportunity:1', [a2.id]);
  await expectUsage(server, 2, 1);
  await move(server, 'Task:1', other, [a2.id]);
  await expectUsage(server, 0, 0);
  await expectUsage(server, 2, 1, other);
  await attach(server, 'Task:1', [a2.id]);
  await remove(server, a2.id);
  await expectUsage(server, 0, 0);
  await expectUsage(server, 0, 0, other);
});

test('the usage of a project is correct after deleting a comment, a task or all files of a task', async () => {
  await using server = await startTestServer();
  const both = await uploadFile(server, 'Task:1', 'both');
  await attach(server, 'Task:2', [both.id]);
  await uploadFiles(server, 'Comment:1', ['on the comment']);
  await uploadFiles(server, 'Task:1', ['on the task']);
  await expectUsage(server, 4 + 14 + 11, 3);
  await ask(server, 'mutation { deleteComment(input: { commentId: "Comment:1" }) { deletedId } }');
  await expectUsage(server, 4 + 11, 2);
  await ask(server, 'mutation { deleteTask(input: { taskId: "Task:1" }) { deletedId } }');
  await expectUsage(server, 4, 1);
  await ask(server, 'mutation { removeAllTaskFiles(input: { taskId: "Task:2" }) { removedFileIds } }');
  await expectUsage(server, 0, 0);
  expect(await blobs(server)).toEqual({ staging: 0, blobs: 0 });
});

test('a file also attached to a deleted project stays stored and counts in the remaining project', async () => {
  await using server = await startTestServer();
  const other = await newProject(server);
  const file = await uploadFile(server, 'Task:1', 'file');
  await attach(server, other, [file.id]);
  await ask(server, `mutation { deleteProject(input: { projectId: "${other}" }) { deletedId } }`);
  await expectUsage(server, 4, 1);
  expect(ids((await fileOf(server, file.id)).attachedTo)).toEqual(['Task:1']);
});
