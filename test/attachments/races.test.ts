import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { codeOf } from '../support/client.ts';
import { bearer, download, sha256 } from '../support/download.ts';
import {
  attachQuery,
  detachQuery,
  fileOf,
  fileQuery,
  ids,
  moveQuery,
  names,
  remove,
  removeQuery,
  tryUploadFiles,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { newProject, usageOf } from '../support/project-usage.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const times = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

/** Checks that no file is left over and that the usage of every project is correct. */
async function expectOrder(
  server: TestServer,
  { blobs, projects = ['Project:1'] }: { blobs: number; projects?: string[] },
) {
  const stored = await server.stored();
  expect([stored.staging.length, stored.blobs.length]).toEqual([0, blobs]);
  for (const project of projects) {
    const { reported, counted } = await usageOf(server, project);
    expect(reported).toEqual(counted);
  }
}

test('two concurrent uploads to the same parent get different version numbers', async () => {
  await using server = await startTestServer();
  const { id: parentId } = await uploadFile(server, 'Task:1', 'v1');
  const [one, two] = await times(2, (index) => uploadFile(server, 'Task:1', `next ${index}`, { parentId }));
  expect([one?.version, two?.version].toSorted()).toEqual([2, 3]);
  expect(await names(server, 'Task:1')).toHaveLength(1);
  await expectOrder(server, { blobs: 3 });
});

test('concurrent uploads to several versions of one file get consecutive numbers, and the last is the newest', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
  const made = await times(12, (index) =>
    uploadFile(server, index % 2 ? 'Task:1' : null, `next ${index}`, { parentId: index % 3 ? v1.id : v2.id }),
  );
  expect(made.map((file) => file.version).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, i) => i + 3),
  );
  const newest = made.find((file) => file.version === 14);
  expect(await names(server, 'Task:1')).toEqual([newest?.name]);
  expect((await fileOf(server, v1.id)).versions.map(({ version }) => version)).toEqual(
    Array.from({ length: 14 }, (_, i) => 14 - i),
  );
  await expectOrder(server, { blobs: 14 });
});

test('attaching stored files concurrently does not exceed the file quota', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '5' });
  const { files } = await uploadFiles(
    server,
    null,
    Array.from({ length: 12 }, (_, index) => `${index}`),
  );
  const on = ['Project:1', 'Task:1', 'Comment:1'];
  const codes = await times(12, (index) =>
    codeOf(server, attachQuery(on[index % 3] ?? ''), { fileIds: [files[index]?.id] }),
  );
  expect(codes.filter((code) => code === undefined)).toHaveLength(5);
  expect(codes.filter((code) => code === 'INSUFFICIENT_STORAGE')).toHaveLength(7);
  expect(await names(server, 'Project:1', 'include: TASKS')).toHaveLength(5);
  await expectOrder(server, { blobs: 12 });
});

test('concurrent uploads, versions and attachments do not exceed the byte quota', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '100' });
  const { id: parentId } = await uploadFile(server, 'Task:1', { name: 'v1', content: 'x'.repeat(10) });
  const { files } = await uploadFiles(
    server,
    null,
    Array.from({ length: 8 }, (_, i) => ({ name: `s${i}`, content: 'x'.repeat(10) })),
  );
  await Promise.all([
    times(8, (i) => tryUploadFiles(server, 'Task:2', [{ name: `u${i}`, content: 'x'.repeat(10) }])),
    times(8, (i) => tryUploadFiles(server, 'Task:1', [{ name: `v${i}`, content: 'x'.repeat(10) }], { parentId })),
    times(8, (i) => codeOf(server, attachQuery('Comment:1'), { fileIds: [files[i]?.id] })),
  ]);
  expect((await usageOf(server)).reported.bytes).toBe(100);
  const { reported, counted } = await usageOf(server);
  expect(reported).toEqual(counted);
  expect((await server.stored()).staging).toEqual([]);
});

test('a download in progress completes when its file is removed, and later downloads return 404', async () => {
  await using server = await startTestServer();
  const content = randomBytes(24 * 1024 ** 2);
  const file = await uploadFile(server, 'Task:1', { name: 'large.bin', content: new Blob([content]) });
  const request = get(`${server.url}/files/${file.databaseId}/content`, { headers: bearer(server.key) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(await remove(server, file.id)).toEqual([file.id]);
  expect((await download(server, file)).status).toBe(404);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  expect(sha256(Buffer.concat(chunks))).toBe(file.sha256);
  await expectOrder(server, { blobs: 0 });
});

test('a download in progress completes when its version is removed', async () => {
  await using server = await startTestServer();
  const content = randomBytes(24 * 1024 ** 2);
  const v1 = await uploadFile(server, 'Task:1', { name: 'v1.bin', content: new Blob([content]) });
  const v2 = await uploadFile(server, 'Task:1', 'v2', { parentId: v1.id });
  const request = get(`${server.url}/files/${v1.databaseId}/content`, { headers: bearer(server.key) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await remove(server, v1.id, true);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  expect(sha256(Buffer.concat(chunks))).toBe(v1.sha256);
  expect((await fileOf(server, v2.id)).versions).toHaveLength(1);
});

test('concurrent attaches and detaches each succeed as a whole or fail, and the usage stays correct', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, 'Contact:1', ['a', 'b', 'c']);
  const fileIds = ids(files);
  const codes = await times(30, (index) =>
    index % 2
      ? codeOf(server, detachQuery, { from: 'Task:1', fileIds })
      : codeOf(server, attachQuery('Task:1'), { fileIds }),
  );
  for (const [index, code] of codes.entries())
    expect([undefined, index % 2 ? 'BAD_USER_INPUT' : undefined]).toContain(code);
  expect([0, 3]).toContain((await names(server, 'Task:1')).length);
  expect(await names(server, 'Contact:1')).toEqual(['a', 'b', 'c']);
  await expectOrder(server, { blobs: 3 });
});

test('a file removed while it is being attached is attached nowhere', async () => {
  await using server = await startTestServer();
  for (let round = 0; round < 5; round += 1) {
    const { id } = await uploadFile(server, null, `file ${round}`);
    const [gone, ...codes] = await Promise.all([
      codeOf(server, removeQuery, { fileId: id }),
      ...['Task:1', 'Task:2', 'Project:1'].map((on) => codeOf(server, attachQuery(on), { fileIds: [id] })),
    ]);
    expect(gone).toBeUndefined();
    for (const code of codes) expect([undefined, 'NOT_FOUND']).toContain(code);
    expect(await codeOf(server, fileQuery, { id })).toBe('NOT_FOUND');
  }
  expect(await names(server, 'Project:1', 'include: TASKS')).toEqual([]);
  await expectOrder(server, { blobs: 0 });
});

test('of concurrent removals of the same file one succeeds and the others fail with NOT_FOUND', async () => {
  await using server = await startTestServer();
  for (const onlyThisVersion of [false, true]) {
    const { id: fileId } = await uploadFile(server, 'Task:1', 'a');
    const codes = await times(4, () => codeOf(server, removeQuery, { fileId, onlyThisVersion }));
    expect(codes.toSorted()).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', undefined]);
  }
  await expectOrder(server, { blobs: 0 });
});

test('removing several versions concurrently leaves the remaining versions in order', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  const { files } = await uploadFiles(server, 'Task:1', ['v2', 'v3', 'v4', 'v5'], { parentId: v1.id });
  const [, v3, v4, v5] = files;
  const codes = await Promise.all(
    [v3, v4, v5].map((file) => codeOf(server, removeQuery, { fileId: file?.id, onlyThisVersion: true })),
  );
  expect(codes).toEqual([undefined, undefined, undefined]);
  expect((await fileOf(server, v1.id)).versions.map(({ version }) => version)).toEqual([2, 1]);
  expect(await names(server, 'Task:1')).toEqual(['v2']);
  await expectOrder(server, { blobs: 2 });
});

test('removing a file while a version is uploaded removes that version too, or rejects the upload', async () => {
  await using server = await startTestServer();
  for (let round = 0; round < 5; round += 1) {
    const { id } = await uploadFile(server, 'Task:1', 'v1');
    const [upload, gone] = await Promise.all([
      tryUploadFiles(server, null, ['v2'], { parentId: id }),
      codeOf(server, removeQuery, { fileId: id }),
    ]);
    expect(gone).toBeUndefined();
    expect([undefined, 'NOT_FOUND', 'CONFLICT']).toContain(upload.errors?.[0]?.extensions.code);
  }
  expect(await names(server, null)).toEqual([]);
  await expectOrder(server, { blobs: 0 });
});

test('a file moved concurrently to several targets ends up attached to exactly one', async () => {
  await using server = await startTestServer();
  const other = await newProject(server);
  const { id } = await uploadFile(server, 'Task:1', 'a');
  const targets = ['Task:2', 'Contact:1', other, 'Comment:1'];
  const codes = await Promise.all(
    targets.map((to) => codeOf(server, moveQuery, { from: 'Task:1', to, fileIds: [id] })),
  );
  expect(codes.toSorted()).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', 'BAD_USER_INPUT', undefined]);
  expect(ids((await fileOf(server, id)).attachedTo)).toEqual([targets[codes.indexOf(undefined)]]);
  await expectOrder(server, { blobs: 1, projects: ['Project:1', other] });
});

test('deleting a task during uploads to it leaves no file behind', async () => {
  await using server = await startTestServer();
  const [gone, ...uploads] = await Promise.all([
    codeOf(server, 'mutation { deleteTask(input: { taskId: "Task:2" }) { deletedId } }'),
    ...Array.from({ length: 10 }, (_, index) => tryUploadFiles(server, 'Task:2', [`${index}`])),
  ]);
  expect(gone).toBeUndefined();
  for (const { errors } of uploads) expect([undefined, 'NOT_FOUND']).toContain(errors?.[0]?.extensions.code);
  expect(await names(server, null)).toEqual([]);
  await expectOrder(server, { blobs: 0 });
});

test('concurrent attaches of the same files to one task create one attachment each and count once', async () => {
  await using server = await startTestServer();
  const { files } = await uploadFiles(server, null, ['a', 'b']);
  const fileIds = ids(files);
  const codes = await times(10, (index) =>
    codeOf(server, attachQuery('Task:1'), { fileIds: index % 2 ? fileIds : fileIds.toReversed() }),
  );
  expect(new Set(codes)).toEqual(new Set([undefined]));
  expect(await names(server, 'Task:1')).toHaveLength(2);
  await expectOrder(server, { blobs: 2 });
  expect((await usageOf(server)).reported).toEqual({ bytes: 2, files: 2 });
});
