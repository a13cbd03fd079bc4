import { mkdtempDisposable, readdir, statfs } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { begin, bytesOf, offsetOf, piece, tus } from '../http/tus/client.ts';
import { base64, call as kanboard } from '../legacy/kanboard.ts';
import { attachments, newSigningKey, call as worksection } from '../legacy/worksection-calls.ts';
import { smallDisk } from '../storage/small-disk.ts';
import { ask, codeOf } from '../support/client.ts';
import { dropDatabases } from '../support/database.ts';
import { attach, detach, names, remove, tryUploadFiles, update, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { expectTemporary } from '../support/project-usage.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const MIB = 1024 * 1024;
/** More than any disk has, so that every disk counts as nearly full. */
const LOW = { MIN_FREE_BYTES: '1000 TiB' };

afterAll(dropDatabases);

/** A minimum of which the disk of the tests has two thirds. */
async function slightlyMore(): Promise<Record<string, string>> {
  const { bavail, bsize } = await statfs(tmpdir());
  return { MIN_FREE_BYTES: String(Math.floor(bavail * bsize * 1.5)) };
}

/**
 * Fills a server while there is enough space, then starts another on the same data with too
 * little.
 */
async function below<T>(fill: (server: TestServer) => Promise<T>, low: Record<string, string> = LOW) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'attache-floor-'));
  const env = { DATA_DIR: folder.path };
  const first = await startTestServer(env);
  const filled = await fill(first);
  await first[Symbol.asyncDispose]();
  const server = await startTestServer({ ...env, ...low });
  return {
    server,
    filled,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
}

const leavesNothing = async (server: TestServer, blobs: number) => {
  const stored = await server.stored();
  expect({ staging: stored.staging, blobs: stored.blobs.length }).toEqual({ staging: [], blobs });
};

describe('below the minimum of free space', () => {
  test('GraphQL and tus uploads fail with INSUFFICIENT_STORAGE and leave nothing', async () => {
    await using at = await below((server) => begin(server, 10));
    const { server, filled: path } = at;
    for (const on of ['Task:1', 'Contact:1', null]) {
      const { errors } = await tryUploadFiles(server, on, ['a']);
      expect(errors).toMatchObject([{ extensions: { code: 'INSUFFICIENT_STORAGE' } }]);
    }
    const inline =
      'mutation { createTaskFile(input: { taskId: "Task:1", filename: "b", blob: "YQ" }) { file { id } } }';
    await expect(ask(server, inline)).rejects.toThrow('INSUFFICIENT_STORAGE');
    const created = await tus(server, 'POST', '/uploads', { 'upload-length': '5' });
    expect([created.status, await created.json()]).toMatchObject([507, { error: { code: 'INSUFFICIENT_STORAGE' } }]);
    expect((await tus(server, 'PATCH', path, piece(0), bytesOf(5))).status).toBe(507);
    expect(await offsetOf(server, path)).toBe(0);
    await leavesNothing(server, 0);
    expect(await readdir(join(server.dataDir, 'files', 'unfinished'))).toEqual([]);
  });

  test('the older APIs reject files in their own error formats and leave nothing', async () => {
    await using at = await below((server) => newSigningKey(server));
    const { server, filled: signing } = at;
    const form = new FormData();
    form.append('file', new Blob(['bytes']), 'a.txt');
    const post = (path: string, authorization: string) =>
      fetch(server.url + path, { method: 'POST', headers: { authorization }, body: form });
    for (const path of ['/api/2.0/project/task/1/files/upload', '/api/2.0/project/task/1/files'])
      expect((await post(path, server.key)).status).toBe(507);
    expect((await post('/v1/tasks/1/attachments', `Bearer ${server.key}`)).status).toBe(503);
    const blob = { project_id: 1, task_id: 1, filename: 'a.txt', blob: base64('bytes') };
    expect((await kanboard(server, 'createTaskFile', blob)).error).toMatchObject({
      message: expect.stringContaining('no space'),
    });
    for (const query of ['action=post_task&id_project=1&title=T', 'action=post_project&title=P']) {
      const { body } = await worksection(server, query, attachments('a.txt'), signing.key);
      expect(body).toMatchObject({ status: 'error', message_details: expect.stringContaining('no space') });
    }
    await leavesNothing(server, 0);
  });

  test('lists, downloads, attaching, renaming, detaching, removing and creating still work', async () => {
    await using at = await below(
      async (server) => ({
        file: await uploadFile(server, 'Task:1', 'content'),
        finished: await begin(server, 0, { on: 'Task:2' }),
      }),
      await slightlyMore(),
    );
    const { server, filled } = at;
    const { file, finished } = filled;
    expect(await names(server, 'Task:1')).toEqual(['content']);
    const headers = { authorization: `Bearer ${server.key}` };
    expect(await (await fetch(`${server.url}/files/${file.databaseId}/content`, { headers })).text()).toBe('content');
    await attach(server, 'Contact:1', [file.id]);
    await update(server, { fileId: file.id, name: 'renamed' });
    await detach(server, 'Task:1', [file.id]);
    const key = '{ createTask(input: { projectId: "Project:1", title: "T", idempotencyKey: "k" }) { task { id } } }';
    await ask(server, `mutation ${key}`);
    const json = { body: JSON.stringify({ files: [file.databaseId] }) };
    const attached = await fetch(`${server.url}/api/2.0/project/task/1/files`, {
      method: 'POST',
      ...json,
      headers: { authorization: server.key, 'content-type': 'application/json' },
    });
    expect(attached.status, await attached.text()).toBe(201);
    const { key: signing } = await newSigningKey(server);
    const init = { method: 'POST', body: form() };
    const { body } = await worksection(server, 'action=post_task&id_project=1&title=T', init, signing);
    expect(body).toMatchObject({ status: 'ok' });
    // All bytes of this upload were received before.
    expect((await tus(server, 'HEAD', finished)).headers.get('attache-file-id')).toMatch(/^File:/);
    await remove(server, file.id);
    await expectTemporary(server);
  });

  test('thumbnails are rendered but not stored', async () => {
    const create = { width: 60, height: 30, channels: 3, background: '#c33' } as const;
    const content = new Blob([new Uint8Array(await sharp({ create }).png().toBuffer())]);
    await using at = await below((server) => uploadFile(server, 'Task:1', { name: 'a.png', content }));
    const { server, filled: file } = at;
    const headers = { authorization: `Bearer ${server.key}` };
    const response = await fetch(`${server.url}/files/${file.databaseId}/thumbnail`, { headers });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(await readdir(join(server.dataDir, 'files'))).not.toContain('derived');
  });
});

/** What users may do without a limit of its own, each of which adds rows. */
const additions = [
  'createApiKey(input: { name: "k" }) { key }',
  'createCase(input: { title: "C" }) { case { id } }',
  'createComment(input: { taskId: "Task:1", body: "b" }) { comment { id } }',
  'createContact(input: { displayName: "C" }) { contact { id } }',
  'createOpportunity(input: { title: "O" }) { opportunity { id } }',
  'createProject(input: { title: "P" }) { project { id } }',
  'createShareLink(input: { on: "Task:1", expiresIn: 60 }) { token }',
  'createTask(input: { projectId: "Project:1", title: "T", idempotencyKey: "k" }) { task { id } }',
  'createUploadToken(input: { on: "Task:1", expiresIn: 60 }) { token }',
  'attachEntityFiles(input: { entityId: "Contact:1", fileIds: ["File:1"] }) { filesCount }',
  'moveFiles(input: { from: "Task:1", to: "Contact:1", fileIds: ["File:1"] }) { files { id } }',
  'startUploadSession(input: {}) { sessionToken }',
  'updateFile(input: { fileId: "File:1", name: "b" }) { file { id } }',
  'updateTask(input: { taskId: "Task:1", description: "d" }) { task { id } }',
  'updateUser(input: { userId: "User:1", title: "t" }) { user { id } }',
];

describe('below half of the minimum of free space', () => {
  test('users add no rows either, but read, download and remove', async () => {
    await using at = await below(async (server) => {
      const { key } = await newPerson(server, 'Bob', { role: 'EDITOR' });
      await ask(server, 'mutation { createUploadToken(input: { on: "Task:1", expiresIn: 60 }) { token } }');
      return { key, file: await uploadFile(server, 'Task:1', 'content'), unfinished: await begin(server, 10) };
    });
    const { server, filled } = at;
    for (const addition of additions)
      expect([addition, await codeOf(server, `mutation { ${addition} }`)]).toEqual([addition, 'INSUFFICIENT_STORAGE']);
    const headers = { authorization: `Bearer ${filled.key}` };
    expect((await fetch(`${server.url}/files/${filled.file.databaseId}/content`, { headers })).status).toBe(200);
    expect((await tus(server, 'DELETE', filled.unfinished)).status).toBe(204);
    for (const removal of [
      'detachFiles(input: { from: "Task:1", fileIds: ["File:1"] }) { __typename }',
      'removeFile(input: { fileId: "File:1" }) { __typename }',
      'revokeUploadToken(input: { uploadTokenId: "UploadToken:1" }) { uploadToken { id } }',
      'removeProjectMember(input: { projectId: "Project:1", userId: "User:2" }) { __typename }',
      'disableUser(input: { userId: "User:2" }) { user { id } }',
      'removeUser(input: { userId: "User:2" }) { user { id } }',
      'deleteTask(input: { taskId: "Task:1" }) { __typename }',
    ])
      await ask(server, `mutation { ${removal} }`);
  });
});

const form = () => {
  const fields = new FormData();
  fields.append('text', 'without files');
  return fields;
};

test('an upload in progress stops when it reaches the minimum of free space and leaves nothing', async (context) => {
  await using disk = await smallDisk(context, 'size=64m');
  await using server = await startTestServer({ DATA_DIR: disk.path, MIN_FREE_BYTES: '30 MiB' });
  const large = { name: 'large', content: new Blob([new Uint8Array(50 * MIB)]) };
  const { data, errors } = await tryUploadFiles(server, 'Task:1', [large]);
  expect(errors?.[0]?.extensions.code ?? data?.result.errors[0]?.code).toBe('INSUFFICIENT_STORAGE');
  await leavesNothing(server, 0);
});

test('a tus upload that reaches the minimum of free space keeps its bytes and resumes when there is enough space', async (context) => {
  await using disk = await smallDisk(context, 'size=64m');
  const env = { DATA_DIR: disk.path, MIN_FREE_BYTES: '30 MiB', MAX_USER_UNFINISHED_BYTES: '1 GiB' };
  await using server = await startTestServer({ ...env, MAX_UNFINISHED_BYTES: '1 GiB' });
  const path = await begin(server, 50 * MIB, { on: 'Task:1' });
  expect(await patchAll(server, path, bytesOf(50 * MIB))).toBe(507);
  const kept = await offsetOf(server, path);
  expect(kept).toBeGreaterThan(10 * MIB);
  expect(kept).toBeLessThan(40 * MIB);
  disk.grow('size=200m');
  await new Promise((resolve) => setTimeout(resolve, 1100)); // free space is cached for this long
  const rest = bytesOf(50 * MIB).subarray(kept);
  expect((await tus(server, 'PATCH', path, piece(kept), rest)).status).toBe(204);
  expect(await names(server, 'Task:1')).toEqual(['a.bin']);
});

/** Sends all bytes, even when the server responds before the last one. */
function patchAll(server: TestServer, path: string, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${server.key}`, 'tus-resumable': '1.0.0', ...piece(0) };
    const sending = request(new URL(path, server.url), { method: 'PATCH', headers });
    sending.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
    sending.end(bytes);
  });
}
