import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { ask, codeOf, errorOf, executeWithFiles } from '../support/client.ts';
import {
  attach,
  attachQuery,
  ids,
  move,
  moveQuery,
  names,
  remove,
  tryUploadFiles,
  uploadErrorOf,
  uploadFile,
  uploadFiles,
} from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { blobs, expectUsage, limit, newProject } from '../support/project-usage.ts';
import { startTestServer } from '../support/server.ts';

const full = (index: number, filename: string) => ({
  index,
  filename,
  code: 'INSUFFICIENT_STORAGE',
  message: expect.stringContaining(filename),
});

test.each(['Project:1', 'Task:1', 'Comment:1'])(
  'MAX_PROJECT_FILES: only the files above the limit of the project of %s are rejected',
  async (on) => {
    await using server = await startTestServer({ MAX_PROJECT_FILES: '2' });
    const { files, filesCount, errors } = await uploadFiles(server, on, ['a', 'b', 'c']);
    expect(files.map((file) => file.name)).toEqual(['a', 'b']);
    expect({ filesCount, errors }).toEqual({ filesCount: 2, errors: [full(2, 'c')] });
    expect(await uploadFiles(server, on, ['d'])).toMatchObject({
      files: [],
      fileEdges: [],
      filesCount: 2,
      errors: [full(0, 'd')],
    });
    expect(await names(server, on)).toEqual(['a', 'b']);
    await expectUsage(server, 2, 2);
    expect(await blobs(server)).toEqual({ staging: 0, blobs: 2 });
  },
);

test('MAX_PROJECT_BYTES: a file that is too large is rejected, and the files that fit are stored', async () => {
  await using server = await startTestServer({ MAX_PROJECT_BYTES: '10' });
  const { files, errors } = await uploadFiles(server, 'Task:1', ['sixsix', 'sevenss', 'four', 'e']);
  expect(files.map((file) => file.name)).toEqual(['sixsix', 'four']);
  expect(errors).toEqual([full(1, 'sevenss'), full(3, 'e')]);
  expect(await uploadFiles(server, 'Task:2', [{ name: 'empty', content: '' }])).toMatchObject({ errors: [] });
  await expectUsage(server, 10, 3);
});

test('limits set on a project override the global ones, and null restores the global ones', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '1', MAX_PROJECT_BYTES: '5' });
  const query = '{ project(id: "Project:1") { maxFiles maxBytes } }';
  await limit(server, { maxFiles: 3, maxBytes: 7 });
  expect(await ask(server, query)).toEqual({ project: { maxFiles: 3, maxBytes: 7 } });
  expect((await uploadFiles(server, 'Task:1', ['sixsix', 'aa', 'b'])).errors).toEqual([full(1, 'aa')]);
  await limit(server, { maxFiles: null, maxBytes: null });
  expect(await ask(server, query)).toEqual({ project: { maxFiles: 1, maxBytes: 5 } });
  expect((await uploadFiles(server, 'Task:1', ['c'])).errors).toEqual([full(0, 'c')]);
  expect(await names(server, 'Task:1')).toEqual(['sixsix', 'b']);
});

test('each file of a request is rejected for its own reason, and the others are stored', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '8', REFUSED_EXTENSIONS: 'exe', MAX_PROJECT_FILES: '2' });
  const { files, errors } = await uploadFiles(server, 'Task:1', ['a.exe', 'b', 'far too long', 'c', 'd', 'e.exe']);
  expect(files.map((file) => file.name)).toEqual(['b', 'c']);
  expect(errors.map(({ index, filename, code }) => [index, filename, code])).toEqual([
    [0, 'a.exe', 'UNSUPPORTED_MEDIA_TYPE'],
    [2, 'far too long', 'PAYLOAD_TOO_LARGE'],
    [4, 'd', 'INSUFFICIENT_STORAGE'],
    [5, 'e.exe', 'UNSUPPORTED_MEDIA_TYPE'],
  ]);
  expect(await blobs(server)).toEqual({ staging: 0, blobs: 2 });
});

test('a new version adds no file to the count, but its bytes count in every project it is attached in', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '1', MAX_PROJECT_BYTES: '10' });
  const file = await uploadFile(server, 'Task:1', 'sixsix');
  expect(await uploadFiles(server, 'Task:1', ['four', 'e'], { parentId: file.id })).toMatchObject({
    files: [{ version: 2 }],
    errors: [full(1, 'e')],
  });
  await expectUsage(server, 10, 1);
  const other = await newProject(server);
  expect(await uploadFiles(server, other, ['x'])).toMatchObject({ errors: [] });
  expect(await errorOf(server, attachQuery(other), { fileIds: [file.id] })).toMatch(/^INSUFFICIENT_STORAGE: /);
});

test('attaches or moves none of the given files into a project whose quota they exceed together', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '2' });
  const { files } = await uploadFiles(server, 'Contact:1', ['a', 'b']);
  await uploadFiles(server, 'Task:1', ['c']);
  const fileIds = ids(files);
  for (const on of ['Project:1', 'Task:1', 'Comment:1']) {
    expect(await errorOf(server, attachQuery(on), { fileIds })).toMatch(/^INSUFFICIENT_STORAGE: /);
    expect(await errorOf(server, moveQuery, { from: 'Contact:1', to: on, fileIds })).toMatch(/^INSUFFICIENT_STORAGE: /);
  }
  expect(await names(server, 'Contact:1')).toEqual(['a', 'b']);
  await expectUsage(server, 1, 1);
  expect((await attach(server, 'Task:1', fileIds.slice(0, 1))).filesCount).toBe(2);
  await expectUsage(server, 2, 2);
});

test('a full project still accepts a second attachment, a move within it and a new version', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '2' });
  const { files } = await uploadFiles(server, 'Task:1', ['a', 'b']);
  const [a = '', b = ''] = ids(files);
  await attach(server, 'Task:2', [a, b]);
  await move(server, 'Task:2', 'Comment:1', [a]);
  await uploadFile(server, 'Task:1', 'b2', { parentId: b });
  await expectUsage(server, 4, 2);
  await remove(server, a);
  await uploadFile(server, 'Task:1', 'c');
  await expectUsage(server, 4, 2);
});

test('files attached to no project count towards no project quota', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '1', MAX_PROJECT_BYTES: '1' });
  for (const on of ['Contact:1', 'Opportunity:1', 'Case:1', null]) {
    expect(await uploadFiles(server, on, ['aaa', 'bbb'])).toMatchObject({ errors: [], filesCount: 2 });
  }
});

test('createTaskFile in a full project is rejected and stores nothing', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '1' });
  await uploadFiles(server, 'Task:2', ['a']);
  const query = 'mutation { createTaskFile(input: { taskId: "Task:1", filename: "b", blob: "YQ" }) { file { id } } }';
  expect(await errorOf(server, query)).toMatch(/^INSUFFICIENT_STORAGE: /);
  expect(await blobs(server)).toEqual({ staging: 0, blobs: 1 });
  await expectUsage(server, 1, 1);
});

test('files uploaded with a new task or comment count towards the quota, and only those above it are rejected', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '1' });
  const payload = 'files { name } errors { index code }';
  const task = `mutation ($files: [Upload!]) {
    createTask(input: { projectId: "Project:1", title: "T", files: $files }) { task { id } ${payload} }
  }`;
  const comment = `mutation ($files: [Upload!]) {
    createComment(input: { taskId: "Task:1", body: "B", files: $files }) { comment { id } ${payload} }
  }`;
  const parts = ['a', 'b'].map((name) => ({ name, content: name }));
  expect(await executeWithFiles(server, parse(task), {}, parts)).toMatchObject({
    data: { createTask: { files: [{ name: 'a' }], errors: [{ index: 1, code: 'INSUFFICIENT_STORAGE' }] } },
  });
  expect(await executeWithFiles(server, parse(comment), {}, parts)).toMatchObject({
    data: { createComment: { files: [], errors: [{ index: 0 }, { index: 1 }] } },
  });
  await expectUsage(server, 1, 1);
});

test('only administrators set the limits of a project', async () => {
  await using server = await startTestServer();
  const owner = await newPerson(server, 'Olga', { role: 'OWNER' });
  const query = 'mutation { updateProject(input: { projectId: "Project:1", maxFiles: 5 }) { project { id } } }';
  expect(await codeOf(server, query, {}, owner.key)).toBe('FORBIDDEN');
});

test('twenty concurrent uploads against a quota of ten files store exactly ten', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '10' });
  const on = ['Project:1', 'Task:1', 'Task:2', 'Comment:1'];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => tryUploadFiles(server, on[index % 4] ?? '', [`file ${index % 10}`])),
  );
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  expect(answers.flatMap(({ data }) => data?.result.files ?? [])).toHaveLength(10);
  const errors = answers.flatMap(({ data }) => data?.result.errors ?? []);
  expect(errors.map(({ code }) => code)).toEqual(Array(10).fill('INSUFFICIENT_STORAGE'));
  await expectUsage(server, 60, 10);
  expect(await blobs(server)).toEqual({ staging: 0, blobs: 10 });
});

test('an upload to a full project reports an error for each file instead of failing the request', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '1' });
  await uploadFiles(server, 'Task:1', ['a']);
  await expect(uploadErrorOf(server, 'Task:1', ['b', 'c'])).rejects.toThrow(
    /INSUFFICIENT_STORAGE.*INSUFFICIENT_STORAGE/,
  );
});
