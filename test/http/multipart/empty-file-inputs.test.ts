import { expect, test } from 'vitest';
import { signed, startSigningServer } from '../../legacy/worksection-calls.ts';
import { ask } from '../../support/client.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** A browser sends `filename=""` and no bytes for `<input type=file>` without a file. */
const nothing = () => new File([], '');

function formWith(field: string, ...files: File[]): FormData {
  const form = new FormData();
  for (const file of files) form.append(field, file);
  return form;
}

const post = (server: TestServer, url: string, body: FormData) =>
  fetch(url, { method: 'POST', headers: { authorization: `Bearer ${server.key}` }, body });

const names = async (server: TestServer) => {
  const query = '{ files(first: 50) { nodes { name } } }';
  return (await ask<{ files: { nodes: { name: string }[] } }>(server, query)).files.nodes.map(({ name }) => name);
};

const places: [what: string, path: string, field: string, alone: number][] = [
  ['COR', '/v1/tasks/1/attachments', 'file', 400],
  ['ONLYOFFICE, where files are uploaded,', '/api/2.0/project/task/1/files/upload', 'file', 400],
  ['ONLYOFFICE, where files are attached,', '/api/2.0/crm/contact/1/files', 'files', 201],
];

test.each(places)('a file input without a file creates no file in %s', async (_what, path, field, alone) => {
  await using server = await startTestServer();
  expect((await post(server, server.url + path, formWith(field, nothing()))).status).toBe(alone);
  expect(await names(server)).toEqual([]);
  const both = formWith(field, nothing(), new File(['x'], 'chosen.txt'));
  expect((await post(server, server.url + path, both)).ok).toBe(true);
  expect(await names(server)).toEqual(['chosen.txt']);
  expect((await server.stored()).staging).toEqual([]);
});

test('a file input without a file creates no file in Worksection', async () => {
  await using server = await startSigningServer();
  const url = signed(server, 'action=post_comment&id_task=1&text=Look');
  const body = formWith('attach[0]', nothing(), new File([], 'empty.txt'));
  expect(await (await fetch(url, { method: 'POST', body })).json()).toMatchObject({ status: 'ok' });
  expect(await names(server)).toEqual(['empty.txt']); // a named file without bytes is stored
});

test('a file input without a file fails in GraphQL by its index, and the other file is stored', async () => {
  await using server = await startTestServer();
  const query =
    'mutation ($files: [Upload!]!) { uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { name } errors { index code message } } }';
  const form = new FormData();
  form.set('operations', JSON.stringify({ query, variables: { files: [null, null] } }));
  form.set('map', JSON.stringify({ a: ['variables.files.0'], b: ['variables.files.1'] }));
  form.append('a', nothing());
  form.append('b', new File(['x'], 'chosen.txt'));
  const { data } = (await (await post(server, server.graphqlUrl, form)).json()) as {
    data: { uploadTaskFiles: object };
  };
  expect(data.uploadTaskFiles).toEqual({
    files: [{ name: 'chosen.txt' }],
    errors: [{ index: 0, code: 'BAD_USER_INPUT', message: expect.stringContaining('No file was chosen') }],
  });
  expect((await server.stored()).staging).toEqual([]);
});

test.each(['', 'Content-Type: text/plain\r\n', 'Content-Type: application/octet-stream\r\n'])(
  'stores the bytes of a file input without a name, whatever their type: %j',
  async (type) => {
    await using server = await startTestServer();
    const body =
      `--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n${type}\r\nnameless\r\n` +
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\na\r\n--b--\r\n';
    const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'multipart/form-data; boundary=b' };
    const response = await fetch(`${server.url}/v1/tasks/1/attachments`, { method: 'POST', headers, body });
    expect(response.ok).toBe(true);
    expect((await names(server)).sort()).toEqual(['a.txt', 'unnamed']);
  },
);
