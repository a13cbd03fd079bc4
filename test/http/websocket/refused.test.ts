import { request } from 'node:http';
import { print } from 'graphql';
import { expect, test } from 'vitest';
import type { UploadTaskFilesMutation } from '../../generated/graphql.ts';
import { ask, executeWithFiles } from '../../support/client.ts';
import { fileAdded, taskFiles, uploadTaskFilesDocument } from '../../support/documents.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { collect, connect, subscribeToFileAdded } from '../../support/live.ts';
import { newPerson } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** Returns all results of a subscription until it ends. */
async function subscribeTo(server: TestServer, on: string, key = server.key) {
  const client = connect(server, { connectionParams: { authorization: `Bearer ${key}` } });
  try {
    return await collect(client.iterate({ query: print(fileAdded), variables: { on } }));
  } finally {
    await client.dispose();
  }
}

test.each(['Task:999', 'Project:999', 'Comment:999', 'Contact:999', 'Opportunity:999', 'Case:999'])(
  'a subscription to %s, which does not exist, fails with NOT_FOUND and ends',
  async (on) => {
    await using server = await startTestServer();
    const results = await subscribeTo(server, on);
    expect(results).toHaveLength(1);
    expect(results[0]?.data ?? null).toBeNull();
    expect(results[0]?.errors).toMatchObject([
      { message: expect.stringContaining(on), extensions: { code: 'NOT_FOUND' } },
    ]);
  },
);

test('a subscription to what the user cannot see fails like one to what does not exist', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  for (const on of ['Project:1', 'Task:1', 'Comment:1']) {
    const [result] = await subscribeTo(server, on, bob.key);
    const [missing] = await subscribeTo(server, on.replace('1', '999'), bob.key);
    expect(result?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(JSON.stringify(result).replace(on, 'X')).toBe(JSON.stringify(missing).replace(on.replace('1', '999'), 'X'));
  }
});

test.each(['banana', 'File:1', 'User:1', 'Task:0', 'Task:-1', ''])(
  'a subscription to "%s", which cannot have attachments, fails with BAD_USER_INPUT and ends',
  async (on) => {
    await using server = await startTestServer();
    const results = await subscribeTo(server, on);
    expect(results).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
  },
);

test('a rejected file emits no event, while the other file of the same request does', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '1000', REFUSED_EXTENSIONS: 'exe' });
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const { errors } = await uploadFiles(server, 'Task:1', [
    { name: 'large.txt', content: 'x'.repeat(1001) },
    { name: 'virus.exe', content: 'MZ' },
    { name: 'good.txt', content: 'good' },
  ]);
  expect(errors.map(({ filename }) => filename)).toEqual(['large.txt', 'virus.exe']);
  await uploadFile(server, 'Task:1', { name: 'last.txt', content: 'last' });
  expect((await listener.next()).file.name).toBe('good.txt');
  expect((await listener.next()).file.name).toBe('last.txt');
});

test('an upload that its client aborts emits no event', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  await abortUpload(server);
  await uploadFile(server, 'Task:1', { name: 'last.txt', content: 'last' });
  expect((await listener.next()).file.name).toBe('last.txt');
  const { task } = await ask(server, taskFiles, { id: 'Task:1' });
  expect(task?.files.edges.map(({ node }) => node.name)).toEqual(['last.txt']);
});

test('an upload that its user is not authorized to make emits no event', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const part = { name: 'intruder.txt', content: 'let me in' };
  const variables = { taskId: 'Task:1' };
  const refused = await executeWithFiles<UploadTaskFilesMutation>(
    server,
    uploadTaskFilesDocument,
    variables,
    [part],
    bob.key,
  );
  expect(refused.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  await uploadFile(server, 'Task:1', { name: 'last.txt', content: 'last' });
  expect((await listener.next()).file.name).toBe('last.txt');
});

/** Sends one complete file and half of another, then resets the connection. */
async function abortUpload(server: TestServer): Promise<void> {
  const operations = JSON.stringify({
    query: print(uploadTaskFilesDocument),
    variables: { taskId: 'Task:1', files: [null, null] },
  });
  const field = (head: string, content: string) =>
    `--cut\r\nContent-Disposition: form-data; name=${head}\r\n\r\n${content}\r\n`;
  const upload = request(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'multipart/form-data; boundary=cut' },
  });
  const closed = Promise.withResolvers<void>();
  upload.on('error', () => {}).on('close', closed.resolve);
  upload.write(field('"operations"', operations));
  upload.write(field('"map"', '{"0":["variables.files.0"],"1":["variables.files.1"]}'));
  upload.write(field('"0"; filename="whole.txt"', 'whole'));
  const half = `--cut\r\nContent-Disposition: form-data; name="1"; filename="half.txt"\r\n\r\n${'x'.repeat(100_000)}`;
  upload.write(half, () => upload.destroy());
  await closed.promise;
}
