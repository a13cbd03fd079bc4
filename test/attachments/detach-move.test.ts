import { expect, test } from 'vitest';
import { codeOf, errorOf } from '../support/client.ts';
import { bearer, download } from '../support/download.ts';
import { kinds } from '../support/entity-kinds.ts';
import {
  attach,
  detach,
  detachQuery,
  fileOf,
  fileQuery,
  ids,
  list,
  move,
  moveQuery,
  names,
  update,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const places = ['Project:1', 'Task:1', 'Comment:1', 'Contact:1', 'Opportunity:1', 'Case:1'];

test.each(places)('files detached from %s stay stored and stay attached elsewhere', async (from) => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, from, ['a', 'b', 'c']);
  const [a = '', b = '', c = ''] = ids(files);
  await attach(server, 'Task:2', [a]);
  expect(await detach(server, from, [c, a])).toEqual({ from: { id: from }, detachedFileIds: [c, a], filesCount: 1 });
  expect(await names(server, from)).toEqual(['b']);
  expect(await names(server, 'Task:2')).toEqual(['a']);
  expect(await names(server, null)).toEqual(['a', 'b', 'c']);
  expect((await fileOf(server, c)).attachedTo).toEqual([]);
  expect(ids((await fileOf(server, b)).attachedTo)).toEqual([from]);
  expect((await server.stored()).blobs).toHaveLength(3);
});

test('a file detached from everything is visible to its uploader and hidden from other members', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const ed = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const file = await uploadFile(server, 'Task:1', 'a', {}, bob.key);
  await detach(server, 'Task:1', [file.id], ed.key);
  expect((await download(server, file, { headers: bearer(bob.key) })).status).toBe(200);
  expect((await download(server, file, { headers: bearer(ed.key) })).status).toBe(404);
  expect(await codeOf(server, fileQuery, { id: file.id }, ed.key)).toBe('NOT_FOUND');
});

test('detachFiles detaches all files or none, and the error names each id that is not attached there', async () => {
  await using server = await startTestServer();
  const a = await uploadFile(server, 'Task:1', 'a');
  const { files } = await uploadFiles(server, 'Task:2', ['b', 'c']);
  const elsewhere = ids(files);
  const message = await errorOf(server, detachQuery, { from: 'Task:1', fileIds: [a.id, ...elsewhere] });
  expect(message).toMatch(/^BAD_USER_INPUT: /);
  for (const id of elsewhere) expect(message).toContain(id);
  expect(message).not.toMatch(new RegExp(`${a.id}\\b`));
  const unknown = await errorOf(server, detachQuery, { from: 'Task:1', fileIds: ['File:77', a.id, 'File:88'] });
  expect(unknown).toMatch(/^NOT_FOUND: .*File:77.*File:88/);
  expect(await names(server, 'Task:1')).toEqual(['a']);
});

test('the error of a detach or a move names both the unknown ids and the ids attached elsewhere', async () => {
  await using server = await startTestServer();
  const a = await uploadFile(server, 'Task:1', 'a');
  const b = await uploadFile(server, 'Task:2', 'b');
  const variables = { from: 'Task:1', fileIds: [a.id, b.id, 'File:77'] };
  for (const message of [
    await errorOf(server, detachQuery, variables),
    await errorOf(server, moveQuery, { ...variables, to: 'Contact:1' }),
  ]) {
    expect(message).toContain('File:77');
    expect(message).toContain(b.id);
  }
});

test('detaching requires the right to edit the attachable', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a');
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const owner = await newPerson(server, 'Olga', { role: 'OWNER' });
  const reader = await newKey(server, owner.id, 'READ');
  const outsider = await newPerson(server, 'Sam');
  const variables = { from: 'Task:1', fileIds: [file.id] };
  expect(await codeOf(server, detachQuery, variables, viewer.key)).toBe('FORBIDDEN');
  expect(await codeOf(server, detachQuery, variables, reader.key)).toBe('FORBIDDEN');
  expect(await codeOf(server, detachQuery, variables, outsider.key)).toBe('NOT_FOUND');
  expect(await names(server, 'Task:1')).toEqual(['a']);
});

test.each([
  ['Task:1', 'Contact:1'],
  ['Contact:1', 'Comment:1'],
  ['Comment:1', 'Project:1'],
  ['Project:1', 'Opportunity:1'],
  ['Opportunity:1', 'Case:1'],
  ['Case:1', 'Task:2'],
])('moving files from %s to %s moves them together and emits an event for each on the target', async (from, to) => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, from, ['a', 'b', 'c']);
  const [a = '', b = '', c = ''] = ids(files);
  const isInProject = /^(Project|Task|Comment)/.test(to);
  await using listener = await subscribeToFileAdded(server, isInProject ? 'Project:1' : to, {
    at: isInProject ? 'Task:1' : to,
  });
  const moved = await move(server, from, to, [c, a]);
  expect(moved).toMatchObject({ to: { id: to }, filesCount: 2, files: [{ id: c }, { id: a }] });
  expect(moved.files.every(({ attachedTo }) => attachedTo.length === 1 && attachedTo[0]?.id === to)).toBe(true);
  expect(await names(server, from)).toEqual(['b']);
  const { edges } = await list(server, to);
  expect(edges.map(({ node }) => node.id).toSorted()).toEqual([a, c].toSorted());
  for (const { cursor } of moved.fileEdges) expect(edges.map((edge) => edge.cursor)).toContain(cursor);
  expect(ids((await fileOf(server, b)).attachedTo)).toEqual([from]);
  for (const id of [c, a]) expect(await listener.next()).toMatchObject({ file: { id }, on: { id: to } });
});

test('moving a file that is already attached to the target detaches it from the source and emits no event for it', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, 'Task:1', ['a', 'b']);
  const [a = '', b = ''] = ids(files);
  await attach(server, 'Contact:1', [a]);
  await using listener = await subscribeToFileAdded(server, 'Contact:1');
  expect(await move(server, 'Task:1', 'Contact:1', [a, b])).toMatchObject({ filesCount: 2 });
  expect((await listener.next()).file.id).toBe(b);
  expect(await names(server, 'Task:1')).toEqual([]);
  expect(await names(server, 'Contact:1')).toEqual(['a', 'b']);
});

test('moves no file when one of them cannot be moved', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, 'Task:1', ['a', 'b']);
  const elsewhere = await uploadFile(server, 'Task:2', 'c');
  for (const bad of ['File:99', elsewhere.id]) {
    const message = await errorOf(server, moveQuery, {
      from: 'Task:1',
      to: 'Contact:1',
      fileIds: [...ids(files), bad],
    });
    expect(message).toContain(bad);
  }
  expect(await names(server, 'Task:1')).toEqual(['a', 'b']);
  expect(await names(server, 'Contact:1')).toEqual([]);
});

test('moving requires the right to edit both the source and the target', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const secret = await kinds.Contact.create(server, { isPrivate: true });
  const readable = await kinds.Contact.create(server, {
    isPrivate: true,
    accessList: [{ userId: bob.id, access: 'READ' }],
  });
  const { id } = await uploadFile(server, 'Task:1', 'a');
  const attempt = (from: string, to: string, key: string) =>
    codeOf(server, moveQuery, { from, to, fileIds: [id] }, key);
  expect(await attempt('Task:1', secret, bob.key)).toBe('NOT_FOUND');
  expect(await attempt('Task:1', readable, bob.key)).toBe('FORBIDDEN');
  expect(await attempt('Task:1', 'Contact:1', viewer.key)).toBe('FORBIDDEN');
  expect(await attempt('Task:1', 'Task:99', bob.key)).toBe('NOT_FOUND');
  expect(ids((await fileOf(server, id)).attachedTo)).toEqual(['Task:1']);
});

test.each([
  ['to where they are', { from: 'Task:1', to: 'Task:1' }],
  ['no file', { fileIds: [] }],
  ['something else than files', { fileIds: ['Task:1'] }],
  ['to a file', { to: 'File:1' }],
  ['from an id that is none', { from: 'banana' }],
])('moving %s fails with BAD_USER_INPUT', async (_what, variables) => {
  await using server = await startTestServer();
  const { id } = await uploadFile(server, 'Task:1', 'a');
  const all = { from: 'Task:1', to: 'Task:2', fileIds: [id], ...variables };
  expect(await codeOf(server, moveQuery, all)).toBe('BAD_USER_INPUT');
  expect(await names(server, 'Task:1')).toEqual(['a']);
});

test('a moved file keeps its versions, its review status and its id', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
  await update(server, { fileId: v2.id, status: 'REQUIRED' });
  const { files } = await move(server, 'Task:1', 'Contact:1', [v1.id]);
  expect(files).toMatchObject([{ id: v2.id, status: 'REQUIRED', versions: [{ id: v2.id }, { id: v1.id }] }]);
});
