import { expect, test } from 'vitest';
import { ask, codeOf } from '../../support/client.ts';
import { bearer } from '../../support/download.ts';
import { remove, uploadFile, uploadFiles } from '../../support/files.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const query = 'query ($fileIds: [ID!]!, $expiresIn: Int) { zipUrl(fileIds: $fileIds, expiresIn: $expiresIn) }';

const zipUrl = async (server: TestServer, fileIds: string[], expiresIn?: number, key?: string) =>
  (await ask<{ zipUrl: string }>(server, query, { fileIds, expiresIn }, key)).zipUrl;

const statusOf = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).status;

/** The names in the directory of an archive. */
async function namesIn(response: Response): Promise<string[]> {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const bytes = Buffer.from(await response.arrayBuffer());
  const names: string[] = [];
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 1))
    names.push(bytes.subarray(at + 46, at + 46 + bytes.readUInt16LE(at + 28)).toString());
  return names;
}

test('a link has the chosen files of several places, each once and in the given version and order', async () => {
  await using server = await startTestServer();
  const first = await uploadFile(server, 'Task:1', 'old.txt');
  await uploadFile(server, 'Task:1', 'new.txt', { parentId: first.id });
  const there = await uploadFile(server, 'Contact:1', 'there.txt');
  const { files } = await uploadFiles(server, 'Task:1', ['a.txt', 'not chosen.txt']);
  const chosen = [there.id, first.id, files[0]?.id ?? '', there.id];
  const url = await zipUrl(server, chosen, 60);
  const response = await fetch(url);
  expect(response.headers.get('content-disposition')).toContain('Files.zip');
  expect(await namesIn(response)).toEqual(['there.txt', 'old.txt', 'a.txt']);
  const unsigned = await zipUrl(server, chosen);
  expect(unsigned).toBe(url.split('&token=')[0]);
  expect(await statusOf(unsigned)).toBe(401);
  expect(await namesIn(await fetch(unsigned, { headers: bearer(server.key) }))).toHaveLength(3);
  await remove(server, there.id);
  expect(await statusOf(url)).toBe(404);
});

test('a link is for its files alone, and for what its user may see when it is used', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const seen = await uploadFile(server, 'Task:1', 'seen.txt');
  const draft = await uploadFile(server, 'Task:1', 'draft.txt', { available: false });
  const url = await zipUrl(server, [seen.id], 60, bob.key);
  expect(await namesIn(await fetch(url))).toEqual(['seen.txt']);
  for (const files of [`${seen.databaseId},${draft.databaseId}`, `${draft.databaseId}`])
    expect(await statusOf(url.replace(/files=[^&]*/, `files=${files}`))).toBe(401);
  const token = new URL(url).searchParams.get('token') as string;
  expect(await statusOf(`${seen.url}?token=${token}`)).toBe(401);
  expect(await statusOf(`${server.url}/files/zip?on=Task:1&token=${token}`)).toBe(401);
  expect(await statusOf(await zipUrl(server, [seen.id, draft.id], 60, bob.key))).toBe(404);
  const out =
    'mutation ($userId: ID!) { removeProjectMember(input: { projectId: "Project:1", userId: $userId }) { removedUserId } }';
  await ask(server, out, { userId: bob.id });
  expect(await statusOf(url)).toBe(404);
});

test('the number of files is bounded, and other texts than numbers are refused', async () => {
  await using server = await startTestServer();
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `File:${index + 1}`);
  const codeFor = (fileIds: string[]) => codeOf(server, query, { fileIds, expiresIn: 60 });
  expect([await codeFor(ids(500)), await codeFor(ids(501)), await codeFor([]), await codeFor(['Task:1'])]).toEqual([
    undefined,
    ...Array(3).fill('BAD_USER_INPUT'),
  ]);
  const headers = bearer(server.key);
  const numbers = ids(501).map((id) => id.slice('File:'.length));
  for (const wrong of ['', '1,', ',1', '0', '1,x', '1.5', '-1', '1%20or%201=1', `${'9'.repeat(17)}`, numbers.join()])
    expect([wrong, await statusOf(`${server.url}/files/zip?files=${wrong}`, headers)]).toEqual([wrong, 400]);
  expect(await statusOf(`${server.url}/files/zip?files=1&on=Task:1`, headers)).toBe(400);
  expect(await statusOf(`${server.url}/files/zip?files=1&files=2`, headers)).toBe(400);
  expect(await statusOf(`${server.url}/files/zip?files=1`)).toBe(401);
  expect(await statusOf(`${server.url}/files/zip?files=${numbers.slice(0, 500).join()}`, headers)).toBe(404);
});
