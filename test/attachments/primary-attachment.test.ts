import { describe, expect, test } from 'vitest';
import { begin, piece, tus } from '../http/tus/client.ts';
import { ask, codeOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { subscribeToEvents } from '../support/events.ts';
import {
  attach,
  attachQuery,
  detach,
  fileOf,
  fileQuery,
  move,
  names,
  removeQuery,
  tryUploadFiles,
  update,
  updateQuery,
  uploadFile,
} from '../support/files.ts';
import { newPerson, ownProject, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Ways in which a user might gain a right over a file whose primary attachment is elsewhere. */

const member = (server: TestServer, { id }: Person, change: 'add' | 'remove', role = '') =>
  ask(
    server,
    `mutation { ${change}ProjectMember(input: { projectId: "Project:1", userId: "${id}" ${role && `, role: ${role}`} }) { __typename } }`,
  );

const rename = (server: TestServer, fileId: string, key: string) =>
  codeOf(server, updateQuery, { input: { fileId, name: 'renamed' } }, key);
const primariesOf = async (server: TestServer, id: string) => {
  const rows = await runSql<{ on_type: string; on_id: number }>(
    server.dataDir,
    'select on_type, on_id from attachments where file_id = ? and is_primary = true',
    Number(id.split(':')[1]),
  );
  return rows.map((row) => `${row.on_type}:${row.on_id}`);
};

describe('a former member', () => {
  test('cannot see, attach, rename, replace or remove a file that they uploaded', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'as it was', {}, bob.key);
    const mine = await ownProject(server, bob);
    await member(server, bob, 'remove');
    expect(await codeOf(server, fileQuery, { id: file.id }, bob.key)).toBe('NOT_FOUND');
    expect(await codeOf(server, attachQuery(mine), { fileIds: [file.id] }, bob.key)).toBe('NOT_FOUND');
    expect(await rename(server, file.id, bob.key)).toBe('NOT_FOUND');
    expect(await codeOf(server, removeQuery, { fileId: file.id }, bob.key)).toBe('NOT_FOUND');
    expect(
      (await tryUploadFiles(server, null, ['v2'], { parentId: file.id }, bob.key)).errors?.[0]?.extensions.code,
    ).toBe('NOT_FOUND');
    expect(await names(server, null, undefined, bob.key)).toEqual([]);
    expect(await names(server, 'Task:1')).toEqual(['as it was']);
  });

  test('cannot rename or remove a file through a project of their own that they attached it to as a member', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'as it was', {}, bob.key);
    const mine = await ownProject(server, bob);
    await attach(server, mine, [file.id], bob.key);
    await member(server, bob, 'remove');
    expect((await fileOf(server, file.id, bob.key)).name).toBe('as it was');
    expect(await rename(server, file.id, bob.key)).toBe('FORBIDDEN');
    expect(await codeOf(server, removeQuery, { fileId: file.id }, bob.key)).toBe('FORBIDDEN');
    // Deleting that project deletes its own attachment and no other.
    const deleted = `mutation { deleteProject(input: { projectId: "${mine}" }) { deletedId } }`;
    await ask(server, deleted, {}, bob.key);
    expect(await names(server, 'Task:1')).toEqual(['as it was']);
  });

  test('gains no right when the file is moved within the project or detached from one of its tasks', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const mine = await ownProject(server, bob);
    const moved = await uploadFile(server, 'Task:1', 'moved', {}, bob.key);
    const kept = await uploadFile(server, 'Task:1', 'kept', {}, bob.key);
    await attach(server, mine, [moved.id, kept.id], bob.key);
    await member(server, bob, 'remove');
    await move(server, 'Task:1', 'Task:2', [moved.id]);
    await attach(server, 'Project:1', [kept.id]);
    await detach(server, 'Task:1', [kept.id]);
    expect(await primariesOf(server, moved.id)).toEqual(['Task:2']);
    expect(await primariesOf(server, kept.id)).toEqual(['Project:1']);
    for (const { id } of [moved, kept]) expect(await rename(server, id, bob.key)).toBe('FORBIDDEN');
  });

  test('cannot complete an upload of a next version that was begun while they were a member', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'v1', {}, bob.key);
    const place = { url: server.url, key: bob.key };
    const path = await begin(place, 2, { filename: 'v2', parentId: file.id });
    await member(server, bob, 'remove');
    expect((await tus(place, 'PATCH', path, piece(0), 'v2')).status).toBe(404);
    expect((await tus(place, 'HEAD', path)).status).toBe(404);
    expect((await fileOf(server, file.id)).versions).toHaveLength(1);
  });

  test('receives only the events of available files on their own project, and no files of a finished session', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'draft', { sessionToken: 's', available: false }, bob.key);
    const mine = await ownProject(server, bob);
    await attach(server, mine, [file.id], bob.key);
    await using events = await subscribeToEvents(server, mine, { key: bob.key });
    await member(server, bob, 'remove');
    await update(server, { fileId: file.id, name: 'secret' });
    await update(server, { fileId: file.id, name: 'public', available: true });
    const event = await events.next();
    expect([event.type, event.file.name]).toEqual(['FILE_ADDED', 'public']);
    await update(server, { fileId: file.id, available: false });
    expect((await events.next()).type).toBe('FILE_REMOVED');
    const finish = 'mutation { finishUploadSession(input: { sessionToken: "s" }) { files { name } } }';
    expect(await ask(server, finish, {}, bob.key)).toEqual({ finishUploadSession: { files: [] } });
  });

  test('receives NOT_FOUND instead of the replayed response of an idempotency key', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const query = `mutation { createTaskFile(input: { taskId: "Task:1", filename: "a", blob: "YQ==", idempotencyKey: "k" }) {
      file { id } } }`;
    const first = await ask<{ createTaskFile: { file: { id: string } } }>(server, query, {}, bob.key);
    expect(await ask(server, query, {}, bob.key)).toEqual(first);
    await member(server, bob, 'remove');
    expect(await codeOf(server, query, {}, bob.key)).toBe('NOT_FOUND');
  });
});

describe('a viewer who attached a file of another user to a project of their own', () => {
  test('does not remove the file by deleting that project, even when it is attached nowhere else', async () => {
    await using server = await startTestServer();
    const carol = await newPerson(server, 'Carol', { role: 'VIEWER' });
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'a', {}, bob.key);
    const hers = await ownProject(server, carol);
    await attach(server, hers, [file.id], carol.key);
    await detach(server, 'Task:1', [file.id]);
    expect(await primariesOf(server, file.id)).toEqual([]);
    expect(await codeOf(server, removeQuery, { fileId: file.id }, carol.key)).toBe('FORBIDDEN');
    await ask(server, `mutation { deleteProject(input: { projectId: "${hers}" }) { deletedId } }`, {}, carol.key);
    expect((await fileOf(server, file.id, bob.key)).attachedTo).toEqual([]);
    // The file is now unattached, so its bytes count towards the quota of its uploader.
    const [usage] = await runSql<{ bytes: number | string }>(
      server.dataDir,
      'select bytes from temporary_usage where user_id = ?',
      Number(bob.id.split(':')[1]),
    );
    expect(Number(usage?.bytes)).toBe(4096);
    expect(await rename(server, file.id, bob.key)).toBeUndefined();
  });
});

describe('the uploader of an older version', () => {
  test('cannot add a version by naming the older one, and attaching it creates no primary attachment', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const v1 = await uploadFile(server, 'Task:1', 'v1', {}, bob.key);
    const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
    const mine = await ownProject(server, bob);
    await ask(
      server,
      `mutation { updateProjectMember(input: { projectId: "Project:1", userId: "${bob.id}", role: VIEWER }) { __typename } }`,
    );
    for (const { id } of [v1, v2])
      expect((await tryUploadFiles(server, null, ['v3'], { parentId: id }, bob.key)).errors?.[0]?.extensions.code).toBe(
        'FORBIDDEN',
      );
    await attach(server, mine, [v1.id], bob.key);
    await detach(server, 'Task:1', [v2.id]);
    expect(await primariesOf(server, v2.id)).toEqual([]);
    expect(await rename(server, v2.id, bob.key)).toBe('FORBIDDEN');
  });
});
