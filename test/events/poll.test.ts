import { expect, test } from 'vitest';
import { codeOf } from '../support/client.ts';
import { cursorOf, eventPageQuery, readEventPage, readEvents } from '../support/events.ts';
import { names, uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const namesOf = (some: { file: { name: string } }[]) => some.map(({ file }) => file.name);

test('fileEvents pages forward through past events, oldest first, to the end', async () => {
  await using server = await startTestServer();
  const all = Array.from({ length: 7 }, (_, index) => `${index}`);
  await uploadFiles(server, 'Task:1', all);
  const first = await readEventPage(server, 'Task:1', { first: 3 });
  expect(namesOf(first.nodes)).toEqual(['0', '1', '2']);
  expect(first.pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: first.nodes[0]?.cursor,
    endCursor: first.nodes[2]?.cursor,
  });
  const next = await readEventPage(server, 'Task:1', { first: 4, after: first.pageInfo.endCursor });
  expect(namesOf(next.nodes)).toEqual(['3', '4', '5', '6']);
  expect(next.pageInfo.hasNextPage).toBe(false);
});

test('a page has 25 events by default, and "first" accepts 1 to 100', async () => {
  await using server = await startTestServer({ MAX_FILES: '120' });
  await uploadFiles(
    server,
    'Task:1',
    Array.from({ length: 120 }, (_, index) => `${index}`),
  );
  expect((await readEventPage(server, 'Task:1')).nodes.length).toBe(25);
  expect((await readEventPage(server, 'Task:1', { first: 100 })).nodes.length).toBe(100);
  for (const first of [0, -1, 101])
    expect(await codeOf(server, eventPageQuery, { on: 'Task:1', first })).toBe('BAD_USER_INPUT');
  expect(new Set((await readEvents(server, 'Task:1')).map((event) => event.cursor)).size).toBe(120);
});

test('an empty page has an endCursor from which later events are read', async () => {
  await using server = await startTestServer();
  const { nodes, pageInfo } = await readEventPage(server, 'Task:1');
  expect(nodes).toEqual([]);
  expect(pageInfo).toMatchObject({ hasNextPage: false, startCursor: null });
  expect(pageInfo.endCursor).toBe(await cursorOf(server, 'Task:1'));
  await uploadFile(server, 'Task:1', 'a');
  const { nodes: later, pageInfo: end } = await readEventPage(server, 'Task:1', { after: pageInfo.endCursor });
  expect(namesOf(later)).toEqual(['a']);
  expect((await readEventPage(server, 'Task:1', { after: end.endCursor })).pageInfo.endCursor).toBe(end.endCursor);
});

test('hidden events are skipped, and their page has an endCursor to continue from', async () => {
  await using server = await startTestServer();
  const { key } = await newPerson(server, 'Vera', { role: 'VIEWER' });
  await uploadFiles(server, 'Task:1', ['draft 1', 'draft 2', 'draft 3'], { available: false });
  await uploadFile(server, 'Task:1', 'final');
  const hidden = await readEventPage(server, 'Task:1', { first: 2, key });
  expect(hidden).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true, startCursor: null } });
  const rest = await readEventPage(server, 'Task:1', { first: 2, after: hidden.pageInfo.endCursor, key });
  expect(namesOf(rest.nodes)).toEqual(['final']);
  expect(namesOf(rest.nodes)).toEqual(await names(server, 'Task:1', undefined, key));
});

test('an inaccessible or missing id is NOT_FOUND, and an id that cannot have files is BAD_USER_INPUT', async () => {
  await using server = await startTestServer();
  const { key } = await newPerson(server, 'Stranger');
  for (const on of ['Project:1', 'Task:1', 'Comment:1', 'Task:999', 'Contact:999'])
    expect(await codeOf(server, eventPageQuery, { on }, key)).toBe('NOT_FOUND');
  for (const on of ['User:1', 'File:1', 'banana', ''])
    expect(await codeOf(server, eventPageQuery, { on })).toBe('BAD_USER_INPUT');
});
