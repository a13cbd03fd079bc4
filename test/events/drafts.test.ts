import { expect, test } from 'vitest';
import { cursorOf, readEvents } from '../support/events.ts';
import { attach, names, update, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { sessionToken } from '../support/upload-session.ts';

test('an editor receives an event when a draft is attached to a second task, and sees the draft listed there', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Edith', { role: 'EDITOR' });
  const uploader = await newPerson(server, 'Uma', { role: 'EDITOR' });
  const { id } = await uploadFile(server, 'Task:1', 'draft', { available: false }, uploader.key);
  const after = await cursorOf(server, 'Task:2', editor.key);
  await attach(server, 'Task:2', [id], uploader.key);
  expect(await names(server, 'Task:2', undefined, editor.key)).toEqual(['draft']);
  expect((await readEvents(server, 'Task:2', { after, key: editor.key })).map((event) => event.file.name)).toEqual([
    'draft',
  ]);
});

test('an editor receives FILE_UPDATED on the second task of a file that becomes unavailable, and still sees it listed', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Edith', { role: 'EDITOR' });
  const { id } = await uploadFile(server, 'Task:1', 'a');
  await attach(server, 'Task:2', [id]);
  const after = await cursorOf(server, 'Task:2', editor.key);
  await update(server, { fileId: id, available: false });
  expect(await names(server, 'Task:2', undefined, editor.key)).toEqual(['a']);
  expect((await readEvents(server, 'Task:2', { after, key: editor.key })).map((event) => event.type)).toEqual([
    'FILE_UPDATED',
  ]);
});

test('a version that follows one of an open upload session is emitted after that version', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const after = await cursorOf(server, 'Task:1');
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id, sessionToken });
  const v3 = await uploadFile(server, 'Task:1', 'v3', { parentId: v2.id });
  const events = await readEvents(server, 'Task:1', { after });
  expect(events).toMatchObject([
    { type: 'FILE_VERSION_ADDED', previousFileId: v1.id, file: { id: v2.id } },
    { type: 'FILE_VERSION_ADDED', previousFileId: v2.id, file: { id: v3.id } },
  ]);
});
