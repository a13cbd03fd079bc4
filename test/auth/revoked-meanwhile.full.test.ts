import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { begin, bytesOf, piece, tus } from '../http/tus/client.ts';
import { createUploadToken } from '../sharing/guests.ts';
import { createShareLink, readShare } from '../sharing/share-guests.ts';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { newPerson, revokeApiKey } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Longer than a request whose credentials are not looked up again. */
const LONG_MS = 5500;

const disableUser = 'mutation ($userId: ID!) { disableUser(input: { userId: $userId }) { user { id } } }';
const files = '{ task(id: "Task:1") { files { nodes { name } } } }';

const bodyOf = async (sent: ClientRequest): Promise<string> => {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return (await response.toArray()).join('');
};

/** Begins a multipart upload. The returned function sends the rest, and returns the response. */
function beginForm({ graphqlUrl }: TestServer, key: string, name: string, query: string, variables: object) {
  const boundary = 'the-boundary';
  const field = (part: string, value: unknown) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${part}"\r\n\r\n${JSON.stringify(value)}\r\n`;
  const sent = request(graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
  sent.write(
    field('operations', { query, variables: { ...variables, files: [null] } }) +
      field('map', { 0: ['variables.files.0'] }) +
      `--${boundary}\r\ncontent-disposition: form-data; name="0"; filename="${name}"\r\n\r\nbegin`,
  );
  return async () => {
    const body = bodyOf(sent);
    sent.end(`end\r\n--${boundary}--\r\n`);
    return JSON.parse(await body) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  };
}

const upload = `mutation ($files: [Upload!]!, $key: String) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files, idempotencyKey: $key }) { files { id } }
}`;
const create = `mutation ($files: [Upload!]!) {
  createTask(input: { projectId: "Project:1", title: "new", files: $files }) { task { id } }
}`;

test.concurrent('a long upload is not stored when its key was revoked or its user disabled, and is when the key expired', async () => {
  await using server = await startTestServer({ SMALL_FILE_SIZE: '0' });
  const [revoked, disabled, expired] = [
    await newPerson(server, 'A', { role: 'EDITOR' }),
    await newPerson(server, 'B', { role: 'EDITOR' }),
    await newPerson(server, 'C', { role: 'EDITOR' }),
  ];
  const short =
    'mutation ($at: DateTime!) { createApiKey(input: { name: "short", scope: WRITE, expiresAt: $at }) { key } }';
  const { createApiKey } = await ask<{ createApiKey: { key: string } }>(
    server,
    short,
    { at: new Date(Date.now() + 3000) },
    expired.key,
  );
  const [plain, repeatable, inTask, ofDisabled, ofExpired] = [
    beginForm(server, revoked.key, 'plain', upload, {}),
    beginForm(server, revoked.key, 'repeatable', upload, { key: 'once' }),
    beginForm(server, revoked.key, 'in a task', create, {}),
    beginForm(server, disabled.key, 'of a disabled user', upload, {}),
    beginForm(server, createApiKey.key, 'of an expired key', upload, {}),
  ] as const;
  await pause(LONG_MS);
  await ask(server, revokeApiKey, { apiKeyId: revoked.keyId });
  await ask(server, disableUser, { userId: disabled.id });
  for (const finish of [plain, repeatable, inTask, ofDisabled])
    expect((await finish()).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect((await ofExpired()).errors).toBeUndefined();
  expect(await ask(server, files)).toEqual({ task: { files: { nodes: [{ name: 'of an expired key' }] } } });
  expect(await ask(server, '{ projects { nodes { tasks { totalCount } } } }')).toEqual({
    projects: { nodes: [{ tasks: { totalCount: 2 } }] },
  });
  const { staging, blobs } = await server.stored();
  expect([staging, blobs.length]).toEqual([[], 1]);
});

test.concurrent('a long PATCH ends with 401 when its key was revoked, and makes no file', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const path = await begin({ url: server.url, key: bob.key }, 10, { on: 'Task:1' });
  const sent = request(`${server.url}${path}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${bob.key}`, 'tus-resumable': '1.0.0', ...piece(0) },
  });
  sent.write('begin');
  await pause(LONG_MS);
  await ask(server, revokeApiKey, { apiKeyId: bob.keyId });
  const ended = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end('finis');
  const [response] = await ended;
  response.resume();
  expect(response.statusCode).toBe(401);
  expect(await ask(server, files)).toEqual({ task: { files: { nodes: [] } } });
  expect((await tus({ url: server.url, key: bob.key }, 'HEAD', path)).status).toBe(401);
});

test.concurrent('downloads break off when their key, share link or user ends', { timeout: 120_000 }, async () => {
  await using server = await startTestServer();
  const { databaseId } = await uploadFile(server, 'Task:1', {
    name: 'large',
    content: new Blob([bytesOf(40_000_000)]),
  });
  const [bob, eve] = [
    await newPerson(server, 'Bob', { role: 'VIEWER' }),
    await newPerson(server, 'Eve', { role: 'VIEWER' }),
  ];
  const link = await createShareLink(server);
  const shared = (await readShare(server, link.token)).data?.share.files.nodes[0]?.url ?? '';
  /** Reads the first bytes. The returned function reads the others, and returns how many. */
  const open = async (url: string, key?: string) => {
    const response = await fetch(new URL(url, server.url), key ? { headers: { authorization: `Bearer ${key}` } } : {});
    expect(response.status).toBe(200);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let bytes = (await reader.read()).value?.length ?? 0;
    return async () => {
      for (let read = await reader.read(); !read.done; read = await reader.read()) bytes += read.value.length;
      return bytes;
    };
  };
  const content = `/files/${databaseId}/content`;

  const [file, archive, ofLink, ofEve, valid] = await Promise.all([
    open(content, bob.key),
    open('/files/zip?on=Task:1', bob.key),
    open(shared),
    open(content, eve.key),
    open(content, server.key),
  ]);
  await ask(server, revokeApiKey, { apiKeyId: bob.keyId });
  await ask(server, 'mutation ($id: ID!) { revokeShareLink(input: { shareLinkId: $id }) { shareLink { id } } }', {
    id: link.id,
  });
  await ask(server, disableUser, { userId: eve.id });

  await pause(11_000);

  for (const rest of [file, archive, ofLink, ofEve]) await expect(rest()).rejects.toThrow();
  expect(await valid()).toBe(40_000_000);
});

test.concurrent('an upload token that is revoked ends a long PATCH of its guest', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  const path = await begin({ url: server.url, key: token }, 10);
  const sent = request(`${server.url}${path}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...piece(0) },
  });
  sent.write('begin');
  await pause(200);
  const revoke = 'mutation ($id: ID!) { revokeUploadToken(input: { uploadTokenId: $id }) { uploadToken { id } } }';
  await ask(server, revoke, { id });
  const ended = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end('finis');
  expect((await ended)[0].statusCode).toBe(401);
});
