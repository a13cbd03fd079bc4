import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import { cursorOf, type FileEvent, readEvents } from '../support/events.ts';
import {
  attach,
  attachQuery,
  detach,
  detachQuery,
  ids,
  move,
  moveQuery,
  remove,
  tryUploadFiles,
  update,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const summaryOf = ({ type, file, previousFileId, onId }: FileEvent) =>
  `${type} ${file.name}${previousFileId === null ? '' : ` instead of ${previousFileId}`} on ${onId}`;

/** The events that a change emits on Task:1 and on its project. */
async function eventsOf(server: TestServer, change: () => Promise<unknown>) {
  const [onTask, onProject] = [await cursorOf(server, 'Task:1'), await cursorOf(server, 'Project:1')];
  await change();
  const events = await readEvents(server, 'Project:1', { after: onProject });
  expect(new Set(events.map((event) => event.cursor)).size).toBe(events.length);
  return {
    task: (await readEvents(server, 'Task:1', { after: onTask })).map(summaryOf),
    project: events.map(summaryOf),
  };
}

const both = (...events: string[]) => ({ task: events, project: events });

test('an upload emits one FILE_ADDED per file, in the order given', async () => {
  await using server = await startTestServer();
  const events = await eventsOf(server, () => uploadFiles(server, 'Task:1', ['a', 'b']));
  expect(events).toEqual(both('FILE_ADDED a on Task:1', 'FILE_ADDED b on Task:1'));
});

test('attaching a file by its id emits FILE_ADDED, and nothing when it is attached already', async () => {
  await using server = await startTestServer();
  const { id } = await uploadFile(server, null, 'a');
  expect(await eventsOf(server, () => attach(server, 'Task:1', [id]))).toEqual(both('FILE_ADDED a on Task:1'));
  expect(await eventsOf(server, () => attach(server, 'Task:1', [id]))).toEqual(both());
});

test('a new version emits FILE_VERSION_ADDED with the previous file id wherever the file is attached', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  await attach(server, 'Task:2', [v1.id]);
  expect(await eventsOf(server, () => uploadFile(server, null, 'v2', { parentId: v1.id }))).toEqual({
    task: [`FILE_VERSION_ADDED v2 instead of ${v1.id} on Task:1`],
    project: [
      `FILE_VERSION_ADDED v2 instead of ${v1.id} on Task:1`,
      `FILE_VERSION_ADDED v2 instead of ${v1.id} on Task:2`,
    ],
  });
});

test('removing one version emits FILE_VERSION_REMOVED with the version that lists show now', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const v2 = await uploadFile(server, null, 'v2', { parentId: v1.id });
  const v3 = await uploadFile(server, null, 'v3', { parentId: v1.id });
  expect(await eventsOf(server, () => remove(server, v2.id, true))).toEqual(
    both(`FILE_VERSION_REMOVED v3 instead of ${v2.id} on Task:1`),
  );
  expect(await eventsOf(server, () => remove(server, v3.id, true))).toEqual(
    both(`FILE_VERSION_REMOVED v1 instead of ${v3.id} on Task:1`),
  );
  expect(await eventsOf(server, () => remove(server, v1.id, true))).toEqual(both('FILE_REMOVED v1 on Task:1'));
});

test('changing the name, status or availability emits FILE_UPDATED', async () => {
  await using server = await startTestServer();
  const { id: fileId } = await uploadFile(server, 'Task:1', 'a');
  for (const change of [{ name: 'b' }, { status: 'APPROVED' }, { available: false }, { available: true }]) {
    const events = await eventsOf(server, () => update(server, { fileId, ...change }));
    expect(events).toEqual(both('FILE_UPDATED b on Task:1'));
  }
});

test('detaching emits FILE_DETACHED, and moving emits FILE_DETACHED at the source and FILE_ADDED at the target', async () => {
  await using server = await startTestServer();
  const [a = '', b = ''] = ids((await uploadFiles(server, 'Task:1', ['a', 'b'])).files);
  expect(await eventsOf(server, () => detach(server, 'Task:1', [a]))).toEqual(both('FILE_DETACHED a on Task:1'));
  expect(await eventsOf(server, () => move(server, 'Task:1', 'Task:2', [b]))).toEqual({
    task: ['FILE_DETACHED b on Task:1'],
    project: ['FILE_DETACHED b on Task:1', 'FILE_ADDED b on Task:2'],
  });
});

test('removing a file emits FILE_REMOVED wherever it is attached', async () => {
  await using server = await startTestServer();
  const { id } = await uploadFile(server, 'Task:1', 'a');
  await attach(server, 'Comment:1', [id]);
  const { task, project } = await eventsOf(server, () => remove(server, id));
  expect(task).toEqual(['FILE_REMOVED a on Task:1']);
  expect(project.toSorted()).toEqual(['FILE_REMOVED a on Comment:1', 'FILE_REMOVED a on Task:1']);
});

test('removeAllTaskFiles emits FILE_REMOVED, or FILE_DETACHED for files that are attached elsewhere', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, 'Task:1', ['gone', 'elsewhere']);
  await attach(server, 'Contact:1', [files[1]?.id ?? '']);
  const clear = 'mutation { removeAllTaskFiles(input: { taskId: "Task:1" }) { removedFileIds } }';
  const { task, project } = await eventsOf(server, () => ask(server, clear));
  expect(task.toSorted()).toEqual(['FILE_DETACHED elsewhere on Task:1', 'FILE_REMOVED gone on Task:1']);
  expect(project).toEqual(task);
});

test.each([
  ['Task:1', 'deleteTask(input: { taskId: "Task:1" }) { deletedId }'],
  ['Comment:1', 'deleteComment(input: { commentId: "Comment:1" }) { deletedId }'],
])('deleting %s emits FILE_REMOVED on the project for each of its files', async (on, field) => {
  await using server = await startTestServer();
  await uploadFiles(server, on, ['a', 'b']);
  const after = await cursorOf(server, 'Project:1');
  await ask(server, `mutation { ${field} }`);
  const events = (await readEvents(server, 'Project:1', { after })).map(summaryOf);
  expect(events.toSorted()).toEqual([`FILE_REMOVED a on ${on}`, `FILE_REMOVED b on ${on}`]);
});

test('an event returns the file as it was at that time, and the actor', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Task:1');
  const { id: fileId } = await uploadFile(server, 'Task:1', 'first');
  await update(server, { fileId, name: 'second', status: 'PENDING' });
  await update(server, { fileId, available: false });
  await remove(server, fileId);
  const file = { id: fileId, status: 'PENDING', available: true };
  expect(await readEvents(server, 'Task:1', { after })).toMatchObject([
    { type: 'FILE_ADDED', file: { ...file, name: 'first', status: null }, actor: { id: 'User:1' } },
    { type: 'FILE_UPDATED', file: { ...file, name: 'second' } },
    { type: 'FILE_UPDATED', file: { ...file, name: 'second', available: false } },
    { type: 'FILE_REMOVED', file: { ...file, name: 'second', available: false } },
  ]);
});

test('a change that fails or is rolled back emits no event', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '2' });
  const stored = await uploadFile(server, null, 'stored');
  const { id } = await uploadFile(server, 'Task:1', 'a');
  const failing = async () => {
    const inContact = `mutation ($fileIds: [ID!]!) { attachEntityFiles(input: {
      entityId: "Contact:1", fileIds: $fileIds, categoryId: "Category:999" }) { filesCount } }`;
    const codes = [
      await codeOf(server, inContact, { fileIds: [id] }),
      await codeOf(server, attachQuery('Task:1'), { fileIds: [stored.id, 'File:999'] }),
      await codeOf(server, detachQuery, { from: 'Task:1', fileIds: [id, 'File:999'] }),
      await codeOf(server, moveQuery, { from: 'Task:1', to: 'Task:999', fileIds: [id] }),
    ];
    expect(codes).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  };
  const onContact = await cursorOf(server, 'Contact:1');
  expect(await eventsOf(server, failing)).toEqual(both());
  expect(await readEvents(server, 'Contact:1', { after: onContact })).toEqual([]);
  // The quota of the project allows one of the two files.
  expect(await eventsOf(server, () => tryUploadFiles(server, 'Task:1', ['b', 'c']))).toEqual(
    both('FILE_ADDED b on Task:1'),
  );
});
