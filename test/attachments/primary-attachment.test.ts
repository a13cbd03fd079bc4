import { describe, expect, test } from 'vitest';
import { begin, piece, tus } from '../http/tus/client.ts';
import { ask, codeOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { follow } from '../support/events.ts';
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
import { newPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Arrangements by which somebody could come to a right over a file that belongs elsewhere. */

const member = (server: TestServer, { id }: Person, change: 'add' | 'remove', role = '') =>
  ask(
    server,
    `mutation { ${change}ProjectMember(input: { projectId: "Project:1", userId: "${id}" ${role && `, role: ${role}`} }) { __typename } }`,
  );

async function ownProject(server: TestServer, { key }: Person): Promise<string> {
  const query = 'mutation { createProject(input: { title: "My own" }) { project { id } } }';
  return (await ask<{ createProject: { project: { id: string } } }>(server, query, {}, key)).createProject.project.id;
}

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
  test('neither sees, attaches, renames, replaces nor removes what they uploaded', async () => {
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

  test('changes nothing by a place of their own to which they attached it while they were a member', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'as it was', {}, bob.key);
    const mine = await ownProject(server, bob);
    await attach(server, mine, [file.id], bob.key);
    await member(server, bob, 'remove');
    expect((await fileOf(server, file.id, bob.key)).name).toBe('as it was');
    expect(await rename(server, file.id, bob.key)).toBe('FORBIDDEN');
    expect(await codeOf(server, removeQuery, { fileId: file.id }, bob.key)).toBe('FORBIDDEN');
    // What a place of one's own shows is taken off it, and no more.
    const deleted = `mutation { deleteProject(input: { projectId: "${mine}" }) { deletedId } }`;
    await ask(server, deleted, {}, bob.key);
    expect(await names(server, 'Task:1')).toEqual(['as it was']);
  });

  test('does not come by a file because it is moved within the project, or taken off one of its tasks', async () => {
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

  test('does not finish an upload of a next version that was begun before', async () => {
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

  test('is told at another place no more than everybody there, and is not answered the names of a session', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    const file = await uploadFile(server, 'Task:1', 'draft', { sessionToken: 's', available: false }, bob.key);
    const mine = await ownProject(server, bob);
    await attach(server, mine, [file.id], bob.key);
    await using events = await follow(server, mine, { key: bob.key });
    await member(server, bob, 'remove');
    await update(server, { fileId: file.id, name: 'secret' });
    await update(server, { fileId: file.id, name: 'public', available: true });
    const heard = await events.next();
    expect([heard.type, heard.file.name]).toEqual(['FILE_ADDED', 'public']);
    await update(server, { fileId: file.id, available: false });
    expect((await events.next()).type).toBe('FILE_REMOVED');
    const finish = 'mutation { finishUploadSession(input: { sessionToken: "s" }) { files { name } } }';
    expect(await ask(server, finish, {}, bob.key)).toEqual({ finishUploadSession: { files: [] } });
  });

  test('is not answered again what was uploaded under an idempotency key', async () => {
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

describe('who shows a file of others at a place of their own', () => {
  test('does not remove it by emptying or deleting that place, not even when it hangs nowhere else', async () => {
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
    // It is attached to nothing, and counts for its uploader from now on.
    const [usage] = await runSql<{ bytes: number | string }>(
      server.dataDir,
      'select bytes from temporary_usage where user_id = ?',
      Number(bob.id.split(':')[1]),
    );
    expect(Number(usage?.bytes)).toBe(4096);
    expect(await rename(server, file.id, bob.key)).toBeUndefined();
  });
});

describe('an uploader of an older version', () => {
  test('adds no version over one of others by naming the older one, nor gives the file a home', async () => {
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
