import { expect, test } from 'vitest';
import { errorOf } from '../support/client.ts';
import {
  attach,
  demote,
  fileOf,
  list,
  names,
  tryUploadFiles,
  update,
  updateQuery,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const refuseUpdate = (server: TestServer, input: Record<string, unknown>, key?: string) =>
  errorOf(server, updateQuery, { input }, key);

test.each(['APPROVED', 'PENDING', 'REQUIRED', null])(
  'an editor sets the status to %s, and updatedBy and updatedAt are recorded',
  async (status) => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'a', { status: status === 'PENDING' ? 'REQUIRED' : 'PENDING' });
    const reviewed = await update(server, { fileId: file.id, status }, bob.key);
    expect(reviewed).toEqual({ ...file, status, updatedBy: { id: bob.id }, updatedAt: expect.any(String) });
    expect(Date.parse(reviewed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(file.createdAt));
    expect(await fileOf(server, file.id)).toEqual(reviewed);
  },
);

test('updateFile leaves the fields that are not given unchanged', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a', { status: 'PENDING', available: false });
  expect(await update(server, { fileId: file.id, name: 'b' })).toMatchObject({ status: 'PENDING', available: false });
  expect(await update(server, { fileId: file.id, available: true })).toMatchObject({ name: 'b', status: 'PENDING' });
  expect(await update(server, { fileId: file.id, status: 'APPROVED' })).toMatchObject({ name: 'b', available: true });
});

test('an editor approves a file uploaded by another user; viewers, read-only keys and users without access cannot', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a');
  const input = { fileId: file.id, status: 'APPROVED' };
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const outsider = await newPerson(server, 'Sam');
  const editor = await newPerson(server, 'Ed', { role: 'EDITOR' });
  const reader = await newKey(server, editor.id, 'READ');
  expect(await refuseUpdate(server, input, viewer.key)).toMatch(/^FORBIDDEN: /);
  expect(await refuseUpdate(server, input, reader.key)).toMatch(/^FORBIDDEN: /);
  expect(await refuseUpdate(server, input, outsider.key)).toMatch(/^NOT_FOUND: /);
  expect(await fileOf(server, file.id)).toEqual(file);
  expect(await update(server, input, editor.key)).toMatchObject({ status: 'APPROVED' });
});

test('an uploader who is not an editor renames a file and makes it available, but cannot change its status', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const attached = await uploadFile(server, 'Task:1', 'attached', { status: 'PENDING', available: false }, bob.key);
  const loose = await uploadFile(server, null, 'loose', { status: 'PENDING', available: false }, bob.key);
  await demote(server, bob);
  for (const { id: fileId } of [attached, loose]) {
    for (const status of ['APPROVED', 'REQUIRED', null]) {
      expect(await refuseUpdate(server, { fileId, status, name: 'no' }, bob.key)).toMatch(/^FORBIDDEN: /);
    }
    const changed = await update(server, { fileId, name: 'yes', available: true }, bob.key);
    expect(changed).toMatchObject({ name: 'yes', available: true, status: 'PENDING' });
  }
});

test('an uploader who is not an editor cannot upload a file or a next version as approved', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const attached = await uploadFile(server, 'Task:1', 'attached', { status: 'PENDING' }, bob.key);
  await demote(server, bob);
  const outcome = async (about: object) => {
    const { data } = await tryUploadFiles(server, null, ['b'], { status: 'APPROVED', ...about }, bob.key);
    return data?.result.files[0]?.status;
  };
  expect(await outcome({})).not.toBe('APPROVED');
  expect(await outcome({ parentId: attached.id })).not.toBe('APPROVED');
});

test('files(filter: { status: PENDING }) returns only the pending files that the viewer may see', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const elsewhere = await newPerson(server, 'Sam');
  await uploadFiles(server, 'Task:1', ['waits'], { status: 'PENDING' });
  await uploadFiles(server, 'Comment:1', ['hidden'], { status: 'PENDING', available: false });
  await uploadFiles(server, 'Task:1', ['approved'], { status: 'APPROVED' });
  await uploadFiles(server, 'Task:1', ['none']);
  await uploadFiles(server, null, ['of nobody else'], { status: 'PENDING' });
  await uploadFiles(server, 'Contact:1', ['for all'], { status: 'PENDING' });
  const waiting = (key: string) => names(server, null, 'filter: { status: PENDING }', key);
  expect(await waiting(bob.key)).toEqual(['waits', 'hidden', 'for all']);
  expect(await waiting(elsewhere.key)).toEqual(['for all']);
  expect(await waiting(server.key)).toEqual(['waits', 'hidden', 'of nobody else', 'for all']);
});

test('a review status belongs to one version, and the next version starts without a status', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1', { status: 'APPROVED' });
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
  expect(v2.status).toBeNull();
  await update(server, { fileId: v2.id, status: 'REQUIRED' });
  expect((await fileOf(server, v1.id)).status).toBe('APPROVED');
  expect(await names(server, null, 'filter: { status: APPROVED }')).toEqual([]);
});

test('a file keeps its status and its availability when it is attached elsewhere', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a', { status: 'PENDING', available: false });
  await attach(server, 'Contact:1', [file.id]);
  const { edges } = await list(server, 'Contact:1');
  expect(edges[0]?.node).toMatchObject({ status: 'PENDING', available: false });
});
