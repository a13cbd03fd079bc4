import { describe, expect, test } from 'vitest';
import { ask } from '../../support/client.ts';
import { removeFile } from '../../support/documents.ts';
import { download } from '../../support/download.ts';
import { uploadFile } from '../../support/files.ts';
import { newKey, newPerson, revokeApiKey } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

async function linkTo(server: TestServer, id: string, expiresIn: number, key = server.key): Promise<string> {
  const query = 'query ($id: ID!, $expiresIn: Int) { file(id: $id) { url(expiresIn: $expiresIn) } }';
  return (await ask<{ file: { url: string } }>(server, query, { id, expiresIn }, key)).file.url;
}

const statusOf = async (url: string) => (await fetch(url)).status;

test('a link works without a key and from other origins, with the security headers of any download', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const link = await linkTo(server, file.id, 60);
  const response = await fetch(link);
  const withKey = await download(server, file);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(await withKey.text());
  expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  for (const name of ['content-security-policy', 'x-content-type-options', 'content-disposition', 'etag'])
    expect(response.headers.get(name)).toBe(withKey.headers.get(name));
  expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
  expect(await (await fetch(link, { headers: { range: 'bytes=0-0' } })).text()).toHaveLength(1);
});

test('a url without expiresIn requires a key', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  expect(file.url).toBe(`${server.url}/files/${file.databaseId}/content`);
  expect(await statusOf(file.url)).toBe(401);
});

test('a link is answered with 401 after it expires', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const link = await linkTo(server, file.id, 1);
  await expect.poll(() => statusOf(link), { timeout: 30_000 }).toBe(401);
  const { error } = await (await fetch(link)).json();
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining('Ask for a new one') });
});

test('a link is answered with 404 after its file is removed', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const link = await linkTo(server, file.id, 60);
  await ask(server, removeFile, { fileId: file.id });
  expect(await statusOf(link)).toBe(404);
});

test('a link is answered with 404 after its user loses access to the file', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const link = await linkTo(server, file.id, 60, bob.key);
  expect(await statusOf(link)).toBe(200);
  await ask(
    server,
    `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${bob.id}" }) { removedUserId } }`,
  );
  expect(await statusOf(link)).toBe(404);
});

test('a link is answered with 401 after its key is revoked, but not after another key is', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const another = await newKey(server, bob.id, 'WRITE');
  const link = await linkTo(server, file.id, 60, bob.key);
  await ask(server, revokeApiKey, { apiKeyId: another.keyId });
  expect(await statusOf(link)).toBe(200);
  await ask(server, revokeApiKey, { apiKeyId: bob.keyId });
  expect(await statusOf(link)).toBe(401);
});

test('a link to the archive of a place works without a key, for that place alone, as its user', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  await uploadFile(server, 'Task:1', 'hidden.txt', { available: false });
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const query = '{ task(id: "Task:1") { zipUrl signed: zipUrl(expiresIn: 60) } }';
  const { task } = await ask<{ task: { zipUrl: string; signed: string } }>(server, query, {}, bob.key);
  expect(task.zipUrl).toBe(`${server.url}/files/zip?on=Task:1`);
  expect(await statusOf(task.zipUrl)).toBe(401);
  const response = await fetch(task.signed);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const content = Buffer.from(await response.arrayBuffer()).toString('latin1');
  expect([content.includes('a.txt'), content.includes('hidden.txt')]).toEqual([true, false]);
  expect(await statusOf(task.signed.replace('Task:1', 'Task:2'))).toBe(401);
  expect(await statusOf(task.signed.replace('Task:1', 'nonsense'))).toBe(400);
  const token = new URL(task.signed).searchParams.get('token') as string;
  expect(await statusOf(`${file.url}?token=${token}`)).toBe(401);
  const tokenOfFile = new URL(await linkTo(server, file.id, 60)).searchParams.get('token') as string;
  expect(await statusOf(task.signed.replace(token, tokenOfFile))).toBe(401);
  await ask(server, revokeApiKey, { apiKeyId: bob.keyId });
  expect(await statusOf(task.signed)).toBe(401);
});

describe('invalid links', () => {
  test('a link is rejected for another file, key or expiry, when incomplete, and as an API key', async () => {
    await using server = await startTestServer();
    const [file, other] = [await uploadFile(server, 'Task:1', 'a.txt'), await uploadFile(server, 'Task:1', 'b.txt')];
    const bob = await newPerson(server, 'Bob');
    const link = await linkTo(server, file.id, 60);
    const token = new URL(link).searchParams.get('token') as string;
    const [keyId, until, mac] = token.split('.') as [string, string, string];
    const bobs = bob.keyId.split(':')[1];
    const changed = [
      `${bobs}.${until}.${mac}`,
      `${keyId}.${Number(until) + 1}.${mac}`,
      `0${keyId}.${until}.${mac}x`,
      `${keyId}.${until}.${'A'.repeat(43)}`,
      `${keyId}.${until}.`,
      `${keyId}.${until}`,
      '',
      '..',
      `${token}\0`,
    ];
    for (const wrong of changed)
      expect([wrong, await statusOf(`${file.url}?token=${encodeURIComponent(wrong)}`)]).toEqual([wrong, 401]);
    expect(await statusOf(`${other.url}?token=${token}`)).toBe(401);
    expect(await statusOf(`${file.url}?token=${token}&token=${token}`)).toBe(401);
    expect(await statusOf(`${server.url}/files/nonsense/content?token=${token}`)).toBe(401);
    const asKey = await fetch(`${server.graphqlUrl}?query={viewer{id}}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(asKey.status).toBe(401);
  });

  test.each([0, -1, 604_801, 2 ** 31 - 1])('a link for %i seconds cannot be created', async (seconds) => {
    await using server = await startTestServer();
    const file = await uploadFile(server, 'Task:1', 'a.txt');
    await expect(linkTo(server, file.id, seconds)).rejects.toThrow('604800');
  });
});

test('If-Modified-Since is answered with 304 when the file was not modified since', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const modified = (await download(server, file)).headers.get('last-modified') as string;
  const ask = async (headers: Record<string, string>) => (await download(server, file, { headers })).status;
  expect(await ask({ 'if-modified-since': modified })).toBe(304);
  expect(await ask({ 'if-modified-since': new Date(0).toUTCString() })).toBe(200);
  expect(await ask({ 'if-modified-since': 'yesterday' })).toBe(200);
  // If-None-Match takes precedence over If-Modified-Since.
  expect(await ask({ 'if-modified-since': modified, 'if-none-match': '"another"' })).toBe(200);
});
