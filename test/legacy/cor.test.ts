import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Answer {
  files: Record<string, unknown>[];
  files_q: number;
  errors?: { filename: string; message: string }[];
}

type Field = [name: string, value: string | [content: string, filename: string]];

function send(server: TestServer, fields: Field[], { task = '1', key = server.key, base = '/v1' } = {}) {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new Blob([value[0]]), value[1]);
  }
  const headers = { authorization: `Bearer ${key}` };
  return fetch(`${server.url}${base}/tasks/${task}/attachments`, { method: 'POST', body: form, headers });
}

const answerOf = async (response: Response) => (await response.json()) as Answer;

/** The form in COR's documentation, with its fields in the order in which curl sends them. */
const documented: Field[] = [
  ['file', ['some bytes', 'example-file.txt']],
  ['available', 'true'],
  ['session_token', 'null'],
  ['attachment_parent_id', 'null'],
  ['status', 'null'],
  ['created_from', 'task_panel'],
];

const members = [
  ...['id', 'url', 'name', 'created_at', 'updated_at', 'source', 'size', 'filename', 'available', 'item_id'],
  ...['originalname', 'attachment_parent_id', 'file_type', 'discussions_id', 'user_id', 'parent_id', 'type', 'version'],
  ...[
    'status',
    'token',
    'company_id',
    'task_log_reworks_id',
    'task_log_id',
    'media_type',
    'graphics_count',
    'created_from',
  ],
];

describe('uploading attachments', () => {
  test.each(['/v1', ''])('the documented request returns an attachment with all members, at %s/tasks', async (base) => {
    await using server = await startTestServer();
    const response = await send(server, documented, { base });
    expect(response.status).toBe(200);
    const { files, files_q, ...rest } = await answerOf(response);
    expect(rest).toEqual({}); // `errors` is present only if a file was rejected
    expect(files_q).toBe(1);
    expect(Object.keys(files[0] ?? {})).toEqual(members);
    expect(files[0]).toMatchObject({
      name: 'example-file.txt',
      filename: 'example-file.txt',
      originalname: 'example-file.txt',
      size: 10,
      available: true,
      item_id: 1,
      task_log_id: 1,
      type: 'Task',
      version: 1,
      status: null,
      attachment_parent_id: null,
      file_type: 'text/plain',
      media_type: 'text',
      created_from: 'task_panel',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    const content = await fetch(String(files[0]?.url), { headers: { authorization: `Bearer ${server.key}` } });
    expect(await content.text()).toBe('some bytes');
  });

  test('accepts form fields before and after several files', async () => {
    await using server = await startTestServer();
    const response = await send(server, [
      ['status', 'pending'],
      ['file', ['a', 'a.txt']],
      ['available', 'false'],
      ['file', ['b', 'b.txt']],
      ['created_from', 'rework'],
    ]);
    const { files, files_q } = await answerOf(response);
    expect(files_q).toBe(2);
    expect(files).toMatchObject(
      ['a.txt', 'b.txt'].map((name) => ({ name, status: 'pending', available: false, created_from: 'rework' })),
    );
  });

  test('a new version returns the id of the previous version as attachment_parent_id', async () => {
    await using server = await startTestServer();
    const first = (await answerOf(await send(server, documented))).files[0];
    const parent: Field = ['attachment_parent_id', String(first?.id)];
    const { files, files_q } = await answerOf(await send(server, [['file', ['v2', 'v2.txt']], parent]));
    expect(files[0]).toMatchObject({ version: 2, attachment_parent_id: first?.id });
    expect(files_q).toBe(1);
  });

  test('stores the accepted files, and lists each rejected file in `errors`', async () => {
    await using server = await startTestServer({ MAX_FILE_SIZE: '5', REFUSED_EXTENSIONS: 'exe' });
    const response = await send(server, [
      ['file', ['too many', 'large.txt']],
      ['file', ['ok', 'small.txt']],
      ['file', ['x', 'a.exe']],
    ]);
    expect(response.status).toBe(200);
    const { files, files_q, errors } = await answerOf(response);
    expect(files.map(({ name }) => name)).toEqual(['small.txt']);
    expect(files_q).toBe(1);
    expect(errors?.map(({ filename }) => filename)).toEqual(['large.txt', 'a.exe']);
  });

  test('files uploaded with a session_token emit their events when the session is finished', async () => {
    await using server = await startTestServer();
    await send(server, [
      ['file', ['a', 'a.txt']],
      ['session_token', 'today'],
    ]);
    const query = 'query ($on: ID!) { fileEvents(on: $on, first: 10) { nodes { type } } }';
    const events = async () =>
      (await ask<{ fileEvents: { nodes: { type: string }[] } }>(server, query, { on: 'Task:1' })).fileEvents.nodes;
    expect(await events()).toEqual([]);
    await ask(server, 'mutation { finishUploadSession(input: { sessionToken: "today" }) { files { id } } }', {});
    expect(await events()).toEqual([{ type: 'FILE_ADDED' }]);
  });
});

test('the list contains the attachments of the task and of its comments', async () => {
  await using server = await startTestServer();
  await send(server, documented);
  const comment = 'mutation ($i: CreateCommentInput!) { createComment(input: $i) { comment { databaseId } } }';
  type Created = { createComment: { comment: { databaseId: number } } };
  const { createComment } = await ask<Created>(server, comment, { i: { taskId: 'Task:1', body: 'Look.' } });
  const id = createComment.comment.databaseId;
  const store = await send(server, [['file', ['c', 'c.txt']]], { task: '2' });
  const [file] = (await answerOf(store)).files;
  const attach =
    'mutation ($c: ID!, $f: ID!) { attachCommentFiles(input: { commentId: $c, fileIds: [$f] }) { filesCount } }';
  await ask(server, attach, { c: `Comment:${id}`, f: `File:${file?.id}` });
  const response = await fetch(`${server.url}/v1/tasks/1/attachments`, {
    headers: { authorization: `Bearer ${server.key}` },
  });
  const { files, files_q } = await answerOf(response);
  expect(files_q).toBe(2);
  expect(files.map(({ type, discussions_id, item_id }) => [type, discussions_id, item_id])).toEqual(
    expect.arrayContaining([
      ['Task', null, 1],
      ['Comment', id, id],
    ]),
  );
});

describe('errors are JSON objects with a single `message`', () => {
  test.each<[string, Field[], object, number]>([
    ['without a file', [['available', 'true']], {}, 400],
    ['for a task that is not there', documented, { task: '999' }, 404],
    ['for no number', documented, { task: 'x' }, 404],
    ['with a wrong key', documented, { key: 'wrong-key-here' }, 401],
    ['in an unknown state', [...documented, ['status', 'good']], {}, 400],
    ['from an unknown place', [...documented, ['created_from', 'moon']], {}, 400],
    ['neither true nor false', [...documented, ['available', 'maybe']], {}, 400],
    ['after what is no number', [...documented, ['attachment_parent_id', 'x']], {}, 400],
    ['after what is not there', [...documented, ['attachment_parent_id', '999']], {}, 404],
    ['with too many files', Array(21).fill(['file', ['a', 'a']]), {}, 413],
  ])('rejects an upload %s, and stores nothing', async (_what, fields, options, status) => {
    await using server = await startTestServer();
    const response = await send(server, fields, options);
    expect(response.status).toBe(status);
    expect(Object.keys(await response.json())).toEqual(['message']);
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });

  test('an upload by a viewer returns 403, and one by a user without access 404', async () => {
    await using server = await startTestServer();
    const eve = await newPerson(server, 'Eve', { role: 'VIEWER' });
    expect((await send(server, documented, { key: eve.key })).status).toBe(403);
    const outsider = await newPerson(server, 'Mallory');
    expect((await send(server, documented, { key: outsider.key })).status).toBe(404);
  });

  test('PUT, DELETE and PATCH return 404, and HEAD returns 200 as GET does', async () => {
    await using server = await startTestServer();
    const headers = { authorization: `Bearer ${server.key}` };
    const url = `${server.url}/v1/tasks/1/attachments`;
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect((await fetch(url, { method })).status).toBe(401);
      const response = await fetch(url, { method, headers });
      expect([response.status, Object.keys(await response.json())]).toEqual([404, ['message']]);
    }
    expect((await fetch(url, { method: 'HEAD', headers })).status).toBe(200);
  });

  test('a JSON body instead of a form returns 400', async () => {
    await using server = await startTestServer();
    const response = await fetch(`${server.url}/v1/tasks/1/attachments`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    });
    expect([response.status, Object.keys(await response.json())]).toEqual([400, ['message']]);
  });
});

test('an API that LEGACY_APIS does not list returns 404', async () => {
  await using server = await startTestServer({ LEGACY_APIS: 'kanboard' });
  expect((await send(server, documented)).status).toBe(404);
  expect((await fetch(`${server.url}/jsonrpc.php`, { method: 'POST', body: Buffer.from('[]') })).status).toBe(200);
});
