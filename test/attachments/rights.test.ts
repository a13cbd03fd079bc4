import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import { bearer, download } from '../support/download.ts';
import { kinds } from '../support/entity-kinds.ts';
import {
  attach,
  attachQuery,
  demote,
  detach,
  fileOf,
  names,
  tryUploadFiles,
  updateQuery,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { newPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** A project that the person owns, and with it the right to attach there whatever the person sees. */
async function ownProject(server: TestServer, { key }: Person): Promise<string> {
  const query = 'mutation { createProject(input: { title: "My own" }) { project { id } } }';
  return (await ask<{ createProject: { project: { id: string } } }>(server, query, {}, key)).createProject.project.id;
}

test('attaching a file to a place of one’s own gives no right to review, replace or uncover it', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const v1 = await uploadFile(server, 'Task:1', 'v1, hidden', { available: false });
  const v2 = await uploadFile(server, 'Task:1', 'v2', { status: 'PENDING', parentId: v1.id });
  const mine = await ownProject(server, viewer);
  await codeOf(server, attachQuery(mine), { fileIds: [v2.id] }, viewer.key);

  await codeOf(server, updateQuery, { input: { fileId: v2.id, status: 'APPROVED' } }, viewer.key);
  await codeOf(server, updateQuery, { input: { fileId: v2.id, name: 'renamed' } }, viewer.key);
  await tryUploadFiles(server, null, ['replaced'], { parentId: v2.id }, viewer.key);
  expect(await fileOf(server, v2.id)).toMatchObject({ name: 'v2', status: 'PENDING' });
  expect(await names(server, 'Task:1')).toEqual(['v2']);
  expect((await download(server, v1, { headers: bearer(viewer.key) })).status).toBe(404);
});

test('an unavailable newest version is not had by attaching an older one that is seen', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const v2 = await uploadFile(server, 'Task:1', 'v2, hidden', { parentId: v1.id, available: false });
  const mine = await ownProject(server, viewer);
  await codeOf(server, attachQuery(mine), { fileIds: [v1.id] }, viewer.key);
  expect(await names(server, mine, undefined, viewer.key)).toEqual([]);
  expect((await download(server, v2, { headers: bearer(viewer.key) })).status).toBe(404);
});

test('one who left the project no longer changes what others see there', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const [file] = (await uploadFiles(server, 'Task:1', ['as it was'], {}, bob.key)).files;
  const leave =
    'mutation ($userId: ID!) { removeProjectMember(input: { projectId: "Project:1", userId: $userId }) { removedUserId } }';
  await ask(server, leave, { userId: bob.id });
  await tryUploadFiles(server, null, ['replaced'], { parentId: file?.id ?? '' }, bob.key);
  expect(await names(server, 'Task:1')).toEqual(['as it was']);
});

test('an uploader who is no editor does not approve a next version by way of a place of the own', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const v1 = await uploadFile(server, 'Task:1', 'v1', { status: 'PENDING' }, bob.key);
  await demote(server, bob);
  const mine = await ownProject(server, bob);
  await codeOf(server, attachQuery(mine), { fileIds: [v1.id] }, bob.key);
  await tryUploadFiles(server, mine, ['v2'], { parentId: v1.id, status: 'APPROVED' }, bob.key);
  expect(await names(server, 'Task:1', 'filter: { status: APPROVED }')).toEqual([]);
});

test('when a file is taken off where it was uploaded, it is for the editors of where it still hangs', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const secret = await kinds.Case.create(server, { isPrivate: true });
  const file = await uploadFile(server, secret, 'a', { available: false, status: 'PENDING' });
  await attach(server, 'Task:1', [file.id]);
  await detach(server, secret, [file.id]);
  expect(await names(server, 'Task:1', undefined, editor.key)).toEqual(['a']);
  const input = { fileId: file.id, status: 'APPROVED' };
  expect(await codeOf(server, updateQuery, { input }, editor.key)).toBeUndefined();
});
