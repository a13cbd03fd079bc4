import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import { detach, ids, move, remove, uploadFile, uploadFiles } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { finish, finishQuery, receivedNames, sessionToken } from '../support/upload-session.ts';

/** A folder that outlives the server that uses it. */
async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'attache-session-'));
  return { DATA_DIR: path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('pending announcements survive a restart and are emitted when the session is finished', async () => {
  await using env = await folder();
  const { DATA_DIR } = env;
  let first = '';
  {
    await using server = await startTestServer({ DATA_DIR });
    first = (await uploadFile(server, 'Task:1', 'before', { sessionToken })).id;
  }
  await using server = await startTestServer({ DATA_DIR });
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const second = (await uploadFile(server, 'Task:1', 'after', { sessionToken })).id;
  expect(await finish(server)).toEqual([first, second]);
  expect((await listener.next()).file.name).toBe('before');
  expect((await listener.next()).file.name).toBe('after');
});

test('pending announcements survive a restart and are emitted when the session reaches its idle limit', async () => {
  await using env = await folder();
  const { DATA_DIR } = env;
  {
    await using server = await startTestServer({ DATA_DIR, SESSION_IDLE_SECONDS: '4' });
    await uploadFiles(server, 'Task:1', ['before'], { sessionToken });
  }
  await using server = await startTestServer({ DATA_DIR, SESSION_IDLE_SECONDS: '4' });
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  expect((await listener.next()).file.name).toBe('before');
  expect(await codeOf(server, finishQuery, { sessionToken })).toBe('NOT_FOUND');
});

test('concurrent finishes of one session announce its files once', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  await uploadFiles(server, 'Task:1', ['a', 'b'], { sessionToken });
  const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(server, finishQuery, { sessionToken })));
  expect(codes.filter((code) => code !== 'NOT_FOUND')).toEqual([undefined]);
  expect(await receivedNames(server, listener)).toEqual(['a', 'b']);
});

test('files detached, removed or deleted before the session ends are not announced', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1' });
  const { files } = await uploadFiles(server, 'Task:1', ['detached', 'removed', 'kept'], { sessionToken });
  const [detached = '', removed = '', kept = ''] = ids(files);
  await uploadFile(server, 'Comment:1', 'of a deleted comment', { sessionToken });
  await detach(server, 'Task:1', [detached]);
  await remove(server, removed);
  await ask(server, 'mutation { deleteComment(input: { commentId: "Comment:1" }) { deletedId } }');
  expect(await finish(server)).toEqual([kept]);
  expect(await receivedNames(server, listener)).toEqual(['kept']);
});

test('a file moved before the session ends is announced once, on its new attachable', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1' });
  const file = await uploadFile(server, 'Task:1', 'moved', { sessionToken });
  await move(server, 'Task:1', 'Task:2', [file.id]);
  await finish(server);
  expect(await listener.next()).toMatchObject({ file: { name: 'moved' }, on: { id: 'Task:2' } });
  expect(await receivedNames(server, listener)).toEqual([]);
});

test('two versions uploaded in one session are announced as the newest version', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const v1 = await uploadFile(server, 'Task:1', 'v1', { sessionToken });
  const v2 = await uploadFile(server, 'Task:1', 'v2', { sessionToken, parentId: v1.id });
  expect((await finish(server)).at(-1)).toBe(v2.id);
  expect((await receivedNames(server, listener)).at(-1)).toBe('v2');
});

test('finishUploadSession returns neither rejected files nor unattached ones', async () => {
  await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
  const { files } = await uploadFiles(server, 'Task:1', ['a', 'b.exe'], { sessionToken });
  await uploadFiles(server, null, ['loose'], { sessionToken });
  expect(await finish(server)).toEqual(ids(files));
});

test('an upload whose files are all rejected opens its session as well', async () => {
  await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
  await uploadFiles(server, 'Task:1', ['a.exe'], { sessionToken });
  expect(await finish(server)).toEqual([]);
});

test('concurrent uploads of one session are all announced', async () => {
  await using server = await startTestServer();
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, index) => uploadFile(server, 'Task:1', `${index}`, { sessionToken })),
  );
  expect((await finish(server)).toSorted()).toEqual(ids(all).toSorted());
});

test('a session finished repeatedly during its uploads announces each file once', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const uploads = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const file = await uploadFile(server, 'Task:1', `${index}`, { sessionToken });
      if (index % 3 === 0)
        expect([undefined, 'NOT_FOUND']).toContain(await codeOf(server, finishQuery, { sessionToken }));
      return file;
    }),
  );
  await codeOf(server, finishQuery, { sessionToken });
  expect((await receivedNames(server, listener)).toSorted()).toEqual(uploads.map((file) => file.name).toSorted());
});

test('finishing a session announces no unavailable file to viewers', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  await using listener = await subscribeToFileAdded(server, 'Task:1', {
    connectionParams: { authorization: `Bearer ${viewer.key}` },
  });
  await uploadFiles(server, 'Task:1', ['hidden'], { sessionToken, available: false });
  await uploadFiles(server, 'Task:1', ['shown'], { sessionToken });
  await finish(server);
  expect(await receivedNames(server, listener)).toEqual(['shown']);
});
