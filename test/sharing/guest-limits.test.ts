import { expect, test } from 'vitest';
import { tus } from '../http/tus/client.ts';
import { auditEntries } from '../support/audit.ts';
import { ask, execute } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createUploadToken, uploadOne } from './guests.ts';
import { createShareLink, sharedFiles, sharedNames } from './share-guests.ts';

/** What somebody unknown does with a token or a link costs its creator nothing. */

const begin = async (server: TestServer, key: string) =>
  (await tus({ url: server.url, key }, 'POST', '/uploads', { 'upload-length': '10' })).status;

test('unfinished uploads with a token count for it, and not for its creator or for other tokens', async () => {
  await using server = await startTestServer({ MAX_UNFINISHED_UPLOADS: '2' });
  const [first, second] = [await createUploadToken(server), await createUploadToken(server)];
  const statuses = [];
  for (const key of [first.token, first.token, first.token, second.token, server.key, server.key, server.key])
    statuses.push(await begin(server, key));
  expect(statuses).toEqual([201, 201, 429, 201, 201, 201, 429]);
});

test('requests by a signed link or with a token count neither for the key nor for the user who made them', async () => {
  await using server = await startTestServer({ MAX_REQUESTS_PER_KEY: '30', MAX_REQUESTS_PER_USER: '30' });
  const { id } = await uploadFile(server, 'Task:1', 'a.txt');
  const query = `{ file(id: "${id}") { url(expiresIn: 60) } }`;
  const { url } = (await ask<{ file: { url: string } }>(server, query)).file;
  const { token } = await createUploadToken(server);
  const statuses = [];
  for (let index = 0; index < 40; index += 1) statuses.push((await fetch(url)).status);
  expect(statuses.slice(0, 25).every((status) => status === 200)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
  // The guests of one user share an account.
  expect(await uploadOne(server, token)).toBe('RATE_LIMITED');
  expect((await execute(server, '{ viewer { id } }')).errors).toBeUndefined();
});

test('the audit log says that a guest acted, with which token, and names no key', async () => {
  await using server = await startTestServer({ AUDIT_DOWNLOADS: 'true' });
  const { token, id } = await createUploadToken(server);
  const link = await createShareLink(server);
  expect(await uploadOne(server, token)).toBe('stored');
  const [file] = (await sharedFiles(server, link.token)) as { fileId: string; url: string }[];
  await (await fetch(file?.url ?? '')).text();
  const signed = `{ file(id: "File:${file?.fileId.split(':').at(-1)}") { url(expiresIn: 60) } }`;
  await (await fetch((await ask<{ file: { url: string } }>(server, signed)).file.url)).text();
  const entries = (await auditEntries(server)).filter(({ action }) => /^FILE_/.test(action));
  expect(entries.map(({ action, via, apiKeyId, details }) => [action, via, apiKeyId, details.guest])).toEqual([
    ['FILE_DOWNLOADED', 'GUEST', null, 'LINK'],
    ['FILE_DOWNLOADED', 'GUEST', null, link.id],
    ['FILE_UPLOADED', 'GUEST', null, id],
  ]);
});

test('a link shows nothing while its creator may no longer share', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Editor', { role: 'EDITOR' });
  const { id: fileId } = await uploadFile(server, 'Task:1', 'a.txt');
  const links = [await createShareLink(server, {}, editor.key), await createShareLink(server, { fileId }, editor.key)];
  const become = (role: string) =>
    ask(
      server,
      `mutation { updateProjectMember(input: { projectId: "Project:1", userId: "${editor.id}", role: ${role} }) { memberEdge { role } } }`,
    );
  const urls = [];
  for (const { token } of links) urls.push(((await sharedFiles(server, token)) as { url: string }[])[0]?.url ?? '');
  await become('VIEWER');
  const shown = [];
  for (const { token } of links) shown.push(await sharedNames(server, token));
  expect(shown).toEqual(['NOT_FOUND', []]);
  for (const url of urls) expect((await fetch(url)).status).toBe(404);
  await become('EDITOR');
  for (const { token } of links) expect(await sharedNames(server, token)).toEqual(['a.txt']);
});
