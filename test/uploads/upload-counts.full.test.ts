import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { openDiskStorage } from '../../src/storage/disk.ts';
import { deleteExpiredUploads } from '../../src/uploads/resumable/terminate-upload.ts';
import { begin, bytesOf, metadata, piece, tus } from '../http/tus/client.ts';
import { ask, errorOf } from '../support/client.ts';
import { kind, placeOf, removeData, runSql } from '../support/database.ts';
import { uploadFile } from '../support/files.ts';
import { restoreFormerNames } from '../support/former-names.ts';
import { few } from '../support/length.ts';
import { newPerson } from '../support/people.ts';
import { expectTemporary, temporaryOf } from '../support/project-usage.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const start = { 'upload-length': '1' };

test('of concurrently begun uploads 200 are accepted, and the others get 429 with Retry-After', {
  timeout: 120_000,
}, async () => {
  await using server = await startTestServer();
  const count = few(300, 1000);
  const answers = await Promise.all(Array.from({ length: count }, () => tus(server, 'POST', '/uploads', start)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(count - 200);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(200);
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused[0]?.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
  const bob = await newPerson(server, 'Bob');
  expect((await tus({ url: server.url, key: bob.key }, 'POST', '/uploads', start)).status).toBe(201);
  await expectTemporary(server);
});

test('an unfinished upload frees its slot when it is finished, deleted or expired', async () => {
  await using server = await startTestServer({ MAX_UNFINISHED_UPLOADS: '2' });
  const [first, second] = [await begin(server, 5), await begin(server, 5)];
  const isFull = async () => (await tus(server, 'POST', '/uploads', start)).status === 429;
  expect(await isFull()).toBe(true);
  await tus(server, 'PATCH', first, piece(0), bytesOf(5));
  const third = await begin(server, 5);
  expect(await isFull()).toBe(true);
  await tus(server, 'DELETE', third);
  await begin(server, 5);
  expect(await isFull()).toBe(true);
  const expired = kind === 'sqlite' ? 0 : new Date(0);
  await runSql(server.dataDir, 'update resumable_uploads set expires_at = ? where id = ?', expired, second.slice(9));
  await begin(server, 5);
  expect(await isFull()).toBe(true);
  await using database = await openDatabase(await placeOf(server.dataDir));
  await using storage = await openDiskStorage(join(server.dataDir, 'files'));
  expect(await deleteExpiredUploads({ em: database.em(), storage }, new Date())).toBe(1);
  await expectTemporary(server);
});

test('the migration counts the uploads and unattached files that were stored before it', async () => {
  const folder = await temporaryFolder('migration');
  const env = { DATA_DIR: folder.path };
  const before = await startTestServer(env);
  const loose = await uploadFile(before, null, 'a');
  await uploadFile(before, null, { name: 'b', content: 'x'.repeat(5000) }, { parentId: loose.id });
  await uploadFile(before, 'Task:1', { name: 'attached', content: 'x'.repeat(7000) });
  const finished = await begin(before, 9000);
  await tus(before, 'PATCH', finished, piece(0), bytesOf(9000));
  await begin(before, 6000, { on: 'Task:1' });
  const all = await temporaryOf(before, 0);
  await before[Symbol.asyncDispose]();
  await restoreFormerNames(folder.path);
  for (const sql of [
    'drop table temporary_usage',
    'drop table upload_reservations',
    'alter table unfinished_uploads drop column reserved',
    'drop index unfinished_uploads_user_id_is_finished_index',
    'drop index idempotency_keys_user_id_id_index',
    "delete from migrations where name like '0009%'",
  ])
    await runSql(folder.path, sql);
  const after = await startTestServer(env);
  expect(await temporaryOf(after, 0)).toBe(all);
  expect(all).toBe(4096 + 5000 + 9000 + 6000);
  await expectTemporary(after);
  await after[Symbol.asyncDispose]();
  await removeData(folder.path);
});

test('upload metadata above 4096 bytes is rejected with 413', async () => {
  await using server = await startTestServer();
  const withMetadata = (length: number) => ({
    ...start,
    'upload-metadata': metadata({ filename: 'x'.repeat(length) }),
  });
  const response = await tus(server, 'POST', '/uploads', withMetadata(4000));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('4096') } });
  expect((await tus(server, 'POST', '/uploads', withMetadata(1000))).status).toBe(201);
});

const startSession = (server: TestServer, sessionToken: string) =>
  ask(server, 'mutation ($t: String) { startUploadSession(input: { sessionToken: $t }) { sessionToken } }', {
    t: sessionToken,
  });

test('a user has at most 200 open upload sessions, including those that uploads open', async () => {
  await using server = await startTestServer();
  const tokens = Array.from({ length: 250 }, (_, index) => `session ${index}`);
  const opened = await Promise.allSettled(tokens.map((token) => startSession(server, token)));
  expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
  const query = 'mutation { startUploadSession(input: {}) { sessionToken } }';
  expect(await errorOf(server, query)).toMatch(/^RATE_LIMITED: You have 200 open upload sessions/);
  await expect(uploadFile(server, 'Task:1', 'a', { sessionToken: 'one more' })).rejects.toThrow('RATE_LIMITED');
  const known = tokens[opened.findIndex(({ status }) => status === 'fulfilled')] as string;
  await uploadFile(server, 'Task:1', 'a', { sessionToken: known });
  await ask(server, 'mutation ($t: String!) { finishUploadSession(input: { sessionToken: $t }) { files { id } } }', {
    t: known,
  });
  await startSession(server, 'one more');
});

test('at most 5,000 files of a user are pending announcement', async () => {
  await using server = await startTestServer();
  const { id } = await uploadFile(server, 'Task:1', 'a', { sessionToken: 's' });
  await runSql(
    server.dataDir,
    `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 4999)
     insert into pending_announcements (session_id, attachment_id, file_id)
     select p.session_id, p.attachment_id, p.file_id from numbers, pending_announcements p`,
  );
  expect(id).toMatch(/^File:/);
  const more = uploadFile(server, 'Task:1', 'b', { sessionToken: 's' });
  await expect(more).rejects.toThrow(/RATE_LIMITED/);
  await uploadFile(server, 'Task:1', 'c');
});

test('above 100,000 idempotency keys of one user the oldest are deleted', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const query = `mutation ($k: String) {
    createTask(input: { projectId: "Project:1", title: "T", idempotencyKey: $k }) { task { id } }
  }`;
  const create = (key: string, user: string) =>
    ask<{ createTask: { task: { id: string } } }>(server, query, { k: key }, user);
  const first = await create('first', server.key);
  const [{ user_id: userId } = { user_id: 0 }] = await runSql<{ user_id: number }>(
    server.dataDir,
    'select user_id from idempotency_keys',
  );
  await runSql(
    server.dataDir,
    `with recursive numbers (n) as (select 1000 union all select n + 1 from numbers where n < 101998)
     insert into idempotency_keys (id, user_id, key, fingerprint, answer, created_at)
     select n, ?, 'key ' || n, '', '{}', k.created_at from numbers, idempotency_keys k`,
    userId,
  );
  if (kind === 'postgres') await runSql(server.dataDir, `select setval('idempotency_keys_id_seq', 101998)`);
  await create('of Bob', bob.key);
  await create('the latest', server.key);
  const [{ count } = { count: 0 }] = await runSql<{ count: number }>(
    server.dataDir,
    'select count(*) as count from idempotency_keys where user_id = ?',
    userId,
  );
  expect(Number(count)).toBe(100_000);
  expect((await create('the latest', server.key)).createTask).toEqual(expect.anything());
  expect((await create('first', server.key)).createTask.task.id).not.toBe(first.createTask.task.id);
});
