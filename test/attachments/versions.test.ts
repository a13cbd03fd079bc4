import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import {
  attach,
  detach,
  FILE,
  type FileFields,
  fileOf,
  ids,
  list,
  names,
  uploadErrorOf,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { contentsOf, threeVersions } from '../support/three-versions.ts';

const createTaskFile = `mutation ($parentId: ID!, $blob: Base64!) {
  createTaskFile(input: { taskId: "Task:1", filename: "inline", blob: $blob, parentId: $parentId }) { file { ${FILE} } }
}`;

async function createInline(server: TestServer, parentId: string, content: string): Promise<FileFields> {
  const blob = Buffer.from(content).toString('base64');
  const data = await ask<{ createTaskFile: { file: FileFields } }>(server, createTaskFile, { parentId, blob });
  return data.createTaskFile.file;
}

test('an upload with a parentId becomes the next version through each upload mutation, and each version downloads', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'one');
  const v2 = await uploadFile(server, 'Task:1', 'two', { parentId: v1.id });
  const v3 = await uploadFile(server, null, 'three', { parentId: v2.id });
  const v4 = await createInline(server, v3.id, 'four');
  expect([v1, v2, v3, v4].map((file) => file.version)).toEqual([1, 2, 3, 4]);
  for (const { id } of [v1, v2, v3, v4]) {
    const { versions } = await fileOf(server, id);
    expect(versions.map((file) => [file.id, file.version])).toEqual([
      [v4.id, 4],
      [v3.id, 3],
      [v2.id, 2],
      [v1.id, 1],
    ]);
    expect(await contentsOf(server, id)).toEqual(['four', 'three', 'two', 'one']);
  }
  expect(await names(server, 'Task:1')).toEqual(['inline']);
});

test.each(['Project:1', 'Task:1', 'Comment:1', 'Contact:1', 'Opportunity:1', 'Case:1'])(
  'a next version of a file on %s is attached there',
  async (on) => {
    await using server = await startTestServer();
    const v1 = await uploadFile(server, on, 'v1');
    const { files, fileEdges, filesCount, errors } = await uploadFiles(server, on, ['v2'], { parentId: v1.id });
    expect(files).toMatchObject([{ version: 2, name: 'v2', attachedTo: [{ id: on }] }]);
    expect({ filesCount, errors }).toEqual({ filesCount: 1, errors: [] });
    const { edges } = await list(server, on);
    expect(edges).toMatchObject(fileEdges);
    expect(edges.map(({ node }) => node.id)).toEqual(ids(files));
  },
);

test('a new version replaces the previous one wherever the file is attached, and lists count the file once', async () => {
  await using server = await startTestServer();
  const [v1, , v3] = await threeVersions(server);
  for (const on of ['Task:1', 'Contact:1', null]) expect(await names(server, on)).toEqual(['v3']);
  expect(await names(server, 'Project:1', 'include: TASKS')).toEqual(['v3']);
  expect(ids((await fileOf(server, v1.id)).attachedTo).toSorted()).toEqual(['Contact:1', 'Task:1']);
  expect(await fileOf(server, v3.id)).toMatchObject({ version: 3, attachedTo: expect.any(Array) });
});

test('several files with one parent become its next versions in the given order', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const { files, fileEdges } = await uploadFiles(server, 'Task:1', ['v2', 'v3', 'v4'], { parentId: v1.id });
  expect(files.map((file) => [file.name, file.version])).toEqual([
    ['v2', 2],
    ['v3', 3],
    ['v4', 4],
  ]);
  expect(fileEdges.map(({ node }) => node.id)).toEqual([files[2]?.id]);
  expect(await names(server, 'Task:1')).toEqual(['v4']);
});

test('an upload whose parent is an older version follows the newest version', async () => {
  await using server = await startTestServer();
  const [v1] = await threeVersions(server);
  expect(await uploadFile(server, 'Task:1', 'v4', { parentId: v1.id })).toMatchObject({ version: 4 });
  expect(await contentsOf(server, v1.id)).toEqual(['v4', 'v3', 'v2', 'v1']);
  expect(await names(server, 'Task:1')).toEqual(['v4']);
});

test('a parent attached elsewhere fails with BAD_USER_INPUT, and nothing is stored', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:2', 'v1');
  const loose = await uploadFile(server, null, 'loose');
  for (const parentId of [v1.id, loose.id]) {
    const message = await uploadErrorOf(server, 'Task:1', ['v2'], { parentId });
    expect(message).toMatch(/^BAD_USER_INPUT: /);
    expect(message).toContain(parentId);
    expect(await contentsOf(server, parentId)).toHaveLength(1);
  }
  expect(await codeOf(server, createTaskFile, { parentId: v1.id, blob: 'djI=' })).toBe('BAD_USER_INPUT');
  expect(await names(server, 'Task:1')).toEqual([]);
  const { staging, blobs } = await server.stored();
  expect([staging.length, blobs.length]).toEqual([0, 2]);
});

test('a hidden parent fails with NOT_FOUND, a read-only parent with FORBIDDEN, and nothing is stored', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'v1');
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const outsider = await newPerson(server, 'Sam');
  const attempt = (key: string) => uploadErrorOf(server, null, ['v2'], { parentId: file.id }, key);
  expect(await attempt(viewer.key)).toMatch(/^FORBIDDEN: /);
  expect(await attempt(outsider.key)).toMatch(/^NOT_FOUND: .*File:1/);
  expect(await uploadErrorOf(server, null, ['v2'], { parentId: 'File:99' })).toMatch(/^NOT_FOUND: .*File:99/);
  expect(await uploadErrorOf(server, null, ['v2'], { parentId: 'Task:1' })).toMatch(/^BAD_USER_INPUT: /);
  expect((await server.stored()).blobs).toHaveLength(1);
  expect(await contentsOf(server, file.id)).toEqual(['v1']);
});

test('a new version emits an event on everything the file is attached to', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  await attach(server, 'Contact:1', [v1.id]);
  await using task = await subscribeToFileAdded(server, 'Task:1');
  await using contact = await subscribeToFileAdded(server, 'Contact:1');
  const v2 = await uploadFile(server, null, 'v2', { parentId: v1.id });
  expect(await task.next()).toMatchObject({ file: { id: v2.id }, on: { id: 'Task:1' } });
  expect(await contact.next()).toMatchObject({ file: { id: v2.id }, on: { id: 'Contact:1' } });
});

test('attaching by the id of an older version attaches the newest version', async () => {
  await using server = await startTestServer();
  const [v1, v2, v3] = await threeVersions(server);
  const { files, filesCount } = await attach(server, 'Task:2', [v1.id]);
  expect({ ids: ids(files), filesCount }).toEqual({ ids: [v3.id], filesCount: 1 });
  expect((await attach(server, 'Task:2', [v2.id, v3.id, v1.id])).filesCount).toBe(1);
  expect(await names(server, 'Task:2')).toEqual(['v3']);
  expect(ids((await fileOf(server, v1.id)).attachedTo).toSorted()).toEqual(['Contact:1', 'Task:1', 'Task:2']);
});

test('detaching by the id of an older version detaches the file', async () => {
  await using server = await startTestServer();
  const [v1] = await threeVersions(server);
  expect(await detach(server, 'Task:1', [v1.id])).toMatchObject({ filesCount: 0 });
  expect(await names(server, 'Task:1')).toEqual([]);
  expect(await names(server, 'Contact:1')).toEqual(['v3']);
});
