import sharp from 'sharp';
import { expect, test } from 'vitest';
import { auditEntries } from '../support/audit.ts';
import { ask, codeOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { namesInZip } from '../support/zip.ts';
import { createShareLink } from './share-guests.ts';

interface Shared {
  downloadsLeft: number | null;
  zipUrl: string;
  files: { nodes: { name: string; url: string; thumbnailUrl: string | null }[] };
}

const read = (server: TestServer, token: string): Promise<Shared> =>
  ask<{ share: Shared }>(
    server,
    '{ share { downloadsLeft zipUrl files { nodes { name url thumbnailUrl } } } }',
    {},
    token,
  ).then(({ share }) => share);

const leftOf = async (server: TestServer, token: string) => (await read(server, token)).downloadsLeft;
const statusOf = async (url: string, init: RequestInit = {}) => {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
};
const urlsOf = async (server: TestServer, token: string) =>
  (await read(server, token)).files.nodes.map(({ url }) => url) as [string, ...string[]];
const range = (value: string) => ({ headers: { range: value } });

test('a link permits as many downloads as it says, of all of its files together', async () => {
  await using server = await startTestServer();
  for (const name of ['a.txt', 'b.txt']) await uploadFile(server, 'Task:1', name);
  const { token, id } = await createShareLink(server, { maxDownloads: 3 });
  const [one, other] = await urlsOf(server, token);
  expect(await leftOf(server, token)).toBe(3);
  expect([await statusOf(one), await statusOf(one), await statusOf(other ?? '')]).toEqual([200, 200, 200]);
  const refused = await fetch(one);
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'FORBIDDEN' } }]);
  expect(await leftOf(server, token)).toBe(0);
  const query = `{ node(id: "${id}") { ... on ShareLink { maxDownloads usedDownloads } } }`;
  expect(await ask(server, query)).toEqual({ node: { maxDownloads: 3, usedDownloads: 3 } });
  for (const maxDownloads of [0, -1, 100_001])
    await expect(createShareLink(server, { maxDownloads })).rejects.toThrow('BAD_USER_INPUT');
});

test('content that the server cannot send is not counted', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a.txt');
  const { token } = await createShareLink(server, { maxDownloads: 1 });
  const [url] = await urlsOf(server, token);
  await runSql(server.dataDir, 'delete from small_blobs');
  expect(await statusOf(url)).toBeGreaterThanOrEqual(500);
  expect(await leftOf(server, token)).toBe(1);
});

test('a link without a limit counts nothing', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a.txt');
  const { token, id } = await createShareLink(server);
  const [url] = await urlsOf(server, token);
  for (let index = 0; index < 3; index++) expect(await statusOf(url, range('bytes=0-'))).toBe(206);
  expect(await leftOf(server, token)).toBeNull();
  const query = `{ node(id: "${id}") { ... on ShareLink { maxDownloads usedDownloads } } }`;
  expect(await ask(server, query)).toEqual({ node: { maxDownloads: null, usedDownloads: null } });
  expect(await runSql(server.dataDir, 'select hash from share_downloads')).toEqual([]);
});

test('ranges continue a download with its URL, and no other; what sends no content is not counted', async () => {
  await using server = await startTestServer();
  for (const name of ['0123456789', 'other']) await uploadFile(server, 'Task:1', name);
  const { token } = await createShareLink(server, { maxDownloads: 2, expiresIn: 7200 });
  const [url, other] = await urlsOf(server, token);
  const head = await fetch(url, { method: 'HEAD' });
  const etag = head.headers.get('etag') ?? '';
  expect(await statusOf(url, { headers: { 'if-none-match': etag } })).toBe(304);
  expect(await statusOf(url, { headers: { 'if-match': '"another"' } })).toBe(412);
  expect(await statusOf(url, range('bytes=99-'))).toBe(416);
  expect(await leftOf(server, token)).toBe(2);
  // A range of anything counts, also of all but the first byte.
  for (const value of ['bytes=1-', 'bytes=0-3', 'bytes=-10']) expect(await statusOf(url, range(value))).toBe(206);
  expect(await leftOf(server, token)).toBe(1);
  expect(await statusOf(other ?? '', range('bytes=0-1'))).toBe(206);
  expect(await leftOf(server, token)).toBe(0);
  expect(await statusOf(url, range('bytes=4-'))).toBe(206);
  expect(await statusOf(url)).toBe(403);
  // What is not one range is all of the file.
  expect(await statusOf(url, range('bytes=0-1,3-4'))).toBe(403);
  // Another URL, as of another bearer.
  await runSql(server.dataDir, 'update share_links set used_downloads = 1');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const [later] = await urlsOf(server, token);
  expect(later).not.toBe(url);
  expect(await statusOf(later, range('bytes=4-'))).toBe(206);
  expect(await leftOf(server, token)).toBe(0);
});

test('downloads at the same time exceed the limit neither together nor with ranges', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', '0123456789');
  const { token } = await createShareLink(server, { maxDownloads: 3 });
  const [url] = await urlsOf(server, token);
  const ranges = await Promise.all([0, 2, 4, 6].map((from) => statusOf(url, range(`bytes=${from}-${from + 1}`))));
  expect([ranges, await leftOf(server, token)]).toEqual([[206, 206, 206, 206], 2]);
  const statuses = await Promise.all(Array.from({ length: 12 }, () => statusOf(url)));
  expect(statuses.filter((status) => status === 200)).toHaveLength(2);
  expect(statuses.filter((status) => status === 403)).toHaveLength(10);
});

test('the ZIP has the files that the link shows, counts as one download, and ends with the link', async () => {
  await using server = await startTestServer({ AUDIT_DOWNLOADS: 'true' });
  const shown = [await uploadFile(server, 'Task:1', 'a.txt'), await uploadFile(server, 'Task:1', 'b.txt')];
  await uploadFile(server, 'Task:1', 'draft.txt', { available: false });
  await uploadFile(server, 'Task:2', 'elsewhere.txt');
  const { token, id } = await createShareLink(server, { maxDownloads: 1 });
  const { zipUrl } = await read(server, token);
  const head = await fetch(zipUrl, { method: 'HEAD' });
  expect([head.status, head.headers.get('x-robots-tag')]).toEqual([200, 'noindex']);
  const response = await fetch(zipUrl);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename=Share-1.zip');
  expect(namesInZip(Buffer.from(await response.arrayBuffer()))).toEqual(['a.txt', 'b.txt']);
  expect(await statusOf(zipUrl)).toBe(403);
  const audited = await auditEntries(server, { action: 'FILE_DOWNLOADED' });
  expect(audited.map(({ targetId, via, details }) => [targetId, via, details.guest])).toEqual(
    shown.toReversed().map((file) => [file.id, 'GUEST', id]),
  );
  for (const changed of [
    zipUrl.replace('/shares/1/', '/shares/2/'),
    zipUrl.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
    (await urlsOf(server, token))[0].replace(/files\/\d+/, 'zip'),
  ])
    expect(await statusOf(changed)).toBe(401);
  await ask(server, `mutation { revokeShareLink(input: { shareLinkId: "${id}" }) { shareLink { id } } }`);
  expect(await statusOf(zipUrl)).toBe(401);
});

test('thumbnails are small, no downloads, and of pictures that the link shows, while downloads are left', async () => {
  await using server = await startTestServer();
  const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const shared = await uploadFile(server, 'Task:1', { name: 'a.png', content: new Blob([picture]) });
  await uploadFile(server, 'Task:1', 'b.txt');
  const elsewhere = await uploadFile(server, 'Task:2', { name: 'c.png', content: new Blob([picture]) });
  const { token, id } = await createShareLink(server, { maxDownloads: 1 });
  const { files } = await read(server, token);
  expect(files.nodes.map(({ thumbnailUrl }) => thumbnailUrl !== null)).toEqual([true, false]);
  const { url = '', thumbnailUrl } = files.nodes[0] ?? {};
  const thumbnail = thumbnailUrl ?? '';
  const response = await fetch(`${thumbnail}&width=2048&height=2048`);
  expect([response.status, response.headers.get('x-robots-tag')]).toEqual([200, 'noindex']);
  const { format, width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  expect([format, width, height]).toEqual(['webp', 256, 171]);
  expect(await leftOf(server, token)).toBe(1);
  // A signature is for one of the two, and for one file.
  const signature = new URL(thumbnail).search;
  for (const path of [`${shared.databaseId}`, `${elsewhere.databaseId}/thumbnail`])
    expect(await statusOf(`${server.url}/shares/1/files/${path}${signature}`)).toBe(401);
  expect(await statusOf(`${thumbnail.split('?')[0]}${new URL(url).search}`)).toBe(401);
  expect(await statusOf(url)).toBe(200);
  expect(await statusOf(thumbnail)).toBe(403);
  await ask(server, `mutation { revokeShareLink(input: { shareLinkId: "${id}" }) { shareLink { id } } }`);
  expect(await statusOf(thumbnail)).toBe(401);
});

test('the files, thumbnails and ZIP of a link end with the rights of its creator', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Editor', { role: 'EDITOR' });
  const picture = await sharp({ create: { width: 9, height: 6, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const { id: fileId } = await uploadFile(server, 'Task:1', { name: 'a.png', content: new Blob([picture]) });
  const links = [await createShareLink(server, {}, editor.key), await createShareLink(server, { fileId }, editor.key)];
  const urls = [];
  for (const { token } of links) {
    const { zipUrl, files } = await read(server, token);
    urls.push(zipUrl, files.nodes[0]?.url ?? '', files.nodes[0]?.thumbnailUrl ?? '');
  }
  for (const url of urls) expect(await statusOf(url)).toBe(200);
  const member = `projectId: "Project:1", userId: "${editor.id}"`;
  await ask(server, `mutation { updateProjectMember(input: { ${member}, role: VIEWER }) { project { id } } }`);
  // The link of one file has an archive without files.
  for (const url of urls) expect([url, await statusOf(url)]).toEqual([url, url === urls[3] ? 200 : 404]);
  expect(await codeOf(server, `mutation { removeUser(input: { userId: "${editor.id}" }) { user { id } } }`)).toBe(
    undefined,
  );
  for (const url of urls) expect(await statusOf(url)).toBe(401);
});
