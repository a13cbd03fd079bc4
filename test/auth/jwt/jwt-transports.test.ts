import { expect, test } from 'vitest';
import { bytesOf, uploadByTus } from '../../http/tus/client.ts';
import { basic, call as callKanboard } from '../../legacy/kanboard.ts';
import { ask, codeOf } from '../../support/client.ts';
import { bearer, download } from '../../support/download.ts';
import { subscribeToEvents } from '../../support/events.ts';
import { uploadFile } from '../../support/files.ts';
import { sharedSecret, tokenOf } from '../../support/jwt.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { stream } from '../../support/sse-client.ts';

/** Ada is an editor of the first project, and her name is the user name of the older APIs. */
const env = { ...sharedSecret, AUTH_JWT_PROJECT_ROLES: '{"staff": {"Project:1": "EDITOR"}}' };
const tokenOfAda = (claims = {}) =>
  tokenOf('ada', { name: 'Ada', email: 'ada@example.com', groups: ['staff'], ...claims });

const signedUrlOf = async (server: TestServer, id: string, expiresIn: number, key: string): Promise<string> => {
  const query = 'query ($id: ID!, $expiresIn: Int) { file(id: $id) { url(expiresIn: $expiresIn) } }';
  return (await ask<{ file: { url: string } }>(server, query, { id, expiresIn }, key)).file.url;
};

test('a token uploads, downloads, lists and subscribes in every transport of the server', async () => {
  await using server = await startTestServer(env);
  const key = await tokenOfAda();
  await ask(server, '{ viewer { id } }', {}, key); // she becomes a member
  await using socket = await subscribeToEvents(server, 'Task:1', { key });
  await using sse = await stream(server, 'Task:1', { key });
  const file = await uploadFile(server, 'Task:1', { name: 'multipart.txt', content: 'some content' }, {}, key);
  const byTus = await uploadByTus({ url: server.url, key }, bytesOf(1000), { filename: 'tus.bin', on: 'Task:1' });
  expect(byTus.fileId).toMatch(/^File:\d+$/);
  for (const events of [socket.next, sse.nextEvent]) {
    expect((await events()).file.name).toBe('multipart.txt');
    expect((await events()).file.name).toBe('tus.bin');
  }
  expect(await (await download(server, file, { headers: bearer(key) })).text()).toBe('some content');
  const archive = await fetch(`${server.url}/files/zip?on=Task:1`, { headers: bearer(key) });
  expect([archive.status, archive.headers.get('content-type')]).toEqual([200, 'application/zip']);
  await archive.arrayBuffer();
});

test('a token is accepted by the older APIs where they take a key', async () => {
  await using server = await startTestServer(env);
  const key = await tokenOfAda();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const cor = await fetch(`${server.url}/v1/tasks/1/attachments`, { headers: bearer(key) });
  expect([cor.status, (await cor.json()).files.length]).toEqual([200, 1]);
  for (const authorization of [basic('ada@example.com', key), basic('jsonrpc', key)])
    expect(
      (await callKanboard<unknown[]>(server, 'getAllTaskFiles', { task_id: 1 }, authorization)).result,
    ).toHaveLength(1);
  const other = await callKanboard(server, 'getAllTaskFiles', { task_id: 1 }, basic('administrator', key));
  expect(other.result).toBeUndefined();
  for (const authorization of [basic('ada@example.com', key), basic(key, ''), `Bearer ${key}`, key]) {
    const office = await fetch(`${server.url}/api/2.0/project/task/1/files`, { headers: { authorization } });
    expect([authorization, office.status]).toEqual([authorization, 200]);
    expect((await office.json()).response).toMatchObject([{ id: file.databaseId }]);
  }
  const worksection = await fetch(`${server.url}/api/admin/v2/?action=get_files&id_project=1`, {
    headers: bearer(key),
  });
  expect((await worksection.json()).status).toBe('ok');
});

/** A request with credentials, for each endpoint that takes a key. */
const requests: Record<string, (key: string) => [path: string, init: RequestInit]> = {
  GraphQL: (key) => ['/graphql?query={viewer{id}}', { headers: bearer(key) }],
  'an event stream': (key) => [
    '/graphql?query=subscription{fileAdded(on:"Task:1"){cursor}}',
    { headers: { ...bearer(key), accept: 'text/event-stream' } },
  ],
  tus: (key) => [
    '/uploads',
    { method: 'POST', headers: { ...bearer(key), 'tus-resumable': '1.0.0', 'upload-length': '1' } },
  ],
  'a download': (key) => ['/files/1/content', { headers: bearer(key) }],
  'a thumbnail': (key) => ['/files/1/thumbnail?width=9&height=9', { headers: bearer(key) }],
  'an archive': (key) => ['/files/zip?on=Task:1', { headers: bearer(key) }],
  COR: (key) => ['/v1/tasks/1/attachments', { headers: bearer(key) }],
  Kanboard: (key) => [
    '/jsonrpc.php',
    {
      method: 'POST',
      headers: { authorization: basic('jsonrpc', key), 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","method":"getAllTaskFiles","id":1,"params":{"task_id":1}}',
    },
  ],
  ONLYOFFICE: (key) => ['/api/2.0/project/task/1/files', { headers: { authorization: basic('x', key) } }],
};

test.each(Object.entries(requests))(
  '%s refuses a token with a wrong signature, and one that has expired',
  async (_name, requestOf) => {
    await using server = await startTestServer(env);
    const good = await tokenOfAda();
    const statusOf = async (key: string) => {
      const [path, init] = requestOf(key);
      const response = await fetch(server.url + path, init);
      await response.body?.cancel();
      return response.status;
    };
    expect(await statusOf(good)).not.toBe(401);
    expect(await statusOf(`${good.slice(0, -10)}${'A'.repeat(10)}`)).toBe(401);
    expect(await statusOf(await tokenOfAda({ exp: Math.floor(Date.now() / 1000) - 60 }))).toBe(401);
  },
);

test('a link that is made with a token outlives the token, and ends with its user', async () => {
  await using server = await startTestServer({ ...env, AUTH_JWT_CLOCK_TOLERANCE_SECONDS: '0' });
  const lasting = await tokenOfAda();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const short = await tokenOf('ada', { groups: ['staff'], iat: 1 }, { expiresIn: 4 });
  await ask(server, '{ viewer { id } }', {}, lasting);
  const link = await signedUrlOf(server, file.id, 3600, short);
  await expect.poll(() => codeOf(server, '{ viewer { id } }', {}, short)).toBe('UNAUTHENTICATED');
  expect((await fetch(link)).status).toBe(200);
  // The signature of a user's link is none of the key with the same number, nor of another user.
  const [owner = '', ...rest] = (new URL(link).searchParams.get('token') ?? '').split('.');
  expect(owner).toMatch(/^u\d+$/);
  for (const changed of [owner.slice(1), 'u1', '1', `u0${owner.slice(1)}`])
    expect([changed, (await fetch(`${file.url}?token=${[changed, ...rest].join('.')}`)).status]).toEqual([
      changed,
      401,
    ]);
  const userId = `User:${owner.slice(1)}`;
  const remove = `mutation ($userId: ID!) { removeProjectMember(input: { projectId: "Project:1", userId: $userId }) { removedUserId } }`;
  await ask(server, remove, { userId });
  expect((await fetch(link)).status).toBe(404);
});

const createKey = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { expiresAt scope } } }`;

test('a key that is made with a token ends with the token, unless AUTH_JWT_KEY_DAYS allows more', async () => {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const end = new Date((exp + 5) * 1000);
  const token = await tokenOfAda({ exp });
  type Made = { createApiKey: { key: string; apiKey: { expiresAt: string } } };
  const make = (server: TestServer, expiresAt?: Date) =>
    ask<Made>(server, createKey, { input: { name: 'k', expiresAt: expiresAt?.toISOString() } }, token);
  {
    await using server = await startTestServer(env);
    const { createApiKey } = await make(server);
    expect(createApiKey.apiKey.expiresAt).toBe(end.toISOString());
    await expect(make(server, new Date(end.getTime() + 1000))).rejects.toThrow('BAD_USER_INPUT');
    expect(await codeOf(server, createKey, { input: { name: 'k', scope: 'ADMIN' } }, token)).toBe('FORBIDDEN');
  }
  await using server = await startTestServer({ ...env, AUTH_JWT_KEY_DAYS: '30' });
  const month = Date.now() + 30 * 86_400_000;
  const expiresAt = Date.parse((await make(server)).createApiKey.apiKey.expiresAt);
  expect(expiresAt).toBeGreaterThanOrEqual(month);
  await expect(make(server, new Date(expiresAt + 86_400_000))).rejects.toThrow('BAD_USER_INPUT');
});
