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
import { newPerson, ownProject } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

/** Creates a project owned by the person, who may attach any visible file to it. */
test('attaching a file to a project of one’s own gives no right to review, rename, replace or reveal it', async () => {
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

test('attaching a visible older version does not reveal an unavailable newest version', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const v2 = await uploadFile(server, 'Task:1', 'v2, hidden', { parentId: v1.id, available: false });
  const mine = await ownProject(server, viewer);
  await codeOf(server, attachQuery(mine), { fileIds: [v1.id] }, viewer.key);
  expect(await names(server, mine, undefined, viewer.key)).toEqual([]);
  expect((await download(server, v2, { headers: bearer(viewer.key) })).status).toBe(404);
});

test('a user who left the project cannot replace a file that they uploaded there', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const [file] = (await uploadFiles(server, 'Task:1', ['as it was'], {}, bob.key)).files;
  const leave =
    'mutation ($userId: ID!) { removeProjectMember(input: { projectId: "Project:1", userId: $userId }) { removedUserId } }';
  await ask(server, leave, { userId: bob.id });
  await tryUploadFiles(server, null, ['replaced'], { parentId: file?.id ?? '' }, bob.key);
  expect(await names(server, 'Task:1')).toEqual(['as it was']);
});

test('an uploader who is not an editor cannot approve a next version through a project of their own', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const v1 = await uploadFile(server, 'Task:1', 'v1', { status: 'PENDING' }, bob.key);
  await demote(server, bob);
  const mine = await ownProject(server, bob);
  await codeOf(server, attachQuery(mine), { fileIds: [v1.id] }, bob.key);
  await tryUploadFiles(server, mine, ['v2'], { parentId: v1.id, status: 'APPROVED' }, bob.key);
  expect(await names(server, 'Task:1', 'filter: { status: APPROVED }')).toEqual([]);
});

test('a file detached from its first attachable is reviewed by the editors of the remaining one', async () => {
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
