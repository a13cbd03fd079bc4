import { expect, test } from 'vitest';
import { ask, codeOf, errorOf } from '../support/client.ts';
import { bearer, download } from '../support/download.ts';
import {
  demote,
  type FileFields,
  fileOf,
  fileQuery,
  names,
  update,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** What a user finds of a file attached to Task:1 only, through each query and the download. */
async function findings(server: TestServer, { id, databaseId }: FileFields, key: string) {
  const nodes = '{ node(id: "ID") { id } }'.replace('ID', id);
  return {
    file: (await codeOf(server, fileQuery, { id }, key)) ?? 'seen',
    node: (await codeOf(server, nodes, {}, key)) ?? 'seen',
    task: (await names(server, 'Task:1', undefined, key)).length,
    deep: (await names(server, 'Task:1', 'include: COMMENTS', key)).length,
    project: (await names(server, 'Project:1', 'include: TASKS', key)).length,
    all: (await names(server, null, undefined, key)).length,
    hidden: (await names(server, null, 'filter: { available: false }', key)).length,
    download: (await download(server, { databaseId }, { headers: bearer(key) })).status,
  };
}

const EVERYTHING = { file: 'seen', node: 'seen', task: 1, deep: 1, project: 1, all: 1, hidden: 1, download: 200 };
const NOTHING = {
  file: 'NOT_FOUND',
  node: 'NOT_FOUND',
  task: 0,
  deep: 0,
  project: 0,
  all: 0,
  hidden: 0,
  download: 404,
};

test('an unavailable file is visible to its uploader and to editors, and hidden from viewers', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const file = await uploadFile(server, 'Task:1', 'a', { available: false }, bob.key);
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const owner = await newPerson(server, 'Olga', { role: 'OWNER' });
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const reader = await newKey(server, editor.id, 'READ');
  for (const key of [server.key, bob.key, editor.key, owner.key, reader.key]) {
    expect(await findings(server, file, key)).toEqual(EVERYTHING);
  }
  expect(await findings(server, file, viewer.key)).toEqual(NOTHING);
  await update(server, { fileId: file.id, available: true }, bob.key);
  expect(await findings(server, file, viewer.key)).toEqual({ ...EVERYTHING, hidden: 0 });
});

test('an uploader who is no longer an editor sees their own unavailable file and no other one', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const mine = await uploadFile(server, 'Task:1', 'mine', { available: false }, bob.key);
  await uploadFile(server, 'Task:1', 'other', { available: false });
  await demote(server, bob);
  expect(await findings(server, mine, bob.key)).toEqual(EVERYTHING);
});

test('an unavailable file on an entity is visible to those who may edit the entity', async () => {
  await using server = await startTestServer();
  const reader = await newPerson(server, 'Rita');
  const writer = await newPerson(server, 'Will');
  const access = [
    { userId: reader.id, access: 'READ' },
    { userId: writer.id, access: 'READ_WRITE' },
  ];
  const create = 'mutation ($input: CreateCaseInput!) { createCase(input: $input) { case { id } } }';
  const input = { title: 'Private', isPrivate: true, accessList: access };
  const { createCase } = await ask<{ createCase: { case: { id: string } } }>(server, create, { input });
  const on = createCase.case.id;
  await uploadFiles(server, on, ['hidden'], { available: false });
  await uploadFiles(server, on, ['shown']);
  expect(await names(server, on, undefined, writer.key)).toEqual(['hidden', 'shown']);
  expect(await names(server, null, undefined, writer.key)).toEqual(['hidden', 'shown']);
  expect(await names(server, on, undefined, reader.key)).toEqual(['shown']);
  expect(await names(server, null, undefined, reader.key)).toEqual(['shown']);
});

test('a subscriber who is not an editor receives no event of an unavailable file', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const connectionParams = { authorization: `Bearer ${viewer.key}` };
  await using task = await subscribeToFileAdded(server, 'Task:1', { connectionParams });
  await using project = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1', connectionParams });
  await using editor = await subscribeToFileAdded(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'secret', { available: false });
  await uploadFile(server, 'Task:1', 'public');
  expect((await editor.next()).file.name).toBe('secret');
  expect((await task.next()).file.name).toBe('public');
  expect((await project.next()).file.name).toBe('public');
});

test('attaching an unavailable file that the user cannot see fails with NOT_FOUND', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a', { available: false });
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const query = 'mutation { attachEntityFiles(input: { entityId: "Contact:1", fileIds: ["ID"] }) { filesCount } }';
  expect(await errorOf(server, query.replace('ID', file.id), {}, viewer.key)).toMatch(/^NOT_FOUND: /);
});

test('the list of versions omits unavailable versions that the viewer may not see', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const v1 = await uploadFile(server, 'Task:1', 'v1', { available: false });
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
  const seen = async (key: string) => (await fileOf(server, v2.id, key)).versions.map(({ version }) => version);
  expect(await seen(server.key)).toEqual([2, 1]);
  expect(await seen(viewer.key)).toEqual([2]);
  expect((await download(server, v1, { headers: bearer(viewer.key) })).status).toBe(404);
});
