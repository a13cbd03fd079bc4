import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { attachEntityFiles, attachTaskFiles, removeFile, taskFiles } from '../support/documents.ts';
import { download } from '../support/download.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const entityFiles = graphql(`
  query EntityFiles($id: ID!) { entity(id: $id) { files { totalCount edges { cursor node { id } } } } }
`);

const fileById = graphql(`
  query FileById($id: ID!) { file(id: $id) { id name } }
`);

const namesOn = async (server: TestServer, id: string) =>
  (await ask(server, taskFiles, { id })).task?.files.edges.map((edge) => edge.node.name);

async function storeNamed(server: TestServer, names: string[], key?: string): Promise<string[]> {
  const files = (
    await uploadFiles(
      server,
      null,
      names.map((name) => ({ name, content: name })),
      {},
      key,
    )
  ).files;
  return files.map((file) => file.id);
}

test('attachTaskFiles returns the files in the given order, with the edges of the list', async () => {
  await using server = await startTestServer();
  const [a = '', b = '', c = ''] = await storeNamed(server, ['a', 'b', 'c']);
  const payload = (await ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds: [c, a, b] })).attachTaskFiles;
  expect(payload).toMatchObject({ task: { id: 'Task:1' }, filesCount: 3 });
  expect(payload.files.map((file) => file.name)).toEqual(['c', 'a', 'b']);
  const { task } = await ask(server, taskFiles, { id: 'Task:1' });
  // The list has its own order: compare the cursors, not the positions.
  expect(task?.files.edges).toHaveLength(3);
  for (const edge of payload.fileEdges)
    expect(task?.files.edges).toContainEqual(expect.objectContaining({ cursor: edge.cursor }));
});

test.each(['Contact:1', 'Opportunity:1', 'Case:1'])(
  'attachEntityFiles attaches stored files to %s',
  async (entityId) => {
    await using server = await startTestServer();
    const fileIds = await storeNamed(server, ['a', 'b']);
    const payload = (await ask(server, attachEntityFiles, { entityId, fileIds })).attachEntityFiles;
    expect(payload).toMatchObject({ entity: { __typename: entityId.split(':')[0], id: entityId }, filesCount: 2 });
    const { entity } = await ask(server, entityFiles, { id: entityId });
    expect(entity?.files).toMatchObject({ totalCount: 2, edges: payload.fileEdges });
  },
);

test('attaching a file twice creates one attachment and leaves its position in the list unchanged', async () => {
  await using server = await startTestServer();
  const [a = '', b = ''] = await storeNamed(server, ['a', 'b']);
  await ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds: [a, b] });
  const again = await ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds: [b, a, b] });
  expect(again.attachTaskFiles).toMatchObject({ filesCount: 2, files: [{ id: b }, { id: a }] });
  expect(await namesOn(server, 'Task:1')).toEqual(['a', 'b']);
});

test('concurrent requests that attach the same file to a task create one attachment', async () => {
  await using server = await startTestServer();
  const fileIds = await storeNamed(server, ['a']);
  await Promise.all(Array.from({ length: 20 }, () => ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds })));
  expect(await namesOn(server, 'Task:1')).toEqual(['a']);
});

test('a file attached to two tasks and a contact disappears from all three when it is removed', async () => {
  await using server = await startTestServer();
  const fileIds = await storeNamed(server, ['a']);
  await ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds });
  await ask(server, attachTaskFiles, { taskId: 'Task:2', fileIds });
  await ask(server, attachEntityFiles, { entityId: 'Contact:1', fileIds });
  for (const id of ['Task:1', 'Task:2']) expect(await namesOn(server, id)).toEqual(['a']);
  await ask(server, removeFile, { fileId: fileIds[0] ?? '' });
  for (const id of ['Task:1', 'Task:2']) expect(await namesOn(server, id)).toEqual([]);
  expect((await ask(server, entityFiles, { id: 'Contact:1' })).entity?.files.totalCount).toBe(0);
});

test('attaches none of the files when some are not found, and the error names each missing id', async () => {
  await using server = await startTestServer();
  const [a = ''] = await storeNamed(server, ['a']);
  const fileIds = [a, 'File:998', 'File:999'];
  for (const { data, errors } of [
    await server.query(attachTaskFiles, { taskId: 'Task:1', fileIds }),
    await server.query(attachEntityFiles, { entityId: 'Contact:1', fileIds }),
  ]) {
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(errors?.[0]?.message).toContain('File:998');
    expect(errors?.[0]?.message).toContain('File:999');
    expect(errors?.[0]?.message).not.toMatch(new RegExp(`${a}\\b`));
  }
  expect(await namesOn(server, 'Task:1')).toEqual([]);
  expect((await ask(server, entityFiles, { id: 'Contact:1' })).entity?.files.totalCount).toBe(0);
});

test('attaching a hidden file of another user fails with NOT_FOUND', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const [secret = ''] = await storeNamed(server, ['secret']);
  const [mine = ''] = await storeNamed(server, ['mine'], bob.key);
  const { errors } = await server.query(attachEntityFiles, { entityId: 'Contact:1', fileIds: [mine, secret] }, bob.key);
  expect(errors).toMatchObject([{ message: expect.stringContaining(secret), extensions: { code: 'NOT_FOUND' } }]);
  expect((await ask(server, entityFiles, { id: 'Contact:1' })).entity?.files.totalCount).toBe(0);
});

test.each([
  ['an id of another type among the files', { taskId: 'Task:1', fileIds: ['Task:1'] }, 'BAD_USER_INPUT'],
  ['an id that is none among the files', { taskId: 'Task:1', fileIds: ['banana'] }, 'BAD_USER_INPUT'],
  ['no file at all', { taskId: 'Task:1', fileIds: [] }, 'BAD_USER_INPUT'],
  ['more than a thousand files', { taskId: 'Task:1', fileIds: Array(1001).fill('File:1') }, 'BAD_USER_INPUT'],
  ['a project in the place of the task', { taskId: 'Project:1', fileIds: ['File:1'] }, 'BAD_USER_INPUT'],
  ['a task that does not exist', { taskId: 'Task:999', fileIds: ['File:1'] }, 'NOT_FOUND'],
])('attaching %s fails', async (_what, variables, code) => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:2', { name: 'a', content: 'a' });
  const { errors } = await server.query(attachTaskFiles, variables);
  expect(errors).toMatchObject([{ path: ['attachTaskFiles'], extensions: { code } }]);
});

test('removeFile deletes the file from its list, by its id and from the disk', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name: 'a', content: 'a' });
  const other = await uploadFile(server, 'Task:1', { name: 'b', content: 'a' });
  expect(await ask(server, removeFile, { fileId: file.id })).toEqual({ removeFile: { removedFileId: file.id } });
  expect(await namesOn(server, 'Task:1')).toEqual(['b']);
  expect((await server.query(fileById, { id: file.id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  expect((await server.query(removeFile, { fileId: file.id })).errors).toMatchObject([
    { extensions: { code: 'NOT_FOUND' } },
  ]);
  expect(await (await download(server, other)).text()).toBe('a');
  expect((await server.stored()).blobs).toHaveLength(1);
});

test('a file is removed by its uploader or by an editor of everything it is attached to, and by no one else', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const remove = async (fileId: string) =>
    (await server.query(removeFile, { fileId }, bob.key)).errors?.[0]?.extensions.code;
  const [hidden = '', onBoth = '', onContact = ''] = await storeNamed(server, ['hidden', 'onBoth', 'onContact']);
  const [mine = '', taken = ''] = await storeNamed(server, ['mine', 'taken'], bob.key);
  await ask(server, attachEntityFiles, { entityId: 'Contact:1', fileIds: [onBoth, onContact, mine] });
  await ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds: [onBoth, mine, taken] });
  expect(await remove(hidden)).toBe('NOT_FOUND');
  expect(await remove(onBoth)).toBe('FORBIDDEN');
  expect(await remove(onContact)).toBeUndefined();
  expect(await remove(mine)).toBeUndefined();
  // The uploader cannot see the task of the primary attachment, so the file is hidden too.
  expect(await remove(taken)).toBe('NOT_FOUND');
  expect(await namesOn(server, 'Task:1')).toEqual(['onBoth', 'taken']);
});
