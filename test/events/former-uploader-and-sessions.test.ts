import { expect, test } from 'vitest';
import { cursorOf, past } from '../support/events.ts';
import { demote, list, names, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { finish, sessionToken } from '../support/upload-session.ts';

test('a mere viewer whose own draft gets a next version of another, unavailable too, hears that it is gone', async () => {
  await using server = await startTestServer();
  const uploader = await newPerson(server, 'Uma', { role: 'EDITOR' });
  const v1 = await uploadFile(server, 'Task:1', 'v1', { available: false }, uploader.key);
  await demote(server, uploader);
  const after = await cursorOf(server, 'Task:1', uploader.key);
  expect(await names(server, 'Task:1', undefined, uploader.key)).toEqual(['v1']);
  await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id, available: false });
  expect(await names(server, 'Task:1', undefined, uploader.key)).toEqual([]);
  const told = await past(server, 'Task:1', { after, key: uploader.key });
  expect(told).toMatchObject([{ type: 'FILE_REMOVED', file: { id: v1.id } }]);
});

test('a mere viewer whose own draft is followed by an available version of another hears that it takes its place', async () => {
  await using server = await startTestServer();
  const uploader = await newPerson(server, 'Uma', { role: 'EDITOR' });
  const v1 = await uploadFile(server, 'Task:1', 'v1', { available: false }, uploader.key);
  await demote(server, uploader);
  const after = await cursorOf(server, 'Task:1', uploader.key);
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
  const told = await past(server, 'Task:1', { after, key: uploader.key });
  expect(told).toMatchObject([{ type: 'FILE_ADDED', previousFileId: v1.id, file: { id: v2.id } }]);
});

// Lists show at once what is uploaded in a session. Who lists then and only listens from there is left with v1 or v2.
test.each(['first version in the session', 'second version in the session'])(
  'who lists in the middle of a session ends with what is listed: %s',
  async (which) => {
    await using server = await startTestServer();
    let v1 = await uploadFile(server, 'Task:1', 'v1', which.startsWith('first') ? { sessionToken } : {});
    if (which.startsWith('second')) v1 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id, sessionToken });
    const after = await cursorOf(server, 'Task:1');
    const shown = new Set((await list(server, 'Task:1')).edges.map(({ node }) => node.id));
    await uploadFile(server, 'Task:1', 'next', { parentId: v1.id, sessionToken });
    await finish(server);
    for (const { file, previousFileId } of await past(server, 'Task:1', { after })) {
      if (previousFileId) shown.delete(previousFileId);
      shown.add(file.id);
    }
    expect([...shown]).toEqual((await list(server, 'Task:1')).edges.map(({ node }) => node.id));
  },
);
