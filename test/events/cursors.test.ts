import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { deleteEventsBefore } from '../../src/events/log-retention.ts';
import { codeOf } from '../support/client.ts';
import { createPostgresDatabase, kind, placeOf } from '../support/database.ts';
import { cursorOf, eventPageQuery, readEvents, subscribeToEvents } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { stream } from '../support/sse-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The error codes of a cursor over WebSocket, SSE, `Last-Event-ID` and polling. */
async function codesOf(server: TestServer, on: string, after: string): Promise<string[]> {
  await using socket = await subscribeToEvents(server, on, { after });
  const overWebSocket = await socket.next().catch((errors) => errors[0]?.extensions.code);
  await using sse = await stream(server, on, { after });
  const overSse = await sse.nextEvent().catch((errors) => errors[0]?.extensions.code);
  await using resumed = await stream(server, on, { lastEventId: after });
  const asLastEventId = await resumed.nextEvent().catch((errors) => errors[0]?.extensions.code);
  return [overWebSocket, overSse, asLastEventId, await codeOf(server, eventPageQuery, { on, after })];
}

const everywhere = (code: string) => [code, code, code, code];

/** Deletes all events up to now, as the server does after their retention period. */
async function forget(server: TestServer): Promise<void> {
  await using database = await openDatabase(await placeOf(server.dataDir));
  await deleteEventsBefore(database.em(), new Date(Date.now() + 1));
}

test('a cursor is CURSOR_EXPIRED when events after it were deleted', async () => {
  await using server = await startTestServer();
  const before = await cursorOf(server, 'Task:1');
  await uploadFiles(server, 'Task:1', ['a', 'b']);
  await forget(server);
  expect(await codesOf(server, 'Task:1', before)).toEqual(everywhere('CURSOR_EXPIRED'));
  await uploadFile(server, 'Task:1', 'c');
  expect(await codesOf(server, 'Task:1', before)).toEqual(everywhere('CURSOR_EXPIRED'));
  expect((await readEvents(server, 'Task:1')).map((event) => event.file.name)).toEqual(['c']);
});

test('a cursor stays valid when only events up to it were deleted', async () => {
  await using server = await startTestServer();
  await using live = await subscribeToEvents(server, 'Task:1');
  await uploadFiles(server, 'Task:1', ['a', 'b']);
  const [, b] = await live.take(2);
  const after = await cursorOf(server, 'Task:1');
  expect(after).toBe(b?.cursor);
  await forget(server);
  await using socket = await subscribeToEvents(server, 'Task:1', { after });
  await using sse = await stream(server, 'Task:1', { after });
  await uploadFile(server, 'Task:1', 'c');
  expect((await socket.next()).file.name).toBe('c');
  expect((await sse.nextEvent()).file.name).toBe('c');
  expect((await live.next()).file.name).toBe('c');
  expect((await readEvents(server, 'Task:1', { after })).map((event) => event.file.name)).toEqual(['c']);
});

test('a cursor of another event log is CURSOR_EXPIRED', async () => {
  await using server = await startTestServer();
  // Databases copied from one template share its log, so this one is created empty: on SQLite in a
  // folder that the server has yet to create.
  await using place = kind === 'postgres' ? await createPostgresDatabase('nothing') : undefined;
  await using folder = await temporaryFolder('test');
  await using other = await startTestServer(
    place ? { DATABASE_URL: place.url } : { DATA_DIR: join(folder.path, 'data') },
  );
  await uploadFile(server, 'Task:1', 'a');
  await uploadFile(other, 'Task:1', 'a');
  const foreign = await cursorOf(other, 'Task:1');
  expect(await codesOf(server, 'Task:1', foreign)).toEqual(everywhere('CURSOR_EXPIRED'));
});

test('a cursor ahead of the event log is CURSOR_EXPIRED', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a');
  const [epoch, topic] = Buffer.from(await cursorOf(server, 'Task:1'), 'base64url')
    .toString()
    .split(' ');
  const ahead = Buffer.from(`${epoch} ${topic} 1000`).toString('base64url');
  expect(await codesOf(server, 'Task:1', ahead)).toEqual(everywhere('CURSOR_EXPIRED'));
});

test.each(['banana', '!', 'MQ', 'x'.repeat(10_000), Buffer.from('ab Task:1 -1').toString('base64url')])(
  'a malformed cursor is BAD_USER_INPUT (%#)',
  async (garbage) => {
    await using server = await startTestServer();
    expect(await codesOf(server, 'Task:1', garbage)).toEqual(everywhere('BAD_USER_INPUT'));
  },
);

test('a cursor of another topic is BAD_USER_INPUT', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a');
  for (const on of ['Project:1', 'Task:2']) {
    const after = await cursorOf(server, on);
    expect(await codesOf(server, 'Task:1', after)).toEqual(everywhere('BAD_USER_INPUT'));
  }
});

test('the server deletes events older than EVENT_RETENTION_SECONDS', async () => {
  await using server = await startTestServer({ EVENT_RETENTION_SECONDS: '1' });
  const before = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'a');
  await expect
    .poll(() => codeOf(server, eventPageQuery, { on: 'Task:1', after: before }), { timeout: 150_000, interval: 2000 })
    .toBe('CURSOR_EXPIRED');
}, 160_000);
