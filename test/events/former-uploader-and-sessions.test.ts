import { expect, test } from 'vitest';
import { cursorOf, readEvents } from '../support/events.ts';
import { demote, list, names, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { finish, sessionToken } from '../support/upload-session.ts';

test('a VIEWER receives FILE_REMOVED when another user adds an unavailable version to the VIEWER’s own draft', async () => {
  await using server = await startTestServer();
  const uploader = await newPerson(server, 'Uma', { role: 'EDITOR' });
  const v1 = await uploadFile(server, 'Task:1', 'v1', { available: false }, uploader.key);
  await demote(server, uploader);
  const after = await cursorOf(server, 'Task:1', uploader.key);
  expect(await names(server, 'Task:1', undefined, uploader.key)).toEqual(['v1']);
  await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id, available: false });
  expect(await names(server, 'Task:1', undefined, uploader.key)).toEqual([]);
  const events = await readEvents(server, 'Task:1', { after, key: uploader.key });
  expect(events).toMatchObject([{ type: 'FILE_REMOVED', file: { id: v1.id } }]);
});

test('a VIEWER receives FILE_ADDED with previousFileId when another user adds an available version to the VIEWER’s own draft', async () => {
  await using server = await startTestServer();
  const uploader = await newPerson(server, 'Uma', { role: 'EDITOR' });
  const v1 = await uploadFile(server, 'Task:1', 'v1', { available: false }, uploader.key);
  await demote(server, uploader);
  const after = await cursorOf(server, 'Task:1', uploader.key);
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
  const events = await readEvents(server, 'Task:1', { after, key: uploader.key });
  expect(events).toMatchObject([{ type: 'FILE_ADDED', previousFileId: v1.id, file: { id: v2.id } }]);
});

// Lists show uploads of a session at once, and their events come when the session ends. A client
// that lists in between must not keep a version that a later one has replaced.
test.each(['first version in the session', 'second version in the session'])(
  'a client that lists during an upload session and then applies events shows the listed files: %s',
  async (which) => {
    await using server = await startTestServer();
    let v1 = await uploadFile(server, 'Task:1', 'v1', which.startsWith('first') ? { sessionToken } : {});
    if (which.startsWith('second')) v1 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id, sessionToken });
    const after = await cursorOf(server, 'Task:1');
    const shown = new Set((await list(server, 'Task:1')).edges.map(({ node }) => node.id));
    await uploadFile(server, 'Task:1', 'next', { parentId: v1.id, sessionToken });
    await finish(server);
    for (const { file, previousFileId } of await readEvents(server, 'Task:1', { after })) {
      if (previousFileId) shown.delete(previousFileId);
      shown.add(file.id);
    }
    expect([...shown]).toEqual((await list(server, 'Task:1')).edges.map(({ node }) => node.id));
  },
);
