import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { ask, codeOf, errorOf } from '../support/client.ts';
import { bearer, download, sha256 } from '../support/download.ts';
import { kinds } from '../support/entity-kinds.ts';
import { attach, detach, fileOf, fileQuery, ids, list, update, uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { jpeg, png } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const content = (server: TestServer, id: string, args = '', key?: string) =>
  ask<{ file: { content: string } }>(server, `query ($id: ID!) { file(id: $id) { content${args} } }`, { id }, key);

test('an uploaded file has the same fields in its payload, by its id and in lists', async () => {
  await using server = await startTestServer();
  const before = Date.now();
  const file = await uploadFile(server, 'Task:1', { name: 'Plan.txt', content: 'the plan', type: 'text/plain' });
  expect(file).toEqual({
    id: `File:${file.databaseId}`,
    databaseId: expect.any(Number),
    name: 'Plan.txt',
    size: 8,
    contentType: 'text/plain',
    isImage: false,
    width: null,
    height: null,
    sha256: sha256('the plan'),
    url: `${server.url}/files/${file.databaseId}/content`,
    version: 1,
    versions: [{ id: file.id, databaseId: file.databaseId, version: 1 }],
    status: null,
    available: true,
    createdFrom: 'TASK_PANEL',
    createdBy: { id: 'User:1' },
    createdAt: expect.any(String),
    updatedBy: { id: 'User:1' },
    updatedAt: file.createdAt,
    attachedTo: [{ id: 'Task:1' }],
  });
  expect(Date.parse(file.createdAt)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(file.createdAt)).toBeLessThanOrEqual(Date.now());
  expect(await fileOf(server, file.id)).toEqual(file);
  expect((await list(server, 'Task:1')).edges.map(({ node }) => node)).toEqual([file]);
  expect((await list(server, null)).edges.map(({ node }) => node)).toEqual([file]);
  expect(await (await fetch(file.url, { headers: bearer(server.key) })).text()).toBe('the plan');
});

test('the content type is detected from the content, and the declared one counts only when detection fails', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, null, [
    { name: 'picture.txt', content: png(3, 2), type: 'text/plain' },
    { name: 'notes', content: '# Notes', type: 'text/markdown' },
  ]);
  expect(files).toMatchObject([
    { contentType: 'image/png', isImage: true },
    { contentType: 'text/markdown', isImage: false },
  ]);
});

test('an image has the width and height of its displayed orientation', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, 'Task:1', [
    { name: 'icon.png', content: png(300, 200) },
    { name: 'upright.jpg', content: jpeg(40, 20, 1) },
    { name: 'upside-down.jpg', content: jpeg(40, 20, 3) },
    { name: 'turned.jpg', content: jpeg(40, 20, 6) },
    { name: 'turned-back.jpg', content: jpeg(40, 20, 8) },
  ]);
  expect(files.map(({ contentType, isImage, width, height }) => [contentType, isImage, width, height])).toEqual([
    ['image/png', true, 300, 200],
    ['image/jpeg', true, 40, 20],
    ['image/jpeg', true, 40, 20],
    ['image/jpeg', true, 20, 40],
    ['image/jpeg', true, 20, 40],
  ]);
});

test('an image with a truncated header has neither width nor height', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, null, { name: 'cut.png', content: png(3, 2).slice(0, 20) });
  expect(file).toMatchObject({ size: 20, width: null, height: null });
});

test('content is returned as base64, with and without the encoding argument', async () => {
  await using server = await startTestServer();
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
  const file = await uploadFile(server, 'Task:1', { name: 'bytes.bin', content: new Blob([bytes]) });
  const expected = Buffer.from(bytes).toString('base64');
  expect((await content(server, file.id, '(encoding: BASE64)')).file.content).toBe(expected);
  expect((await content(server, file.id)).file.content).toBe(expected);
});

test('an empty file has empty content', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'empty.txt', content: '' });
  expect(file).toMatchObject({ size: 0, sha256: sha256('') });
  expect((await content(server, file.id)).file.content).toBe('');
});

test('content above MAX_INLINE_SIZE is an error, and the other fields are returned', async () => {
  await using server = await startTestServer({ MAX_INLINE_SIZE: '10' });
  const { files } = await uploadFiles(server, 'Task:1', ['ten bytes!', 'eleven byte']);
  const query = parse(`{ nodes(ids: ${JSON.stringify(ids(files))}) { ... on File { name content } } }`);
  const { data, errors } = await server.query(query as never);
  expect(data).toEqual({
    nodes: [
      { name: 'ten bytes!', content: Buffer.from('ten bytes!').toString('base64') },
      { name: 'eleven byte', content: null },
    ],
  });
  expect(errors).toMatchObject([{ path: ['nodes', 1, 'content'], extensions: { code: 'PAYLOAD_TOO_LARGE' } }]);
  expect(errors?.[0]?.message).toContain('10');
});

test('attachedTo lists everything that the file is attached to, and is equal for every version', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a');
  const places = ['Project:1', 'Task:2', 'Comment:1', 'Contact:1', 'Opportunity:1', 'Case:1'];
  for (const place of places) await attach(server, place, [file.id]);
  const next = await uploadFile(server, null, 'b', { parentId: file.id });
  for (const id of [file.id, next.id]) {
    expect(ids((await fileOf(server, id)).attachedTo).toSorted()).toEqual(['Task:1', ...places].toSorted());
  }
  await detach(server, 'Task:2', [file.id]);
  expect(ids((await fileOf(server, file.id)).attachedTo)).not.toContain('Task:2');
});

test('attachedTo lists only what the viewer may see', async () => {
  await using server = await startTestServer();
  const secret = await kinds.Contact.create(server, { isPrivate: true });
  const file = await uploadFile(server, 'Task:1', 'a');
  await attach(server, secret, [file.id]);
  await attach(server, 'Contact:1', [file.id]);
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const outsider = await newPerson(server, 'Sam');
  const seen = async (key: string) => ids((await fileOf(server, file.id, key)).attachedTo).toSorted();
  expect(await seen(server.key)).toEqual(['Contact:1', secret, 'Task:1'].toSorted());
  expect(await seen(viewer.key)).toEqual(['Contact:1', 'Task:1']);
  expect(await seen(outsider.key)).toEqual(['Contact:1']);
  await detach(server, 'Contact:1', [file.id]);
  expect(await codeOf(server, fileQuery, { id: file.id }, outsider.key)).toBe('NOT_FOUND');
});

test('an uploader cannot see a file with a hidden primary attachment until it is attached to something visible', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const file = await uploadFile(server, 'Task:1', 'a', {}, bob.key);
  await ask(
    server,
    `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${bob.id}" }) { removedUserId } }`,
  );
  expect(await codeOf(server, fileQuery, { id: file.id }, bob.key)).toBe('NOT_FOUND');
  expect((await download(server, file, { headers: bearer(bob.key) })).status).toBe(404);
  await attach(server, 'Contact:1', [file.id]);
  expect(ids((await fileOf(server, file.id, bob.key)).attachedTo)).toEqual(['Contact:1']);
  expect(await (await download(server, file, { headers: bearer(bob.key) })).text()).toBe('a');
});

test('a change records updatedBy and updatedAt and leaves createdBy and createdAt', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const changed = await update(server, { fileId: file.id, name: 'b.txt' }, bob.key);
  expect(changed).toEqual({ ...file, name: 'b.txt', updatedBy: { id: bob.id }, updatedAt: expect.any(String) });
  expect(Date.parse(changed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(file.updatedAt));
  expect(await fileOf(server, file.id)).toEqual(changed);
});

test('a file is renamed everywhere, and the new name is sanitized', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'old.txt');
  await uploadFile(server, 'Task:1', 'm.txt');
  expect((await update(server, { fileId: file.id, name: '../../z\u202egpj.exe' })).name).toBe('zgpj.exe');
  const { edges } = await list(server, 'Task:1', 'orderBy: { field: NAME }');
  expect(edges.map(({ node }) => node.name)).toEqual(['m.txt', 'zgpj.exe']);
  expect((await download(server, file)).headers.get('content-disposition')).toContain('zgpj.exe');
  const query = 'mutation ($id: ID!) { updateFile(input: { fileId: $id, name: " .. " }) { file { id } } }';
  expect(await errorOf(server, query, { id: file.id })).toMatch(/^BAD_USER_INPUT: /);
  expect((await fileOf(server, file.id)).name).toBe('zgpj.exe');
});

test.each(['TASK_PANEL', 'REWORK', 'FEEDBACK'])('a file keeps createdFrom: %s', async (createdFrom) => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a', { createdFrom });
  expect((await fileOf(server, file.id)).createdFrom).toBe(createdFrom);
});

test.each(['APPROVED', 'PENDING', 'REQUIRED'])('an editor uploads a file with the status %s', async (status) => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a', { status, available: false });
  expect(await fileOf(server, file.id)).toMatchObject({ status, available: false });
});
