import { expect, test } from 'vitest';
import { codeOf, errorOf } from '../support/client.ts';
import { download } from '../support/download.ts';
import { kinds } from '../support/entity-kinds.ts';
import { attach, fileOf, fileQuery, ids, names, remove, removeQuery, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { contentsOf, threeVersions } from '../support/three-versions.ts';

test('removing the newest version makes the previous one the newest wherever the file is attached', async () => {
  await using server = await startTestServer();
  const [v1, v2, v3] = await threeVersions(server);
  expect(await remove(server, v3.id, true)).toEqual([v3.id]);
  for (const on of ['Task:1', 'Contact:1', null]) expect(await names(server, on)).toEqual(['v2']);
  expect(await contentsOf(server, v1.id)).toEqual(['v2', 'v1']);
  expect(ids((await fileOf(server, v2.id)).attachedTo).toSorted()).toEqual(['Contact:1', 'Task:1']);
  expect(await codeOf(server, fileQuery, { id: v3.id })).toBe('NOT_FOUND');
  expect((await download(server, v3)).status).toBe(404);
  expect((await server.stored()).blobs).toHaveLength(2);
});

test('removing a middle version leaves the other versions and their numbers unchanged', async () => {
  await using server = await startTestServer();
  const [v1, v2, v3] = await threeVersions(server);
  expect(await remove(server, v2.id, true)).toEqual([v2.id]);
  expect(await names(server, 'Task:1')).toEqual(['v3']);
  expect((await fileOf(server, v1.id)).versions.map(({ id, version }) => [id, version])).toEqual([
    [v3.id, 3],
    [v1.id, 1],
  ]);
  expect(await contentsOf(server, v1.id)).toEqual(['v3', 'v1']);
  expect(await uploadFile(server, 'Task:1', 'v4', { parentId: v1.id })).toMatchObject({ version: 4 });
});

test('removing the only version removes the file and its attachments', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'v1');
  await attach(server, 'Contact:1', [file.id]);
  expect(await remove(server, file.id, true)).toEqual([file.id]);
  for (const on of ['Task:1', 'Contact:1', null]) expect(await names(server, on)).toEqual([]);
  expect((await server.stored()).blobs).toEqual([]);
});

test.each([0, 1, 2])('removing a file by the id of any of its versions removes all versions: %i', async (index) => {
  await using server = await startTestServer();
  const versions = await threeVersions(server);
  const other = await uploadFile(server, 'Task:1', 'other');
  expect(await remove(server, versions[index]?.id ?? '')).toEqual(ids(versions).toSorted());
  for (const { id } of versions) expect(await codeOf(server, fileQuery, { id })).toBe('NOT_FOUND');
  expect(await names(server, 'Task:1')).toEqual(['other']);
  expect(await names(server, 'Contact:1')).toEqual([]);
  expect((await server.stored()).blobs).toHaveLength(1);
  expect(await contentsOf(server, other.id)).toEqual(['other']);
});

test('a user who may not remove a file cannot remove one of its versions', async () => {
  await using server = await startTestServer();
  const [, v2] = await threeVersions(server);
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const variables = { fileId: v2.id, onlyThisVersion: true };
  expect(await errorOf(server, removeQuery, variables, viewer.key)).toMatch(/^FORBIDDEN: /);
  expect(await contentsOf(server, v2.id)).toEqual(['v3', 'v2', 'v1']);
});

test('the uploader of one version can remove that version but not the versions of others', async () => {
  await using server = await startTestServer();
  const [v1, , v3] = await threeVersions(server);
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const secret = await kinds.Case.create(server, { isPrivate: true });
  await attach(server, secret, [v3.id]);
  const mine = await uploadFile(server, 'Task:1', 'of Bob', { parentId: v1.id }, bob.key);
  expect(await codeOf(server, removeQuery, { fileId: mine.id }, bob.key)).toBe('FORBIDDEN');
  expect(await contentsOf(server, v1.id)).toEqual(['of Bob', 'v3', 'v2', 'v1']);
  expect(await remove(server, mine.id, true, bob.key)).toEqual([mine.id]);
  expect(await names(server, 'Task:1')).toEqual(['v3']);
});
