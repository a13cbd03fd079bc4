import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { expect, test } from 'vitest';
import { begin, bytesOf, type Place, piece, tus } from '../http/tus/client.ts';
import { part, temporaryBytes } from '../http/tus/parts.ts';
import { createUploadToken } from '../sharing/guests.ts';
import { auditEntries } from '../support/audit.ts';
import { ask, codeOf, execute } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { finish, sessionToken, start } from '../support/upload-session.ts';

const LIST = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  user(id: $id) {
    unfinishedUploads(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id name contentType size receivedBytes startedAt expiresAt onId uploadToken { id }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;
const SESSIONS = `query ($id: ID!) {
  user(id: $id) { uploadSessions { totalCount nodes { id databaseId openedAt lastUsedAt pendingFiles } } }
}`;
const CANCEL = 'mutation ($id: ID!) { cancelUpload(input: { uploadId: $id }) { cancelledUploadId } }';

interface Upload {
  id: string;
  name: string;
  size: number | null;
  receivedBytes: number;
  startedAt: string;
  expiresAt: string;
  onId: string | null;
}

interface List {
  totalCount: number;
  nodes: Upload[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

const pageOf = async (server: TestServer, variables: Record<string, unknown> = {}, key?: string) =>
  (
    await ask<{ user: { unfinishedUploads: List | null } }>(
      server,
      LIST,
      { id: 'User:1', first: 'last' in variables ? null : 50, ...variables },
      key,
    )
  ).user.unfinishedUploads;

const listOf = async (server: TestServer, id = 'User:1', key?: string) =>
  (await pageOf(server, { id }, key))?.nodes ?? null;

const sessionsOf = async (server: TestServer, id = 'User:1', key?: string) =>
  (
    await ask<{
      user: { uploadSessions: { totalCount: number; nodes: { id: string; pendingFiles: number }[] } | null };
    }>(server, SESSIONS, { id }, key)
  ).user.uploadSessions;

const idOf = (path: string) => `UnfinishedUpload:${path.split('/').at(-1)}`;
const bytes = bytesOf(1000);

/** Sends a PATCH that stays open after the server has received its first half. */
async function sendHalf(place: Place, dataDir: string, path: string): Promise<ClientRequest> {
  const sending = request(new URL(path, place.url), {
    method: 'PATCH',
    headers: { authorization: `Bearer ${place.key}`, 'tus-resumable': '1.0.0', ...piece(0), 'content-length': 1000 },
  });
  sending.write(bytes.subarray(0, 500));
  while ((await runSql(dataDir, 'select 1 from resumable_uploads where lease is not null')).length === 0)
    await new Promise((resolve) => setImmediate(resolve));
  return sending;
}

test('users see their unfinished uploads, and how far they are, until each is complete', async () => {
  await using server = await startTestServer();
  expect(await listOf(server)).toEqual([]);
  const path = await begin(server, 1000, { filename: 'plan.pdf', filetype: 'application/pdf', on: 'Task:1' });
  const deferred = await tus(server, 'POST', '/uploads', { 'upload-defer-length': '1' });
  expect((await tus(server, 'PATCH', path, piece(0), bytes.subarray(0, 400))).status).toBe(204);
  const [first, second] = (await listOf(server)) ?? [];
  expect(first).toMatchObject({
    ...{ id: idOf(path), name: 'plan.pdf', contentType: 'application/pdf', onId: 'Task:1', uploadToken: null },
    ...{ size: 1000, receivedBytes: 400 },
  });
  expect(second).toMatchObject({ id: idOf(deferred.headers.get('location') ?? ''), size: null, onId: null });
  expect(Math.abs(Date.parse(first?.startedAt ?? '') - Date.now())).toBeLessThan(60_000);
  expect(Date.parse(first?.expiresAt ?? '')).toBeGreaterThan(Date.now());
  const query = 'query ($id: ID!) { node(id: $id) { id ... on UnfinishedUpload { receivedBytes } } }';
  expect(await ask(server, query, { id: idOf(path) })).toEqual({ node: { id: idOf(path), receivedBytes: 400 } });

  expect((await tus(server, 'PATCH', path, piece(400), bytes.subarray(400))).status).toBe(204);
  expect(await listOf(server)).toEqual([second]);
  expect(await codeOf(server, query, { id: idOf(path) })).toBe('NOT_FOUND');
  expect(await codeOf(server, CANCEL, { id: idOf(path) })).toBe('CONFLICT');
});

test('only the user and administrators see and cancel uploads and see sessions', async () => {
  await using server = await startTestServer();
  const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
  const bob = await newPerson(server, 'Bob', { role: 'OWNER' });
  const path = await begin({ url: server.url, key: ada.key }, 1000, { on: 'Task:1' });
  await uploadFile(server, 'Task:1', 'a', { sessionToken }, ada.key);
  const [session] = (await sessionsOf(server, ada.id, ada.key))?.nodes ?? [];
  // Neither others nor a key of an administrator that may not administer.
  const writer = await newKey(server, 'User:1', 'WRITE');
  for (const { key } of [bob, writer]) {
    expect(await listOf(server, ada.id, key)).toBeNull();
    expect(await sessionsOf(server, ada.id, key)).toBeNull();
    expect(await codeOf(server, CANCEL, { id: idOf(path) }, key)).toBe('NOT_FOUND');
    const nodes = `{ nodes(ids: ["${idOf(path)}", "${session?.id}"]) { id } }`;
    expect((await execute(server, nodes, {}, key)).data).toEqual({ nodes: [null, null] });
  }
  const reader = await newKey(server, ada.id, 'READ');
  for (const key of [ada.key, reader.key, server.key]) {
    expect(await listOf(server, ada.id, key)).toMatchObject([{ id: idOf(path) }]);
    expect(await sessionsOf(server, ada.id, key)).toMatchObject({ totalCount: 1, nodes: [{ pendingFiles: 1 }] });
  }
  expect(await codeOf(server, CANCEL, { id: idOf(path) }, reader.key)).toBe('FORBIDDEN');
  expect(await ask(server, CANCEL, { id: idOf(path) })).toEqual({ cancelUpload: { cancelledUploadId: idOf(path) } });
  expect(await listOf(server, ada.id, ada.key)).toEqual([]);
  const [entry] = await auditEntries(server, {}, 1);
  expect(entry).toMatchObject({ action: 'UPLOAD_CANCELLED', targetId: ada.id, actor: { id: 'User:1' } });
});

test('deleting an unfinished upload by tus is recorded, for guests with their token; of a complete one, nothing', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  for (const key of [server.key, token]) {
    const place = { url: server.url, key };
    const path = await begin(place, 4);
    expect((await tus(place, 'DELETE', path)).status).toBe(204);
    const [entry] = await auditEntries(server, {}, 1);
    expect(entry).toMatchObject({
      action: 'UPLOAD_CANCELLED',
      targetId: 'User:1',
      via: key === token ? 'GUEST' : 'REQUEST',
      details: { upload: path.split('/').at(-1), ...(key === token && { guest: id }) },
    });
    const complete = await begin(place, 4);
    expect((await tus(place, 'PATCH', complete, piece(0), 'abcd')).status).toBe(204);
    expect((await tus(place, 'DELETE', complete)).status).toBe(204);
    expect(await auditEntries(server, {}, 1)).toMatchObject([{ action: 'FILE_UPLOADED' }]);
  }
});

test('the place is null for those who may not see it', async () => {
  await using server = await startTestServer();
  const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
  await begin({ url: server.url, key: ada.key }, 1000, { on: 'Task:1' });
  expect(await listOf(server, ada.id, ada.key)).toMatchObject([{ onId: 'Task:1' }]);
  const remove =
    'mutation ($id: ID!) { removeProjectMember(input: { projectId: "Project:1", userId: $id }) { removedUserId } }';
  await ask(server, remove, { id: ada.id });
  expect(await listOf(server, ada.id, ada.key)).toMatchObject([{ onId: null }]);
  expect(await listOf(server, ada.id)).toMatchObject([{ onId: 'Task:1' }]);
});

test('uploads are listed in the order of their start, in pages from both ends', async () => {
  await using server = await startTestServer();
  const made: string[] = [];
  for (let i = 0; i < 5; i += 1) made.push(idOf(await begin(server, 10, { filename: `${i}` })));
  // Two that started in the same millisecond are in the order of their ids.
  await runSql(server.dataDir, 'update resumable_uploads set started_at = 5 where name in (?, ?)', '2', '3');
  const expected = ((await listOf(server)) ?? []).map(({ id }) => id);
  expect([...expected].sort()).toEqual([...made].sort());
  expect(expected.slice(0, 2)).toEqual([made[2], made[3]].sort());
  for (const forward of [true, false]) {
    const read: string[] = [];
    for (let cursor: string | null = null, more = true; more; ) {
      const page: List | null = await pageOf(
        server,
        forward ? { first: 2, after: cursor } : { last: 2, before: cursor },
      );
      if (!page) throw new Error('There is no list.');
      const ids = page.nodes.map(({ id }) => id);
      if (forward) read.push(...ids);
      else read.unshift(...ids);
      expect(page.totalCount).toBe(5);
      more = forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
      cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor;
    }
    expect(read).toEqual(expected);
  }
  expect(await codeOf(server, LIST, { id: 'User:1', first: 1, after: Buffer.from('[7]').toString('base64url') })).toBe(
    'BAD_USER_INPUT',
  );
});

test('cancelling ends a request that still sends, deletes the bytes and frees the quota, once', async () => {
  await using server = await startTestServer();
  const before = await temporaryBytes(server);
  const path = await begin(server, 1_000_000, { on: 'Task:1' });
  expect(await temporaryBytes(server)).toBe(before + 1_000_000);
  const sending = await sendHalf(server, server.dataDir, path);
  const answered = once(sending, 'response').then(
    ([response]) => response.resume().statusCode,
    (error: Error) => error.message,
  );
  const cancelled = await Promise.all([1, 2].map(() => execute(server, CANCEL, { id: idOf(path) })));
  const codes = cancelled.map(({ errors }) => errors?.[0]?.extensions.code);
  expect(codes.sort()).toEqual(['NOT_FOUND', undefined]);
  expect(await answered).not.toBe(204);
  sending.destroy();
  expect(await codeOf(server, CANCEL, { id: idOf(path) })).toBe('NOT_FOUND');
  expect((await tus(server, 'HEAD', path)).status).toBe(404);
  expect(await temporaryBytes(server)).toBe(before);
  expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  expect(await listOf(server)).toEqual([]);
});

test('the id of a tus URL is valid, and an id of another form is BAD_USER_INPUT', async () => {
  await using server = await startTestServer();
  const path = await begin(server, 10);
  expect(await codeOf(server, CANCEL, { id: path.split('/').at(-1) })).toBeUndefined();
  for (const id of ['', '1', 'Task:1', path, 'UnfinishedUpload:1'])
    expect(await codeOf(server, CANCEL, { id })).toBe('BAD_USER_INPUT');
});

test('parts are listed until they are joined', async () => {
  await using server = await startTestServer();
  const path = await part(server, bytes);
  expect(await listOf(server)).toMatchObject([{ id: idOf(path), size: 1000, receivedBytes: 1000 }]);
  expect(await codeOf(server, CANCEL, { id: idOf(path) })).toBeUndefined();
  expect(await temporaryBytes(server)).toBe(0);
});

test('uploads of guests are listed for the creator of the token, who cancels them', async () => {
  await using server = await startTestServer();
  const create = `mutation { createUploadToken(input: { on: "Task:1", expiresIn: 3600, maxFiles: 1, maxBytes: 5000 }) {
    token uploadToken { id }
  } }`;
  const { createUploadToken } = await ask<{ createUploadToken: { token: string; uploadToken: { id: string } } }>(
    server,
    create,
  );
  const guest = { url: server.url, key: createUploadToken.token };
  const path = await begin(guest, 5000);
  expect(await listOf(server)).toMatchObject([
    { id: idOf(path), onId: 'Task:1', uploadToken: createUploadToken.uploadToken },
  ]);
  expect(await codeOf(server, CANCEL, { id: idOf(path) }, guest.key)).toBe('FORBIDDEN');
  expect(await codeOf(server, CANCEL, { id: idOf(path) })).toBeUndefined();
  expect((await tus(guest, 'HEAD', path)).status).toBe(404);
  expect(await temporaryBytes(server)).toBe(0);
  await begin(guest, 5000); // The token counts the cancelled one no longer.
});

test('a session is listed with the files that wait, until it is finished, and without its token', async () => {
  await using server = await startTestServer();
  await start(server, 'an empty one');
  await uploadFiles(server, 'Task:1', ['a', 'b'], { sessionToken });
  const listed = await sessionsOf(server);
  expect(listed).toMatchObject({ totalCount: 2, nodes: [{ pendingFiles: 0 }, { pendingFiles: 2 }] });
  expect(JSON.stringify(listed)).not.toContain(sessionToken);
  await finish(server);
  expect(await sessionsOf(server)).toMatchObject({ nodes: [{ pendingFiles: 0 }] });
});
