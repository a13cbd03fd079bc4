import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { curl } from '../support/curl.ts';
import { subscribeToEvents } from '../support/events.ts';
import { isInstalled } from '../support/programs.ts';
import { attachments, call, signed, startSigningServer } from './worksection-calls.ts';

const minute = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
const administrator = { id: '1', email: '', name: 'Administrator' };
const project = { id: '1', name: 'Website relaunch', page: '/project/1/' };

describe('actions that accept files', () => {
  test('files of post_task are emitted, listed by GraphQL, and downloaded with their hash as ETag', async () => {
    await using server = await startSigningServer();
    await using subscriber = await subscribeToEvents(server, 'Project:1');
    const { status, type, body } = await call(
      server,
      'action=post_task&id_project=1&title=TASK_NAME&text=T&priority=10&dateend=31.12.2026',
      attachments('nice_name1.pdf', 'nice name 2.pdf'),
    );
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual({
      status: 'ok',
      data: {
        id: '3',
        name: 'TASK_NAME',
        page: '/project/1/3/',
        status: 'active',
        priority: '10',
        user_from: administrator,
        user_to: { id: '0', email: 'NOONE', name: 'No executive' },
        project,
        text: 'T',
        date_added: minute,
        date_end: '2026-12-31',
      },
    });
    expect(await subscriber.take(2)).toMatchObject([
      { type: 'FILE_ADDED', onId: 'Task:3', file: { name: 'nice_name1.pdf' } },
      { type: 'FILE_ADDED', onId: 'Task:3', file: { name: 'nice name 2.pdf' } },
    ]);
    const query = '{ task(id: "Task:3") { files { nodes { databaseId name size sha256 } } } }';
    type Listed = { task: { files: { nodes: { databaseId: number; name: string; size: number; sha256: string }[] } } };
    const { nodes } = (await ask<Listed>(server, query)).task.files;
    expect(nodes.map((file) => file.name).sort()).toEqual(['nice name 2.pdf', 'nice_name1.pdf']);
    const file = nodes.find(({ name }) => name === 'nice name 2.pdf');
    const response = await fetch(signed(server, `action=download&id_file=${file?.databaseId}`));
    expect(await response.text()).toBe('content of nice name 2.pdf');
    expect(response.headers.get('etag')).toBe(`"${file?.sha256}"`);
  });

  test('post_comment, post_project and update_task attach files, which get_files lists', async () => {
    await using server = await startSigningServer();
    const comment = await call(server, 'action=post_comment&id_project=1&id_task=1&text=Look', attachments('a'));
    expect(comment.body.data).toMatchObject({
      id: '2',
      page: '/project/1/1/#com2',
      text: 'Look',
      date_added: minute,
      user_from: administrator,
      task: { id: '1', name: 'Design the start page', project },
      files: [{ name: 'a', size: '12' }],
    });
    const made = await call(server, 'action=post_project&title=Another', attachments('b'));
    expect(made.body.data).toMatchObject({ id: '2', name: 'Another', page: '/project/2/', status: 'active' });
    const updated = await call(server, 'action=update_task&id_task=1&title=Renamed', attachments('c'));
    expect(updated.body.data).toMatchObject({ id: '1', name: 'Renamed', text: 'Sketches go here.' });

    const names = async (query: string) =>
      (await call(server, query)).body.data.map((file: { name: string }) => file.name);
    expect(await names('action=get_files&id_task=1')).toEqual(['a', 'c']);
    expect(await names('action=get_files&id_project=1&id_task=1')).toEqual(['a', 'c']);
    expect(await names('action=get_files&id_project=2')).toEqual(['b']);
    expect(await names('action=get_files&id_project=1')).toEqual([]);
  });

  test('post_task with one file above MAX_FILE_SIZE creates no task and stores no file', async () => {
    await using server = await startSigningServer({ MAX_FILE_SIZE: '20' });
    const files = attachments('small', 'one whose content is too large');
    const { status, body } = await call(server, 'action=post_task&id_project=1&title=T', files);
    expect([status, body.status, body.status_code, body.message]).toEqual([200, 'error', 12, 'File is not accepted']);
    expect((await call(server, 'action=get_tasks&id_project=1')).body.data).toHaveLength(2);
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });

  test('reads parameters from the form, and ignores files in parts other than attach[…]', async () => {
    await using server = await startSigningServer();
    const form = new FormData();
    form.append('id_project', '1');
    form.append('title', 'From the form');
    form.append('attach[any text]', new Blob(['x']), 'x');
    form.append('other', new Blob(['y']), 'y');
    const { body } = await call(server, 'action=post_task', { method: 'POST', body: form });
    expect(body.data.name).toBe('From the form');
    const listed = await call(server, `action=get_files&id_task=${body.data.id}`);
    expect(listed.body.data.map((file: { name: string }) => file.name)).toEqual(['x']);
  });
});

test.runIf(isInstalled('curl'))(
  'get_files returns the documented answer to curl, with and without a slash after the path',
  async () => {
    await using server = await startSigningServer();
    await call(server, 'action=update_task&id_task=1', attachments('Example.docx'));
    for (const url of [
      signed(server, 'action=get_files&id_task=1'),
      signed(server, 'action=get_files&id_task=1').replace('v2/', 'v2'),
    ]) {
      const { status, body } = await curl(url);
      expect(status).toBe(200);
      expect(JSON.parse(body)).toEqual({
        status: 'ok',
        data: [
          {
            id: '1',
            page: '/download/1',
            name: 'Example.docx',
            size: '23',
            date_added: minute,
            user_from: administrator,
          },
        ],
      });
    }
    const [first] = (await call(server, 'action=get_projects')).body.data;
    expect(first).toMatchObject({ ...project, status: 'active' });
  },
);

describe('errors have the format of Worksection and the status 200', () => {
  test.each<[string, string, number, string, string]>([
    ['no project', 'action=get_files', 10, 'Field is required', 'id_project'],
    ['an unknown project', 'action=get_files&id_project=999', 4, 'Project is invalid', ''],
    ['a project that is no number', 'action=get_files&id_project=x', 4, 'Project is invalid', ''],
    ['an unknown task', 'action=get_files&id_task=999', 5, 'Task is invalid', ''],
    ['a task of another project', 'action=get_files&id_project=2&id_task=1', 5, 'Task is invalid', ''],
    ['a number that no id has', 'action=get_files&id_task=99999999999', 5, 'Task is invalid', ''],
    ['an unknown file', 'action=download&id_file=999', 4, 'File not found', ''],
    ['no file', 'action=download', 10, 'Field is required', 'id_file'],
    ['no title', 'action=post_task&id_project=1', 10, 'Field is required', 'title'],
    ['no text', 'action=post_comment&id_task=1', 10, 'Field is required', 'text'],
    ['too long a title', `action=post_project&title=${'x'.repeat(501)}`, 11, 'Field is invalid', 'title'],
    [
      'a day that is none',
      'action=post_task&id_project=1&title=T&dateend=31.02.2026',
      11,
      'Field is invalid',
      'dateend',
    ],
    [
      'a day of the year 0',
      'action=post_task&id_project=1&title=T&dateend=01.01.0000',
      11,
      'Field is invalid',
      'dateend',
    ],
    [
      'an address of nobody',
      'action=post_task&id_project=1&title=T&email_user_to=a@b.c',
      11,
      'Field is invalid',
      'email_user_to',
    ],
    ['an unknown action', 'action=toString', 1, 'Action is invalid', 'toString'],
  ])('returns the documented error for %s', async (_what, query, code, message, details) => {
    await using server = await startSigningServer();
    const { status, type, body } = await call(server, query);
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual({ status: 'error', status_code: code, message, message_details: details });
  });

  test('rejects PUT, DELETE, PATCH and OPTIONS, and answers HEAD as GET', async () => {
    await using server = await startSigningServer();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await call(server, 'action=get_projects', { method })).body).toEqual({
        status: 'error',
        status_code: 1,
        message: 'Action is invalid',
        message_details: method,
      });
    const head = await fetch(signed(server, 'action=get_projects'), { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length')) > 30]).toEqual([200, true]);
  });

  test('a closed task accepts no comment and no file', async () => {
    await using server = await startSigningServer();
    await ask(server, 'mutation { updateTask(input: { taskId: "Task:1", isClosed: true }) { task { id } } }');
    for (const query of ['action=post_comment&id_task=1&text=T', 'action=update_task&id_task=1'])
      expect((await call(server, query, attachments('a'))).body).toMatchObject({
        status_code: 8,
        message: 'Task is closed',
      });
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });

  test('rejects truncated and malformed bodies without a stack trace', async () => {
    await using server = await startSigningServer();
    for (const [type, body] of [
      ['multipart/form-data; boundary=x', '--x\r\n'],
      ['application/json', '{"a'],
      ['application/json', '[]'],
    ] as const) {
      const answered = await call(server, 'action=post_task', {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
      expect(answered.body).toMatchObject({ status: 'error', status_code: 11 });
      expect(JSON.stringify(answered.body)).not.toMatch(/\.ts:/);
    }
  });
});
