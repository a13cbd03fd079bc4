import { expect, test } from 'vitest';
import { ask, codeOf, errorOf } from '../support/client.ts';
import {
  attach,
  attachQuery,
  detach,
  fileOf,
  fileQuery,
  ids,
  list,
  names,
  uploadErrorOf,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const places = ['Project:1', 'Task:1', 'Comment:1', 'Contact:1', 'Opportunity:1', 'Case:1'];

const removeAll = `mutation ($taskId: ID!) {
  removeAllTaskFiles(input: { taskId: $taskId }) { removedFileIds task { id files { totalCount } } }
}`;

test.each(places)('files uploaded to %s are attached there, and the payload has the edges of its list', async (on) => {
  await using server = await startTestServer();
  await uploadFile(server, on, 'first');
  const { files, fileEdges, filesCount, errors } = await uploadFiles(server, on, ['b', 'a'], {
    status: 'PENDING',
    available: false,
    createdFrom: 'FEEDBACK',
  });
  const about = { status: 'PENDING', available: false, createdFrom: 'FEEDBACK', attachedTo: [{ id: on }] };
  expect(files).toMatchObject([
    { name: 'b', ...about },
    { name: 'a', ...about },
  ]);
  expect({ filesCount, errors }).toEqual({ filesCount: 3, errors: [] });
  const { edges } = await list(server, on);
  expect(edges.map(({ node }) => node.name)).toEqual(['first', 'b', 'a']);
  expect(edges.slice(1)).toMatchObject(fileEdges);
});

test('files uploaded without an attachable are visible only to their uploader and administrators', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'OWNER' });
  const sam = await newPerson(server, 'Sam', { role: 'OWNER' });
  const { files, fileEdges, filesCount } = await uploadFiles(server, null, ['a', 'b'], {}, bob.key);
  expect({ fileEdges, filesCount, attachedTo: files[0]?.attachedTo }).toEqual({
    fileEdges: [],
    filesCount: 2,
    attachedTo: [],
  });
  expect(await names(server, null, undefined, bob.key)).toEqual(['a', 'b']);
  expect(await names(server, null)).toEqual(['a', 'b']);
  expect(await names(server, null, undefined, sam.key)).toEqual([]);
  expect(await codeOf(server, fileQuery, { id: files[0]?.id }, sam.key)).toBe('NOT_FOUND');
});

test.each(places)(
  'attaches stored files to %s in the given order, all or none, and the error names each invalid id',
  async (on) => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'OWNER' });
    const foreign = await uploadFile(server, null, 'foreign');
    const { files } = await uploadFiles(server, null, ['a', 'b'], {}, bob.key);
    const [a = '', b = ''] = ids(files);
    const message = await errorOf(
      server,
      attachQuery(on),
      { fileIds: [a, 'File:77', foreign.id, 'File:88', b] },
      bob.key,
    );
    expect(message).toMatch(/^NOT_FOUND: /);
    for (const id of ['File:77', 'File:88', foreign.id]) expect(message).toContain(id);
    expect(message).not.toMatch(new RegExp(`(${a}|${b})\\b`));
    expect(await names(server, on)).toEqual([]);

    const attached = await attach(server, on, [b, a], bob.key);
    expect(attached).toMatchObject({ filesCount: 2, files: [{ id: b }, { id: a }] });
    const { edges } = await list(server, on);
    expect(edges).toEqual(
      expect.arrayContaining(attached.fileEdges.map((edge) => expect.objectContaining({ cursor: edge.cursor }))),
    );
    expect(ids((await fileOf(server, a)).attachedTo)).toEqual([on]);
  },
);

test.each(places)('uploading or attaching to %s requires the right to edit it', async (on) => {
  await using server = await startTestServer();
  const share = 'mutation { updateContact(input: { contactId: "Contact:1", shareType: READ }) { contact { id } } }';
  await ask(server, share);
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER', scope: /^(Opp|Case)/.test(on) ? 'READ' : 'WRITE' });
  const outsider = await newPerson(server, 'Sam', { scope: 'READ' });
  const file = await uploadFile(server, 'Contact:1', 'a');
  const seen = /^(Contact|Opportunity|Case)/.test(on) ? /^FORBIDDEN: / : /^NOT_FOUND: /;
  for (const [key, expected] of [
    [viewer.key, /^FORBIDDEN: /],
    [outsider.key, seen],
  ] as const) {
    expect(await uploadErrorOf(server, on, ['b'], {}, key)).toMatch(expected);
    expect(await errorOf(server, attachQuery(on), { fileIds: [file.id] }, key)).toMatch(expected);
  }
  expect((await server.stored()).blobs).toHaveLength(1);
});

test('uploads and attaches to a comment or a project emit events on the project', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1' });
  const [stored = ''] = ids((await uploadFiles(server, null, ['stored'])).files);
  await uploadFiles(server, 'Comment:1', ['of the comment']);
  await uploadFiles(server, 'Project:1', ['of the project']);
  await attach(server, 'Comment:1', [stored]);
  await attach(server, 'Project:1', [stored]);
  const events = [];
  for (let i = 0; i < 4; i += 1) events.push(await listener.next());
  expect(events.map((event) => [event.file.name, event.on?.id])).toEqual([
    ['of the comment', 'Comment:1'],
    ['of the project', 'Project:1'],
    ['stored', 'Comment:1'],
    ['stored', 'Project:1'],
  ]);
});

test('removeAllTaskFiles removes files attached only to the task with all versions, and keeps the others', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, 'Task:1', ['a', 'b']);
  const v2 = await uploadFile(server, 'Task:1', 'b2', { parentId: files[1]?.id ?? '' });
  const both = await uploadFile(server, 'Task:1', 'both');
  await attach(server, 'Contact:1', [both.id]);
  await uploadFile(server, 'Comment:1', 'on a comment of it');
  await uploadFile(server, 'Task:2', 'other');
  const { removeAllTaskFiles: gone } = await ask<{ removeAllTaskFiles: { removedFileIds: string[]; task: object } }>(
    server,
    removeAll,
    { taskId: 'Task:1' },
  );
  expect(gone.removedFileIds.toSorted()).toEqual([...ids(files), v2.id].toSorted());
  expect(gone.task).toEqual({ id: 'Task:1', files: { totalCount: 0 } });
  expect(await names(server, null)).toEqual(['both', 'on a comment of it', 'other']);
  expect(await names(server, 'Contact:1')).toEqual(['both']);
  expect((await server.stored()).blobs).toHaveLength(3);
});

test('removeAllTaskFiles requires the right to edit the task and removes nothing when repeated', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const outsider = await newPerson(server, 'Sam');
  await uploadFile(server, 'Task:1', 'a');
  expect(await errorOf(server, removeAll, { taskId: 'Task:1' }, viewer.key)).toMatch(/^FORBIDDEN: /);
  expect(await errorOf(server, removeAll, { taskId: 'Task:1' }, outsider.key)).toMatch(/^NOT_FOUND: /);
  expect(await names(server, 'Task:1')).toEqual(['a']);
  await ask(server, removeAll, { taskId: 'Task:1' });
  expect(await ask(server, removeAll, { taskId: 'Task:1' })).toMatchObject({
    removeAllTaskFiles: { removedFileIds: [] },
  });
});

test('a file detached from everything can be attached again by its uploader', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const file = await uploadFile(server, 'Task:1', 'a', {}, bob.key);
  await detach(server, 'Task:1', [file.id], bob.key);
  await attach(server, 'Task:2', [file.id], bob.key);
  expect(await names(server, 'Task:2')).toEqual(['a']);
});
