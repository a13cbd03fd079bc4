import { expect, test } from 'vitest';
import { KEY } from '../support/durability-files.ts';
import { cursorOf, readEvents, subscribeToEvents } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { finish, sessionToken } from '../support/upload-session.ts';

test('the events of an upload session are emitted together when it is finished, with its token', async () => {
  await using server = await startTestServer();
  const after = await cursorOf(server, 'Project:1');
  const onTask = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'a', { sessionToken });
  await uploadFile(server, 'Task:1', 'outside');
  await uploadFiles(server, 'Task:1', ['b', 'c'], { sessionToken });
  await uploadFile(server, 'Task:2', 'd', { sessionToken });
  expect((await readEvents(server, 'Project:1', { after })).map((event) => event.file.name)).toEqual(['outside']);
  await finish(server);
  const received = await readEvents(server, 'Project:1', { after });
  expect(received.map(({ file, session }) => [file.name, session])).toEqual([
    ['outside', null],
    ['a', sessionToken],
    ['b', sessionToken],
    ['c', sessionToken],
    ['d', sessionToken],
  ]);
  expect((await readEvents(server, 'Task:1', { after: onTask })).map((event) => event.file.name)).toEqual([
    'outside',
    'a',
    'b',
    'c',
  ]);
});

test('the events of a session that became idle while the server was down are emitted after the restart', async () => {
  await using folder = await temporaryFolder('events');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY, SESSION_IDLE_SECONDS: '3' };
  let after = '';
  {
    await using first = await startProcess(env);
    after = await cursorOf(first, 'Task:1');
    await uploadFiles(first, 'Task:1', ['a', 'b'], { sessionToken });
    await first.end('SIGKILL');
  }
  await using second = await startProcess(env);
  await using events = await subscribeToEvents(second, 'Task:1', { after });
  const received = await events.take(2);
  expect(received.map(({ file, session }) => [file.name, session])).toEqual([
    ['a', sessionToken],
    ['b', sessionToken],
  ]);
  expect(await readEvents(second, 'Task:1', { after })).toEqual(received);
});

test('the event of an acknowledged upload survives SIGKILL right after the response', async () => {
  await using folder = await temporaryFolder('events');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY };
  const cursors: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    await using server = await startProcess(env);
    cursors.push(await cursorOf(server, 'Task:1'));
    await uploadFile(server, 'Task:1', name);
    await server.end('SIGKILL');
  }
  await using server = await startProcess(env);
  const names = ['a', 'b', 'c'];
  for (const [index, after] of cursors.entries()) {
    await using events = await subscribeToEvents(server, 'Task:1', { after });
    const received = (await events.take(names.length - index)).map((event) => event.file.name);
    expect(received).toEqual(names.slice(index));
  }
});
