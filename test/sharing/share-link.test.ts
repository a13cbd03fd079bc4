import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import { demote, fileOf, uploadFile } from '../support/files.ts';
import { newKey, newPerson, revokeApiKey } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createShareLink, readShare, type SharedFile, sharedFiles, sharedNames } from './share-guests.ts';

const setAvailable = (server: TestServer, fileId: string, available: boolean) =>
  ask(server, `mutation { updateFile(input: { fileId: "${fileId}", available: ${available} }) { file { id } } }`);

const revoke = (server: TestServer, id: string) =>
  ask(server, `mutation { revokeShareLink(input: { shareLinkId: "${id}" }) { shareLink { id } } }`);

async function onlyFile(server: TestServer, token: string): Promise<SharedFile> {
  const files = await sharedFiles(server, token);
  if (typeof files === 'string' || !files[0]) throw new Error(`The share has no file: ${files}`);
  return files[0];
}

test('a link of a place shows its available files in their newest versions, and nothing in it or elsewhere', async () => {
  await using server = await startTestServer();
  const first = await uploadFile(server, 'Project:1', 'first.txt');
  await uploadFile(server, 'Project:1', 'draft.txt', { available: false });
  await uploadFile(server, 'Task:1', 'of a task.txt');
  await uploadFile(server, null, 'unattached.txt');
  await uploadFile(server, 'Project:1', 'second.txt', { parentId: first.id });
  const { token } = await createShareLink(server, { on: 'Project:1', name: 'Plans' });
  const { data } = await readShare(server, token);
  expect(data?.share).toMatchObject({ name: 'Plans', files: { totalCount: 1, nodes: [{ name: 'second.txt' }] } });
  const { url } = await onlyFile(server, token);
  expect(await (await fetch(url)).text()).toBe('second.txt');
});

test('a link is read in pages', async () => {
  await using server = await startTestServer();
  for (const name of ['a', 'b', 'c']) await uploadFile(server, 'Task:1', name);
  const { token } = await createShareLink(server);
  const query = `query ($after: String) {
    share { files(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }
  }`;
  type Page = {
    share: { files: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
  };
  const one = (await ask<Page>(server, query, {}, token)).share.files;
  expect([one.nodes.map(({ name }) => name), one.pageInfo.hasNextPage]).toEqual([['a', 'b'], true]);
  const two = (await ask<Page>(server, query, { after: one.pageInfo.endCursor }, token)).share.files;
  expect([two.nodes.map(({ name }) => name), two.pageInfo.hasNextPage]).toEqual([['c'], false]);
});

test('a link of a file shows its newest version while that is available', async () => {
  await using server = await startTestServer();
  const first = await uploadFile(server, 'Task:1', 'v1.txt');
  await uploadFile(server, 'Task:1', 'other.txt');
  const { token } = await createShareLink(server, { fileId: first.id });
  const old = await onlyFile(server, token);
  expect(await sharedNames(server, token)).toEqual(['v1.txt']);
  const second = await uploadFile(server, 'Task:1', 'v2.txt', { parentId: first.id });
  expect(await sharedNames(server, token)).toEqual(['v2.txt']);
  expect((await fetch(old.url)).status).toBe(404);
  const { url } = await onlyFile(server, token);
  await setAvailable(server, second.id, false);
  expect((await readShare(server, token)).data?.share.files).toEqual({ totalCount: 0, nodes: [] });
  expect((await fetch(url)).status).toBe(404);
});

test('downloads support HEAD and ranges, and forbid indexing and referrers', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', { name: 'page.html', content: '0123456789', type: 'text/html' });
  const { token } = await createShareLink(server);
  const { url } = await onlyFile(server, token);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  expect(Object.fromEntries(head.headers)).toMatchObject({
    'x-robots-tag': 'noindex',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': 'attachment; filename=page.html',
  });
  const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
});

test('the URL of a file is for this file and this link alone, and ends with the link', async () => {
  await using server = await startTestServer();
  const shared = await uploadFile(server, 'Task:1', 'shared.txt');
  const other = await uploadFile(server, 'Task:2', 'other.txt');
  const { token, id } = await createShareLink(server);
  await createShareLink(server, { on: 'Task:2' });
  const { url } = await onlyFile(server, token);
  expect((await fetch(url)).status).toBe(200);
  const path = `/shares/1/files/${shared.databaseId}`;
  expect(new URL(url).pathname).toBe(path);
  for (const changed of [
    url.replace(path, `/shares/1/files/${other.databaseId}`),
    url.replace(path, `/shares/2/files/${shared.databaseId}`),
    url.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
    url.replace(/token=\d+/, 'token=99999999999'),
    `${server.url}${path}`,
    `${server.url}${path}?token=${token}`,
    `${server.url}/files/${shared.databaseId}/content${new URL(url).search}`,
  ])
    expect([changed, (await fetch(changed)).status]).toEqual([changed, 401]);
  await revoke(server, id);
  expect((await fetch(url)).status).toBe(401);
  expect(await sharedFiles(server, token)).toBe('UNAUTHENTICATED');
});

test('a link shows what its creator may see at the time', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a.txt');
  const editor = await newPerson(server, 'Editor', { role: 'EDITOR' });
  const { token } = await createShareLink(server, {}, editor.key);
  const { url } = await onlyFile(server, token);
  await ask(
    server,
    `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${editor.id}" }) { project { id } } }`,
  );
  const { data, errors } = await readShare(server, token);
  expect([data, errors?.[0]?.extensions.code]).toEqual([null, 'NOT_FOUND']);
  expect(errors?.[0]?.message).not.toContain('Task');
  expect((await fetch(url)).status).toBe(404);
});

test('a link ends with the key that created it', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a.txt');
  const { key, keyId } = await newKey(server, 'User:1', 'WRITE');
  const { token } = await createShareLink(server, {}, key);
  const { url } = await onlyFile(server, token);
  await ask(server, revokeApiKey, { apiKeyId: keyId });
  expect([await sharedFiles(server, token), (await fetch(url)).status]).toEqual(['UNAUTHENTICATED', 401]);
});

test('a file that is moved away or detached is no longer shared', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const { token } = await createShareLink(server);
  const { url } = await onlyFile(server, token);
  await ask(server, `mutation { detachFiles(input: { from: "Task:1", fileIds: ["${file.id}"] }) { filesCount } }`);
  expect([await sharedFiles(server, token), (await fetch(url)).status]).toEqual([[], 404]);
  expect((await fileOf(server, file.id)).name).toBe('a.txt');
});

test('a password is required for the list, and the URLs of files replace it', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a.txt');
  const password = 'пароль 100% é';
  const { token, id } = await createShareLink(server, { password });
  expect(await sharedFiles(server, token)).toBe('UNAUTHENTICATED');
  expect(await sharedFiles(server, token, 'another one')).toBe('UNAUTHENTICATED');
  const [file] = (await sharedFiles(server, token, password)) as SharedFile[];
  expect((await fetch(file?.url ?? '')).status).toBe(200);
  expect(await sharedFiles(server, token, password.normalize('NFD'))).toHaveLength(1);
  const query = `{ node(id: "${id}") { ... on ShareLink { hasPassword } } }`;
  expect(await ask(server, query)).toEqual({ node: { hasPassword: true } });
  await expect(createShareLink(server, { password: 'seven77' })).rejects.toThrow('BAD_USER_INPUT');
});

// Each guess takes a tenth of a second of a processor.
test('an address guesses thirty passwords of a link, and then one a second', { timeout: 180_000 }, async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a.txt');
  const [link, other] = [
    await createShareLink(server, { password: 'the right one' }),
    await createShareLink(server, { password: 'the right one' }),
  ];
  const started = performance.now();
  const outcomes = await Promise.all(
    Array.from({ length: 34 }, (_, index) => sharedFiles(server, link.token, `guess number ${index}`)),
  );
  const seconds = (performance.now() - started) / 1000;
  const failed = outcomes.filter((outcome) => outcome === 'UNAUTHENTICATED').length;
  expect(failed).toBeGreaterThanOrEqual(30);
  expect(failed).toBeLessThanOrEqual(30 + Math.ceil(seconds));
  expect(outcomes.filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(34 - failed);
  // The other link, and sign-ins of users, are not affected.
  expect(await sharedFiles(server, other.token, 'the right one')).toHaveLength(1);
  expect(await codeOf(server, '{ viewer { id } }')).toBeUndefined();
});

test('only users who may edit the place, or change the file, create links', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const viewer = await newPerson(server, 'Viewer', { role: 'VIEWER' });
  const stranger = await newPerson(server, 'Stranger');
  const reader = await newPerson(server, 'Reader', { role: 'EDITOR', scope: 'READ' });
  for (const input of [{}, { fileId: file.id }]) {
    await expect(createShareLink(server, input, viewer.key)).rejects.toThrow('FORBIDDEN');
    await expect(createShareLink(server, input, stranger.key)).rejects.toThrow('NOT_FOUND');
    await expect(createShareLink(server, input, reader.key)).rejects.toThrow('FORBIDDEN');
  }
  for (const input of [{ expiresIn: 59 }, { expiresIn: 7_776_001 }, { fileId: file.id, on: 'Task:1' }])
    await expect(createShareLink(server, input)).rejects.toThrow('BAD_USER_INPUT');
});

test('an old version of their own does not let a user share the newest, which they may not change', async () => {
  await using server = await startTestServer();
  const former = await newPerson(server, 'Former editor', { role: 'EDITOR' });
  const first = await uploadFile(server, 'Task:1', 'v1.txt', {}, former.key);
  const change = `{ projectId: "Project:1", userId: "${former.id}", role: VIEWER }`;
  await ask(server, `mutation { updateProjectMember(input: ${change}) { project { id } } }`);
  expect((await createShareLink(server, { fileId: first.id }, former.key)).token).toMatch(/^shr_/);
  await uploadFile(server, 'Task:1', 'v2.txt', { parentId: first.id });
  await expect(createShareLink(server, { fileId: first.id }, former.key)).rejects.toThrow('FORBIDDEN');
});

test('an uploader who may not edit the place sees the links of their own to the file, and no others', async () => {
  await using server = await startTestServer();
  const uploader = await newPerson(server, 'Uploader', { role: 'EDITOR' });
  const other = await newPerson(server, 'Other viewer', { role: 'VIEWER' });
  const file = await uploadFile(server, 'Task:1', 'a.txt', {}, uploader.key);
  const loose = await uploadFile(server, null, 'b.txt', {}, uploader.key);
  await createShareLink(server, { fileId: file.id });
  await demote(server, uploader);
  const { id } = await createShareLink(server, { fileId: file.id }, uploader.key);
  const unattached = await createShareLink(server, { fileId: loose.id }, uploader.key);
  const linksOf = async (fileId: string, key: string) =>
    (await ask<{ file: { shareLinks: unknown } }>(server, filesLinks, { id: fileId }, key)).file.shareLinks;
  expect(await linksOf(file.id, uploader.key)).toEqual({ totalCount: 1, nodes: [{ id }] });
  expect(await linksOf(loose.id, uploader.key)).toEqual({ totalCount: 1, nodes: [{ id: unattached.id }] });
  expect(await linksOf(file.id, other.key)).toBeNull();
});

const filesLinks = 'query ($id: ID!) { file(id: $id) { shareLinks { totalCount nodes { id } } } }';

test('editors see the links of a place and of a file; creators, owners and administrators revoke them', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const creator = await newPerson(server, 'Creator', { role: 'EDITOR' });
  const editor = await newPerson(server, 'Editor', { role: 'EDITOR' });
  const owner = await newPerson(server, 'Owner', { role: 'OWNER' });
  const viewer = await newPerson(server, 'Viewer', { role: 'VIEWER' });
  const links = [
    await createShareLink(server, {}, creator.key),
    await createShareLink(server, { fileId: file.id }, creator.key),
  ];
  const [ofPlace, ofFile] = links.map(({ id }) => ({ nodes: [{ id }] }));
  const query = `{
    task(id: "Task:1") { shareLinks { nodes { id } } }
    file(id: "${file.id}") { shareLinks { nodes { id } } }
  }`;
  for (const { key } of [creator, editor, owner])
    expect(await ask(server, query, {}, key)).toEqual({ task: { shareLinks: ofPlace }, file: { shareLinks: ofFile } });
  expect(await ask(server, query, {}, viewer.key)).toEqual({ task: { shareLinks: null }, file: { shareLinks: null } });
  const own = '{ viewer { shareLinks { totalCount } } }';
  expect(await ask(server, own, {}, creator.key)).toEqual({ viewer: { shareLinks: { totalCount: 2 } } });
  for (const { id, token } of links) {
    const mutation = `mutation { revokeShareLink(input: { shareLinkId: "${id}" }) { shareLink { id } } }`;
    expect(await codeOf(server, mutation, {}, viewer.key)).toBe('NOT_FOUND');
    expect(await codeOf(server, mutation, {}, editor.key)).toBe('FORBIDDEN');
    expect(await sharedNames(server, token)).toEqual(['a.txt']);
    expect(await codeOf(server, mutation, {}, owner.key)).toBeUndefined();
    expect(await sharedNames(server, token)).toBe('UNAUTHENTICATED');
  }
});
