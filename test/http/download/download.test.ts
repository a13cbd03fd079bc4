import { expect, test } from 'vitest';
import { ask } from '../../support/client.ts';
import { attachEntityFiles, removeFile } from '../../support/documents.ts';
import { bearer, download } from '../../support/download.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer } from '../../support/server.ts';

const content = 'the content of the file\n';

test('a download has the type, the length and the bytes of its file', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'notes.txt', content, type: 'text/plain' });
  const response = await download(server, file);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(response.headers.get('content-length')).toBe(String(content.length));
  expect(response.headers.get('accept-ranges')).toBe('bytes');
  expect(await response.text()).toBe(content);
});

test('an empty file downloads with length 0 and no bytes', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'empty.txt', content: '' });
  const response = await download(server, file);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-length')).toBe('0');
  expect(await response.text()).toBe('');
});

test('HEAD returns the headers of GET and no body', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'notes.txt', content });
  const head = await download(server, file, { method: 'HEAD' });
  const get = await download(server, file);
  // These headers describe the connection or the request, and HEAD and GET are two of each.
  const ofConnection = ['date', 'connection', 'keep-alive', 'x-request-id'];
  const headersOf = ({ headers }: Response) => [...headers].filter(([name]) => !ofConnection.includes(name));
  expect(head.status).toBe(200);
  expect(headersOf(head)).toEqual(headersOf(get));
  expect(await head.text()).toBe('');
  expect(await get.text()).toBe(content);
});

test('If-None-Match is answered with 304 for the current ETag, and with the content for another', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'notes.txt', content });
  const etag = (await download(server, file)).headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[^"]+"$/);
  for (const ifNoneMatch of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await download(server, file, { headers: { 'if-none-match': ifNoneMatch } });
    expect(response.status).toBe(304);
    expect(response.headers.get('etag')).toBe(etag);
    expect(await response.text()).toBe('');
  }
  const changed = await download(server, file, { headers: { 'if-none-match': '"other"' } });
  expect(changed.status).toBe(200);
  expect(await changed.text()).toBe(content);
});

test('files with the same content share an ETag, and others do not', async () => {
  await using server = await startTestServer();
  const [a, b, c] = (
    await uploadFiles(server, null, [
      { name: 'a.txt', content: 'same' },
      { name: 'b.txt', content: 'same' },
      { name: 'c.txt', content: 'other' },
    ])
  ).files;
  if (!a || !b || !c) throw new Error('Not all were kept.');
  const etags = await Promise.all([a, b, c].map(async (file) => (await download(server, file)).headers.get('etag')));
  expect(etags[0]).toBe(etags[1]);
  expect(etags[0]).not.toBe(etags[2]);
});

test('Cache-Control of a download is private and requires revalidation', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'notes.txt', content });
  const control = (await download(server, file)).headers.get('cache-control') ?? '';
  expect(control).toMatch(/\bprivate\b/);
  expect(control).toMatch(/\bno-cache\b|\bmax-age=0\b|\bno-store\b/);
});

test('a download without a key or with an unknown key is answered with 401 and the Bearer scheme', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'notes.txt', content });
  const url = `${server.url}/files/${file.databaseId}/content`;
  for (const headers of [{}, bearer('not-a-key'), { authorization: 'Basic YWRtaW46YWRtaW4=' }]) {
    const response = await fetch(url, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    expect(response.headers.get('etag')).toBeNull();
    expect(await response.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  }
});

test('a file that does not exist is answered with 404 in JSON', async () => {
  await using server = await startTestServer();
  const response = await download(server, { databaseId: 999 });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND', message: expect.any(String) } });
});

test.each(['0', '-1', '1.5', 'x', 'File:1', '%2e%2e', '99999999999999999999'])(
  'an address with %s as the number of the file is rejected in JSON',
  async (id) => {
    await using server = await startTestServer();
    const response = await fetch(`${server.url}/files/${id}/content`, { headers: bearer(server.key) });
    expect([400, 404]).toContain(response.status);
    expect(await response.json()).toMatchObject({ error: { code: expect.stringMatching(/BAD_USER_INPUT|NOT_FOUND/) } });
  },
);

test('a file of another user is answered with 404 until it is attached to an entity that both can see', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const onTask = await uploadFile(server, 'Task:1', { name: 'task.txt', content });
  const [stored] = (await uploadFiles(server, null, [{ name: 'stored.txt', content }])).files;
  if (!stored) throw new Error('Not kept.');
  for (const file of [onTask, stored]) {
    const response = await download(server, file, { headers: bearer(bob.key) });
    expect(response.status).toBe(404);
    const missing = await download(server, { databaseId: 999 }, { headers: bearer(bob.key) });
    expect((await response.text()).replace(`File:${file.databaseId}`, 'X')).toBe(
      (await missing.text()).replace('File:999', 'X'),
    );
  }
  await ask(server, attachEntityFiles, { entityId: 'Contact:1', fileIds: [stored.id] });
  const response = await download(server, stored, { headers: bearer(bob.key) });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(content);
});

test('a user can download a file that the user has uploaded', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const [file] = (await uploadFiles(server, null, [{ name: 'mine.txt', content }], {}, bob.key)).files;
  const response = await download(server, { databaseId: file?.databaseId ?? 0 }, { headers: bearer(bob.key) });
  expect(await response.text()).toBe(content);
});

test('a removed file is answered with 404', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'notes.txt', content });
  await ask(server, removeFile, { fileId: file.id });
  const response = await download(server, file);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('POST, PUT, DELETE and PATCH at the address of a file are rejected', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'notes.txt', content });
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    expect((await download(server, file, { method })).status).toBeGreaterThanOrEqual(400);
  }
  expect(await (await download(server, file)).text()).toBe(content);
});
