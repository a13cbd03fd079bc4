import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ask, codeOf, errorOf } from '../support/client.ts';
import { type Id, ids, uploadErrorOf, uploadFile, uploadFiles } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { finish, finishQuery, receivedNames, sessionToken, start, startQuery } from '../support/upload-session.ts';

test('uploads of a session are listed immediately and announced in upload order when it is finished', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1' });
  const { files } = await uploadFiles(server, 'Task:1', ['a', 'b'], { sessionToken });
  const c = await uploadFile(server, 'Comment:1', 'c', { sessionToken });
  const d = await uploadFile(server, 'Project:1', 'd', { sessionToken });
  const blob =
    'mutation { createTaskFile(input: { taskId: "Task:2", filename: "e", blob: "YQ", sessionToken: "T" }) { file { id } } }';
  const e = await ask<{ createTaskFile: { file: Id } }>(server, blob.replace('"T"', JSON.stringify(sessionToken)));
  expect(await receivedNames(server, listener)).toEqual([]);
  expect(await finish(server)).toEqual([...ids(files), c.id, d.id, e.createTaskFile.file.id]);
  for (const [name, on] of [
    ['a', 'Task:1'],
    ['b', 'Task:1'],
    ['c', 'Comment:1'],
    ['d', 'Project:1'],
    ['e', 'Task:2'],
  ]) {
    expect(await listener.next()).toMatchObject({ file: { name }, on: { id: on }, actor: { id: 'User:1' } });
  }
  expect(await receivedNames(server, listener, 'the very last')).toEqual([]);
});

test('a session is opened by its first use or by startUploadSession, with a given or a generated token', async () => {
  await using server = await startTestServer();
  expect(await start(server, sessionToken)).toBe(sessionToken);
  const made = [await start(server), await start(server)];
  expect(new Set(made).size).toBe(2);
  const file = await uploadFile(server, 'Task:1', 'a', { sessionToken: made[0] ?? '' });
  expect(await finish(server, made[0])).toEqual([file.id]);
  expect(await finish(server, made[1])).toEqual([]);
  expect(await start(server, sessionToken)).toBe(sessionToken);
  expect(await finish(server)).toEqual([]);
});

test('finishing an ended or unknown session fails with NOT_FOUND, and its token can open a new session', async () => {
  await using server = await startTestServer();
  expect(await errorOf(server, finishQuery, { sessionToken })).toMatch(/^NOT_FOUND: /);
  await uploadFile(server, 'Task:1', 'a', { sessionToken });
  await finish(server);
  expect(await codeOf(server, finishQuery, { sessionToken })).toBe('NOT_FOUND');
  const b = await uploadFile(server, 'Task:1', 'b', { sessionToken });
  expect(await finish(server)).toEqual([b.id]);
});

test('a session token has 1 to 200 characters, and an upload with a longer one stores nothing', async () => {
  await using server = await startTestServer();
  const long = 'x'.repeat(201);
  expect(await errorOf(server, startQuery, { sessionToken: long })).toMatch(/^BAD_USER_INPUT: /);
  expect(await errorOf(server, startQuery, { sessionToken: '' })).toMatch(/^BAD_USER_INPUT: /);
  expect(await uploadErrorOf(server, 'Task:1', ['a'], { sessionToken: long })).toMatch(/^BAD_USER_INPUT: /);
  expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  await uploadFile(server, 'Task:1', 'a', { sessionToken: long.slice(1) });
});

test('sessions of two users with the same token are separate', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const mine = await uploadFile(server, 'Task:1', 'mine', { sessionToken });
  expect(await codeOf(server, finishQuery, { sessionToken }, bob.key)).toBe('NOT_FOUND');
  const his = await uploadFile(server, 'Task:1', 'his', { sessionToken }, bob.key);
  expect(await finish(server, sessionToken, bob.key)).toEqual([his.id]);
  expect(await listener.next()).toMatchObject({ file: { name: 'his' }, actor: { id: bob.id } });
  expect(await finish(server)).toEqual([mine.id]);
  expect((await listener.next()).file.name).toBe('mine');
});

test('a read-only key can neither start nor finish a session', async () => {
  await using server = await startTestServer();
  const reader = await newKey(server, 'User:1', 'READ');
  expect(await codeOf(server, startQuery, { sessionToken }, reader.key)).toBe('FORBIDDEN');
  await uploadFile(server, 'Task:1', 'a', { sessionToken });
  expect(await codeOf(server, finishQuery, { sessionToken }, reader.key)).toBe('FORBIDDEN');
});

test('a session that reaches its idle limit is finished automatically', async () => {
  await using server = await startTestServer({ SESSION_IDLE_SECONDS: '1' });
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const before = Date.now();
  await uploadFiles(server, 'Task:1', ['a', 'b'], { sessionToken });
  expect((await listener.next()).file.name).toBe('a');
  expect(Date.now() - before).toBeGreaterThanOrEqual(1000);
  expect((await listener.next()).file.name).toBe('b');
  expect(await codeOf(server, finishQuery, { sessionToken })).toBe('NOT_FOUND');
  expect(await receivedNames(server, listener)).toEqual([]);
});

test('each use of a session restarts its idle limit', async () => {
  await using server = await startTestServer({ SESSION_IDLE_SECONDS: '3' });
  const used: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    used.push((await uploadFile(server, 'Task:1', `${i}`, { sessionToken })).id);
    await pause(1200);
  }
  expect(await finish(server)).toEqual(used);
});
