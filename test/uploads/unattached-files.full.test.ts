import { expect, test } from 'vitest';
import { tus } from '../http/tus/client.ts';
import { attach, detach, ids, names, remove, tryUploadFiles, uploadFile, uploadFiles } from '../support/files.ts';
import { few } from '../support/length.ts';
import { newPerson } from '../support/people.ts';
import { blobs, expectTemporary } from '../support/project-usage.ts';
import { changeAtRandom } from '../support/random-changes.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const file = (name: string, size: number) => ({ name, content: 'x'.repeat(size) });
const codes = async (answer: ReturnType<typeof tryUploadFiles>) => {
  const { data, errors } = await answer;
  return errors?.map((error) => error.extensions.code) ?? data?.result.errors.map((error) => error.code);
};
const LIMIT = { MAX_USER_UNFINISHED_BYTES: '20000' };
const FULL = ['INSUFFICIENT_STORAGE'];

test('unattached files above the limit are rejected until others are attached or removed', async () => {
  await using server = await startTestServer(LIMIT);
  const { files, errors } = await uploadFiles(server, null, [file('a', 8000), file('b', 8000), file('c', 8000)]);
  expect(errors).toMatchObject([
    { index: 2, filename: 'c', code: 'INSUFFICIENT_STORAGE', message: expect.stringContaining('at most 20000 bytes') },
  ]);
  const [a = '', b = ''] = ids(files);
  expect(await codes(tryUploadFiles(server, null, [file('c', 8000)]))).toEqual(FULL);
  await attach(server, 'Task:1', [a]);
  const c = await uploadFile(server, null, file('c', 8000));
  expect(await codes(tryUploadFiles(server, null, [file('d', 8000)]))).toEqual(FULL);
  await remove(server, b);
  await uploadFile(server, null, file('d', 8000));
  await attach(server, 'Contact:1', [c.id]);
  await expectTemporary(server);
});

test('an empty unattached file counts as 4 KiB, which bounds the number of empty files', async () => {
  await using server = await startTestServer(LIMIT);
  const { files, errors } = await uploadFiles(
    server,
    null,
    Array.from({ length: 10 }, (_, index) => ({ name: `${index}`, content: '' })),
  );
  expect([files.length, errors.length]).toEqual([4, 6]);
  await expectTemporary(server);
});

test('a file that would exceed the limit stops being stored at the limit and leaves nothing', async () => {
  await using server = await startTestServer({ MAX_USER_UNFINISHED_BYTES: '1 MiB' });
  const large = { name: 'large', content: new Blob([new Uint8Array(20 * 1024 * 1024)]) };
  const { files, errors } = await uploadFiles(server, null, [large, file('small', 10), large]);
  expect(files.map(({ name }) => name)).toEqual(['small']);
  expect(errors.map(({ code }) => code)).toEqual(['INSUFFICIENT_STORAGE', 'INSUFFICIENT_STORAGE']);
  expect(await blobs(server)).toEqual({ staging: 0, blobs: 1 });
});

test('twenty concurrent uploads against a limit of two files store two', async () => {
  await using server = await startTestServer(LIMIT);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => tryUploadFiles(server, null, [file(`${index}`, 9000)])),
  );
  expect(answers.flatMap(({ data }) => data?.result.files ?? [])).toHaveLength(2);
  await expectTemporary(server);
  expect(await blobs(server)).toEqual({ staging: 0, blobs: 2 });
});

test('each user has a limit of unattached bytes, and all users together have one', async () => {
  await using server = await startTestServer({ ...LIMIT, MAX_UNFINISHED_BYTES: '30000' });
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  await uploadFile(server, null, file('a', 18_000));
  expect(await codes(tryUploadFiles(server, null, [file('b', 5000)]))).toEqual(FULL);
  await uploadFile(server, null, file('c', 8000), {}, bob.key);
  // Bob is below his own limit, but all users together are above theirs.
  expect(await codes(tryUploadFiles(server, null, [file('d', 8000)], {}, bob.key))).toEqual(FULL);
  await uploadFile(server, 'Task:1', file('e', 8000), {}, bob.key);
  await expectTemporary(server);
});

test('detaching is never rejected, and the detached bytes count for their uploader', async () => {
  await using server = await startTestServer(LIMIT);
  const { files } = await uploadFiles(server, 'Task:1', [file('a', 15_000), file('b', 15_000)]);
  await detach(server, 'Task:1', ids(files));
  expect(await names(server, 'Task:1')).toEqual([]);
  expect(await codes(tryUploadFiles(server, null, [file('c', 1)]))).toEqual(FULL);
  await expectTemporary(server);
  await attach(server, 'Task:2', ids(files));
  await uploadFile(server, null, file('c', 1));
  await expectTemporary(server);
});

test('repeatedly uploading to a project and detaching is rejected above twice the limit', async () => {
  await using server = await startTestServer({ ...LIMIT, MAX_PROJECT_BYTES: '10000' });
  const detached: string[] = [];
  for (let round = 0; round < 5; round++) {
    const { id } = await uploadFile(server, 'Task:1', file(`${round}`, 9000));
    await detach(server, 'Task:1', [id]);
    detached.push(id);
  }
  await new Promise((resolve) => setTimeout(resolve, 1100)); // the limit is checked once a second
  expect(await codes(tryUploadFiles(server, 'Task:1', [file('more', 1)]))).toEqual(FULL);
  const begun = await tus(server, 'POST', '/uploads', { 'upload-length': '1' });
  expect(begun.status).toBe(507);
  const form = new FormData();
  form.append('file', new Blob(['bytes']), 'a.txt');
  const headers = { authorization: server.key };
  const older = await fetch(`${server.url}/api/2.0/project/task/1/files`, { method: 'POST', headers, body: form });
  expect(older.status).toBe(507);
  await remove(server, detached[0] as string);
  await uploadFile(server, 'Task:1', file('more', 1));
  await expectTemporary(server);
});

test('all versions of an unattached file count for the user who uploaded them', async () => {
  await using server = await startTestServer(LIMIT);
  const first = await uploadFile(server, null, file('a', 9000));
  const second = await uploadFile(server, null, file('a', 9000), { parentId: first.id });
  expect(await codes(tryUploadFiles(server, null, [file('a', 9000)], { parentId: first.id }))).toEqual(FULL);
  await expectTemporary(server);
  await remove(server, second.id, true);
  await uploadFile(server, null, file('a', 9000), { parentId: first.id });
  await expectTemporary(server);
});

test('uploads that the older APIs attach at once do not count as unattached', async () => {
  await using server = await startTestServer(LIMIT);
  await uploadFile(server, null, file('all', 20_000));
  const form = new FormData();
  form.append('file', new Blob(['x'.repeat(30_000)]), 'attached');
  const headers = { authorization: server.key };
  const path = '/api/2.0/project/task/1/files/upload';
  const response = await fetch(server.url + path, { method: 'POST', headers, body: form });
  expect(response.status, await response.text()).toBe(201);
  expect(await names(server, 'Task:1')).toEqual(['attached']);
  await expectTemporary(server);
});

test('the recorded usage of unattached files is correct after many concurrent changes', {
  timeout: 120_000,
}, async () => {
  await using server = await startTestServer();
  const people = await Promise.all(
    ['Ada', 'Bob'].map((name) => newPerson(server as TestServer, name, { role: 'EDITOR' })),
  );
  const known: string[] = [];
  const places = ['Task:1', 'Task:2', 'Project:1', 'Contact:1'];
  const run = (key: string, seed: number) => changeAtRandom(server, { key, seed, changes: few(20, 60), places, known });
  const odd = await Promise.all([...people.map(({ key }, index) => run(key, index + 1)), run(server.key, 9)]);
  expect(odd.flat()).toEqual([]);
  await expectTemporary(server);
});
