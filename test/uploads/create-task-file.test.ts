import { expect, test } from 'vitest';
import { ask, errorOf } from '../support/client.ts';
import { download } from '../support/download.ts';
import { FILE, type FileFields, names } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newPerson } from '../support/people.ts';
import { png } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const createTaskFile = `mutation ($input: CreateTaskFileInput!) {
  createTaskFile(input: $input) { file { ${FILE} } task { id } }
}`;

const base64 = (content: string) => Buffer.from(content).toString('base64');

async function inline(server: TestServer, input: Record<string, unknown>): Promise<FileFields> {
  const variables = { input: { taskId: 'Task:1', filename: 'inline.txt', ...input } };
  const data = await ask<{ createTaskFile: { file: FileFields } }>(server, createTaskFile, variables);
  return data.createTaskFile.file;
}

const refuseInline = (server: TestServer, input: Record<string, unknown>, key?: string) =>
  errorOf(server, createTaskFile, { input: { taskId: 'Task:1', filename: 'inline.txt', ...input } }, key);

test('createTaskFile stores base64 content and returns the same fields as an upload', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const about = { status: 'REQUIRED', available: false, createdFrom: 'REWORK' };
  const file = await inline(server, { filename: 'dir/note.txt', blob: base64('the note'), ...about });
  expect(file).toMatchObject({ name: 'note.txt', size: 8, version: 1, attachedTo: [{ id: 'Task:1' }], ...about });
  expect(await (await download(server, file)).text()).toBe('the note');
  expect((await listener.next()).file.id).toBe(file.id);
  expect(await names(server, 'Task:1')).toEqual(['note.txt']);
});

test('createTaskFile detects an image from its content', async () => {
  await using server = await startTestServer();
  const blob = Buffer.from(await png(5, 4).arrayBuffer()).toString('base64');
  expect(await inline(server, { blob })).toMatchObject({ contentType: 'image/png', width: 5, height: 4 });
});

test('createTaskFile accepts base64 with line breaks, without padding and empty', async () => {
  await using server = await startTestServer();
  const contents = [];
  for (const blob of ['YQ==', 'YQ', 'YW\nJj\r\nZA==', '']) {
    contents.push(await (await download(server, await inline(server, { blob }))).text());
  }
  expect(contents).toEqual(['a', 'a', 'abcd', '']);
});

test.each(['not base64!', 'YQ=', 'Y', 'YQ==YQ==', '-_-_', 'ä'])(
  'createTaskFile rejects %j with BAD_USER_INPUT and stores nothing',
  async (blob) => {
    await using server = await startTestServer();
    expect(await refuseInline(server, { blob })).toMatch(/^BAD_USER_INPUT: /);
    expect(await names(server, 'Task:1')).toEqual([]);
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  },
);

test('createTaskFile accepts MAX_INLINE_SIZE bytes, and rejects larger content and refused extensions', async () => {
  await using server = await startTestServer({ MAX_INLINE_SIZE: '10', REFUSED_EXTENSIONS: 'exe' });
  expect(await inline(server, { blob: base64('ten bytes!') })).toMatchObject({ size: 10 });
  expect(await refuseInline(server, { blob: base64('eleven byte') })).toMatch(/^PAYLOAD_TOO_LARGE: .*10/);
  expect(await refuseInline(server, { blob: 'YQ', filename: 'a.exe' })).toMatch(/^UNSUPPORTED_MEDIA_TYPE: /);
  expect(await names(server, 'Task:1')).toEqual(['inline.txt']);
  const { staging, blobs } = await server.stored();
  expect([staging.length, blobs.length]).toEqual([0, 1]);
});

test('createTaskFile enforces MAX_FILE_SIZE and the rights on the task', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '5' });
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const outsider = await newPerson(server, 'Sam');
  expect(await refuseInline(server, { blob: base64('six by') })).toMatch(/^PAYLOAD_TOO_LARGE: /);
  expect(await refuseInline(server, { blob: 'YQ' }, viewer.key)).toMatch(/^FORBIDDEN: /);
  expect(await refuseInline(server, { blob: 'YQ' }, outsider.key)).toMatch(/^NOT_FOUND: /);
  expect(await refuseInline(server, { blob: 'YQ', taskId: 'Task:99' })).toMatch(/^NOT_FOUND: .*Task:99/);
  expect(await server.stored()).toEqual({ staging: [], blobs: [] });
});
