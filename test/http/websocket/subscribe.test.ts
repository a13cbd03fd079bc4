import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ask } from '../../support/client.ts';
import { attachEntityFiles, attachTaskFiles, taskFiles } from '../../support/documents.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { subscribeToFileAdded } from '../../support/live.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer } from '../../support/server.ts';

const part = (name: string) => ({ name, content: `the content of ${name}` });

test('a subscriber to a task receives the file, edge, entity, actor and time of each upload', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const before = Date.now();
  const { files, fileEdges } = await uploadFiles(server, 'Task:1', [part('sketch.txt')]);

  const event = await listener.next();
  expect(event).toMatchObject({
    file: { id: files[0]?.id, name: 'sketch.txt', size: 25, sha256: files[0]?.sha256 },
    fileEdge: { cursor: fileEdges[0]?.cursor, node: { id: files[0]?.id } },
    on: { __typename: 'Task', id: 'Task:1' },
    actor: { id: 'User:1', displayName: 'Administrator' },
  });
  expect(Date.parse(event.at)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(event.at)).toBeLessThanOrEqual(Date.now());
  const listed = await ask(server, taskFiles, { id: 'Task:1' });
  expect(listed.task?.files.edges).toMatchObject([event.fileEdge]);
});

test('the files of one upload are emitted one by one, in the order of the request', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const names = Array.from({ length: 12 }, (_, index) => `page-${index}.txt`);
  await uploadFiles(server, 'Task:1', names.map(part));
  for (const name of names) expect((await listener.next()).file.name).toBe(name);
});

test('every subscriber to a task receives its events, and none of another task', async () => {
  await using server = await startTestServer();
  await using first = await subscribeToFileAdded(server, 'Task:1');
  await using second = await subscribeToFileAdded(server, 'Task:1');
  await uploadFile(server, 'Task:2', part('elsewhere.txt'));
  await uploadFile(server, 'Task:1', part('here.txt'));
  expect((await first.next()).file.name).toBe('here.txt');
  expect((await second.next()).file.name).toBe('here.txt');
});

test('a subscriber to a project receives the events of all its tasks, with the task of each', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1' });
  await uploadFile(server, 'Task:1', part('one.txt'));
  await uploadFile(server, 'Task:2', part('two.txt'));
  expect(await listener.next()).toMatchObject({ file: { name: 'one.txt' }, on: { id: 'Task:1' } });
  expect(await listener.next()).toMatchObject({ file: { name: 'two.txt' }, on: { id: 'Task:2' } });
});

test('a subscriber to a project receives the events of its comments and of the project itself', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1' });
  for (const on of ['Comment:1', 'Project:1']) {
    await uploadFile(server, on, `on ${on}`);
    expect(await listener.next()).toMatchObject({ file: { name: `on ${on}` }, on: { id: on } });
  }
});

test('attaching a stored file to a task emits an event on the task and on its project', async () => {
  await using server = await startTestServer();
  await using onTask = await subscribeToFileAdded(server, 'Task:2');
  await using onProject = await subscribeToFileAdded(server, 'Project:1', { at: 'Task:1' });
  const [file] = (await uploadFiles(server, null, [part('stored.txt')])).files;
  const { attachTaskFiles: attached } = await ask(server, attachTaskFiles, {
    taskId: 'Task:2',
    fileIds: [file?.id ?? ''],
  });
  const expected = { file: { id: file?.id }, fileEdge: attached.fileEdges[0], on: { id: 'Task:2' } };
  expect(await onTask.next()).toMatchObject(expected);
  expect(await onProject.next()).toMatchObject(expected);
});

test.each(['Contact:1', 'Opportunity:1', 'Case:1'])('attaching a file to %s emits an event there', async (entityId) => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, entityId);
  const [file] = (await uploadFiles(server, null, [part('offer.txt')])).files;
  await ask(server, attachEntityFiles, { entityId, fileIds: [file?.id ?? ''] });
  expect(await listener.next()).toMatchObject({ file: { id: file?.id, name: 'offer.txt' }, on: { id: entityId } });
});

test('attaching a file that is attached already emits no second event', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const files = (await uploadFiles(server, null, [part('one.txt'), part('two.txt')])).files;
  const [one = '', two = ''] = files.map((file) => file.id);
  await ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds: [one] });
  await ask(server, attachTaskFiles, { taskId: 'Task:1', fileIds: [one, one, two] });
  expect((await listener.next()).file.id).toBe(one);
  expect((await listener.next()).file.id).toBe(two);
});

test('a file can be downloaded completely as soon as its event is received', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const headers = { authorization: `Bearer ${server.key}` };
  for (let round = 0; round < 10; round += 1) {
    const uploading = uploadFile(server, 'Task:1', { name: `${round}.bin`, content: String(round).repeat(300_000) });
    const { file } = await listener.next();
    const response = await fetch(`${server.url}/files/${file.id.replace('File:', '')}/content`, { headers });
    expect(response.status).toBe(200);
    const content = Buffer.from(await response.arrayBuffer());
    expect(createHash('sha256').update(content).digest('hex')).toBe(file.sha256);
    await uploading;
  }
});

test('another user receives the events of an entity that both can see, with the name of the actor', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  await using listener = await subscribeToFileAdded(server, 'Contact:1', {
    connectionParams: { authorization: `Bearer ${bob.key}` },
  });
  const [file] = (await uploadFiles(server, null, [part('offer.txt')])).files;
  await ask(server, attachEntityFiles, { entityId: 'Contact:1', fileIds: [file?.id ?? ''] });
  expect(await listener.next()).toMatchObject({ file: { id: file?.id }, actor: { displayName: 'Administrator' } });
});
