import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { curl } from '../support/curl.ts';
import { subscribeToEvents } from '../support/events.ts';
import { uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';

const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
const administrator = {
  id: '00000000-0000-0000-0000-000000000001',
  displayName: 'Administrator',
  title: '',
  avatarSmall: '',
  profileUrl: '',
};

const stored = async (server: TestServer, ...names: string[]) =>
  (
    await uploadFiles(
      server,
      null,
      names.map((name) => ({ name, content: `content of ${name}` })),
    )
  ).files.map((file) => file.databaseId);

async function call(server: TestServer, path: string, init: RequestInit = {}) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    ...init,
    headers: { authorization: ADMIN_KEY, ...init.headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

const json = (value: unknown): RequestInit => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

const namesOn = async (server: TestServer, id: string) => {
  const query =
    'query ($id: ID!) { node(id: $id) { ... on Attachable { files(first: 50, orderBy: { field: NAME, direction: ASC }) { nodes { name } } } } }';
  const { node } = await ask<{ node: { files: { nodes: { name: string }[] } } }>(server, query, { id });
  return node.files.nodes.map((file) => file.name);
};

describe('files of a task', () => {
  test.runIf(isInstalled('curl'))(
    'the documented curl request attaches a stored file and returns the task',
    async () => {
      await using server = await startTestServer();
      const [id] = await stored(server, 'a.txt');
      const { status, headers, body } = await curl(
        '--request',
        'POST',
        '--url',
        `${server.url}/api/2.0/project/task/1/files`,
        '--header',
        'Accept: application/json',
        '--header',
        'Content-Type: application/json',
        '--header',
        `Authorization: ${ADMIN_KEY}`,
        '--data',
        JSON.stringify({ taskid: 1, files: [id] }),
      );
      expect(status).toBe(201);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(body).toMatch(/^\{"count":1,"status":0,"statusCode":201,"response":\{"id":1,"title":/);
      expect(JSON.parse(body).response).toEqual({
        id: 1,
        title: 'Design the start page',
        description: 'Sketches go here.',
        status: 1,
        created: moment,
        createdBy: administrator,
        updated: moment,
        updatedBy: administrator,
        canEdit: true,
        canCreateSubtask: true,
        canCreateTimeSpend: true,
        canDelete: true,
        canReadFiles: true,
        priority: 0,
        projectOwner: { id: 1, title: 'Website relaunch', status: 0, isPrivate: true },
        responsibles: [],
        responsible: null,
        deadline: null,
        deadLine: null,
        progress: 0,
        createBy: administrator,
        contact: null,
        alertValue: 0,
        isClosed: false,
        category: null,
        entity: null,
      });
      expect(await namesOn(server, 'Task:1')).toEqual(['a.txt']);
    },
  );

  test('ids can be sent as JSON, as a form and in the query, under every documented name', async () => {
    await using server = await startTestServer();
    const ids = await stored(server, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i');
    const path = '/api/2.0/project/task/1/files';
    const form = new FormData();
    form.append('files[]', String(ids[7]));
    for (const [suffix, init] of [
      ['', json({ files: [ids[0], String(ids[1])] })],
      ['.json', { ...json({}), body: `\uFEFF${JSON.stringify({ FileIds: [ids[2]] })}` }],
      [
        '',
        {
          body: new URLSearchParams([
            ['files', `${ids[3]}`],
            ['files', `${ids[4]}`],
          ]),
        },
      ],
      ['', { body: new URLSearchParams({ 'files[]': `${ids[5]}` }) }],
      ['', { body: new URLSearchParams({ 'files[0]': `${ids[6]}` }) }],
      ['', { body: form }],
      [`.JSON?fileids=${ids[8]}`, {}],
    ] as const) {
      expect((await call(server, path.toUpperCase().replace('API', 'api') + suffix, init)).status).toBe(201);
    }
    expect(await namesOn(server, 'Task:1')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
  });

  test('a request without ids returns the task unchanged', async () => {
    await using server = await startTestServer();
    for (const init of [{}, json({}), json({ files: null }), json({ files: [] })]) {
      const { status, body } = await call(server, '/api/2.0/project/task/1/files', init);
      expect([status, body.count, body.response.id]).toEqual([201, 1, 1]);
    }
  });

  test('a JSON body may start with a byte order mark', async () => {
    await using server = await startTestServer();
    const [id] = await stored(server, 'a');
    const init = { body: `\ufeff{"files":[${id}]}\n`, headers: { 'content-type': 'application/json' } };
    expect((await call(server, '/api/2.0/project/task/1/files', init)).status).toBe(201);
    expect(await namesOn(server, 'Task:1')).toEqual(['a']);
  });

  test('one unknown file id is a 404, and no file is attached', async () => {
    await using server = await startTestServer();
    const [id] = await stored(server, 'a');
    const { status, text } = await call(server, '/api/2.0/project/task/1/files', json({ files: [id, 999] }));
    expect(status).toBe(404);
    expect(text).toBe('{"status":1,"statusCode":404,"error":{"message":"Not found","hresult":-2147467259,"data":{}}}');
    expect(await namesOn(server, 'Task:1')).toEqual([]);
  });

  test('attaching a file emits an event to GraphQL subscribers', async () => {
    await using server = await startTestServer();
    const [id] = await stored(server, 'a');
    await using subscriber = await subscribeToEvents(server, 'Project:1');
    await call(server, '/api/2.0/project/task/1/files', json({ files: [id] }));
    expect(await subscriber.next()).toMatchObject({ type: 'FILE_ADDED', file: { name: 'a' }, onId: 'Task:1' });
  });

  test('GET lists the files, and DELETE with an id detaches one', async () => {
    await using server = await startTestServer();
    const ids = await stored(server, 'a.docx', 'b');
    const path = '/api/2.0/project/task/1/files';
    await call(server, path, json({ files: ids }));
    const { status, body } = await call(server, path, { method: 'GET' });
    expect([status, body.count, body.statusCode]).toEqual([200, 2, 200]);
    expect(body.response[0]).toEqual({
      id: ids[0],
      title: 'a.docx',
      name: 'a.docx',
      folderId: 1,
      version: 1,
      versionGroup: 1,
      contentLength: '17 bytes',
      pureContentLength: 17,
      fileStatus: 0,
      viewUrl: `${server.url}/files/${ids[0]}/content`,
      location: `${server.url}/files/${ids[0]}/content`,
      webUrl: `${server.url}/files/${ids[0]}/content`,
      fileType: 7,
      fileExst: '.docx',
      comment: '',
      access: 0,
      shared: false,
      created: moment,
      createdBy: administrator,
      updated: moment,
      updatedBy: administrator,
    });
    const detached = await call(server, `${path}/${ids[0]}`, { method: 'DELETE' });
    expect([detached.status, detached.body.response.id]).toEqual([200, 1]);
    expect(await namesOn(server, 'Task:1')).toEqual(['b']);
  });

  test('DELETE accepts `fileid` and `files`, in the body and in the query', async () => {
    await using server = await startTestServer();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const ids = await stored(server, ...names);
    const path = '/api/2.0/project/task/1/files';
    await call(server, path, json({ files: ids }));
    const urlencoded = (pairs: [string, string][]) => ({ body: new URLSearchParams(pairs) });
    for (const [suffix, init, left] of [
      ['', json({ taskid: 1, fileid: ids[0] }), 'b c d e f g h'],
      [`?fileid=${ids[1]}`, {}, 'c d e f g h'],
      ['.json', urlencoded([['fileid', `${ids[2]}`]]), 'd e f g h'],
      ['many', json({ files: [ids[3], ids[4]] }), 'f g h'],
      [`many.json?files=${ids[5]}&files=${ids[6]}`, {}, 'h'],
      ['Many', urlencoded([['files[]', `${ids[7]}`]]), ''],
    ] as const) {
      const { status, body } = await call(server, path + suffix, { ...init, method: 'DELETE' });
      expect([status, body.status, body.response.id]).toEqual([200, 0, 1]);
      expect((await namesOn(server, 'Task:1')).join(' ')).toBe(left);
    }
  });

  test('an invalid DELETE returns 400 or 404, and no file is detached', async () => {
    await using server = await startTestServer();
    const ids = await stored(server, 'a', 'b');
    const path = '/api/2.0/project/task/1/files';
    await call(server, path, json({ files: ids }));
    for (const [suffix, init, status] of [
      ['', {}, 400],
      ['many', {}, 400],
      ['', json({ fileid: 'a' }), 400],
      ['?fileid=999', {}, 404],
      ['many', json({ files: [ids[0], 999] }), 404],
      ['/upload', {}, 404],
    ] as const) {
      expect((await call(server, path + suffix, { ...init, method: 'DELETE' })).status).toBe(status);
    }
    expect((await call(server, `${path}many`, json({ files: ids }))).status).toBe(404);
    expect((await call(server, '/api/2.0/crm/contact/1/files?fileid=1', { method: 'DELETE' })).status).toBe(404);
    expect(await namesOn(server, 'Task:1')).toEqual(['a', 'b']);
  });
});

describe('files of an entity', () => {
  test.each([
    ['contact', 'Contact:1', null],
    [
      'opportunity',
      'Opportunity:1',
      { entityType: 'opportunity', entityId: 1, entityTitle: 'Analytical engine for the post office' },
    ],
    ['case', 'Case:1', { entityType: 'case', entityId: 1, entityTitle: 'The engine skips a tooth' }],
  ])('attaching files to a %s returns an event and adds it to the history', async (kind, id, entity) => {
    await using server = await startTestServer();
    const ids = await stored(server, 'a.png', 'b.xlsx');
    const { status, body } = await call(
      server,
      `/api/2.0/crm/${kind}/1/files`,
      json({ entityType: kind, entityid: 1, fileids: ids }),
    );
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(['count', 'status', 'statusCode', 'response']);
    expect(body.response).toMatchObject({
      id: 1,
      createBy: administrator,
      created: moment,
      content: 'File upload',
      category: { id: -2, title: 'File upload' },
      entity,
      canEdit: true,
      files: [
        { id: ids[0], title: 'a.png', fileType: 4, updatedBy: administrator },
        { id: ids[1], fileType: 5 },
      ],
    });
    if (kind === 'contact') {
      expect(body.response.contact).toEqual({
        id: 1,
        displayName: 'Ada Lovelace',
        isCompany: false,
        smallFotoUrl: '',
        mediumFotoUrl: '',
        email: null,
        accessList: [],
        isPrivate: false,
        isShared: true,
        shareType: 1,
        currency: null,
        canEdit: true,
        canDelete: true,
      });
    } else expect(body.response.contact).toBeNull();
    expect(await namesOn(server, id)).toEqual(['a.png', 'b.xlsx']);
    const query = 'query ($id: ID!) { entity(id: $id) { history { nodes { databaseId files { name } } } } }';
    expect(await ask(server, query, { id })).toMatchObject({
      entity: { history: { nodes: [{ databaseId: 1, files: [{ name: 'a.png' }, { name: 'b.xlsx' }] }] } },
    });
  });

  test('GET lists the files of an entity', async () => {
    await using server = await startTestServer();
    await call(server, '/api/2.0/crm/case/1/files', json({ fileids: await stored(server, 'a') }));
    const { status, body } = await call(server, '/api/2.0/crm/case/1/files', { method: 'GET' });
    expect([status, body.count, body.response[0].title]).toEqual([200, 1, 'a']);
  });
});

describe('uploading a file', () => {
  test.each(['project/task/1', 'crm/contact/1'])(
    'a file uploaded to %s is stored, attached, emitted and downloadable',
    async (place) => {
      await using server = await startTestServer();
      const on = place.startsWith('crm') ? 'Contact:1' : 'Task:1';
      await using subscriber = await subscribeToEvents(server, on);
      const form = new FormData();
      form.append('file', new Blob(['x'.repeat(12_288)]), 'räksmörgås.txt');
      const { status, body } = await call(server, `/api/2.0/${place}/files/upload`, { body: form });
      expect(status).toBe(201);
      expect(body.response).toMatchObject({
        title: 'räksmörgås.txt',
        contentLength: '12 KB',
        pureContentLength: 12_288,
      });
      expect(await subscriber.next()).toMatchObject({ type: 'FILE_ADDED', file: { name: 'räksmörgås.txt' } });
      const content = await fetch(body.response.viewUrl, { headers: { authorization: ADMIN_KEY } });
      expect(await content.text()).toBe('x'.repeat(12_288));
    },
  );

  test('a raw body takes its name from Content-Disposition', async () => {
    await using server = await startTestServer();
    for (const [disposition, name] of [
      ['attachment; filename="a \\"b\\".txt"', 'a "b".txt'],
      ["attachment; filename=x; filename*=UTF-8''%C3%A9.txt", 'é.txt'],
      ['attachment; filename=plain.txt', 'plain.txt'],
      ["attachment; filename*=ISO-8859-1'de'Gr%FC%DFe.txt", 'Grüße.txt'],
      ["attachment; filename=fallback.txt; filename*=UTF-8''%zz", 'fallback.txt'],
      ['filename="no type.txt"', 'no type.txt'],
      ["filename*=UTF-8''%C3%A9;type=x", 'é'],
      ['form-data; name="file"; filename="of a; form.txt"', 'of a; form.txt'],
      ['attachment; filename="C:\\fakepath\\new.txt"', 'new.txt'],
      ['attachment; filename="/home/ada/notes.txt"', 'notes.txt'],
      ["attachment; filename*=UTF-8''..%2Fetc%2Fpasswd", 'passwd'],
      [Buffer.from('attachment; filename="räksmörgås.txt"').toString('latin1'), 'räksmörgås.txt'],
      ['attachment; filename="Latin-1 is é.txt"', 'Latin-1 is é.txt'],
      ['attachment', 'file'],
    ] as const) {
      const headers = { 'content-disposition': disposition, 'content-type': 'text/plain' };
      const { status, body } = await call(server, '/api/2.0/project/task/1/files/upload', { body: 'bytes', headers });
      expect([status, body.response.title]).toEqual([201, name]);
    }
  });

  test('an upload of several files returns a list, and a form sent to …/files is accepted too', async () => {
    await using server = await startTestServer();
    const form = () => {
      const files = new FormData();
      for (const name of ['a', 'b']) files.append('file', new Blob([name]), name);
      return files;
    };
    const several = await call(server, '/api/2.0/project/task/1/files/upload', { body: form() });
    expect([several.body.count, several.body.response.length]).toEqual([2, 2]);
    const event = await call(server, '/api/2.0/crm/case/1/files', { body: form() });
    expect(event.body.response.files.map((file: { title: string }) => file.title)).toEqual(['a', 'b']);
  });

  test('one file above MAX_FILE_SIZE is a 413, and no file of the request is stored', async () => {
    await using server = await startTestServer({ MAX_FILE_SIZE: '10' });
    const form = new FormData();
    form.append('file', new Blob(['small']), 'small');
    form.append('file', new Blob(['x'.repeat(11)]), 'large');
    const { status, body } = await call(server, '/api/2.0/project/task/1/files/upload', { body: form });
    expect([status, body.statusCode]).toEqual([413, 413]);
    expect(await namesOn(server, 'Task:1')).toEqual([]);
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });

  test('an upload without a name or without a file returns 400', async () => {
    await using server = await startTestServer();
    const path = '/api/2.0/project/task/1/files/upload';
    expect((await call(server, path, { body: 'bytes' })).status).toBe(400);
    expect((await call(server, path, { body: new FormData() })).status).toBe(400);
  });
});

describe('errors have the format of ONLYOFFICE', () => {
  test.each<[string, string, RequestInit, number]>([
    ['an unknown task', '/api/2.0/project/task/999/files', {}, 404],
    ['task 0', '/api/2.0/project/task/0/files', {}, 404],
    ['entity 0', '/api/2.0/crm/contact/0/files', {}, 400],
    ['an unknown entity', '/api/2.0/crm/contact/999/files', {}, 404],
    ['an unknown kind of entity', '/api/2.0/crm/person/1/files', {}, 404],
    ['a number that no id has', '/api/2.0/project/task/99999999999999999999/files', {}, 400],
    ['a file number that no id has', '/api/2.0/project/task/1/files', json({ files: [2 ** 31] }), 400],
    ['a file number without end', '/api/2.0/project/task/1/files', json({ files: ['9'.repeat(1000)] }), 400],
    ['a negative file number', '/api/2.0/project/task/1/files', json({ files: [-1] }), 404],
    [
      'JSON that breaks off',
      '/api/2.0/project/task/1/files',
      { body: '{"files":[1', headers: { 'content-type': 'application/json' } },
      400,
    ],
    ['JSON that is no object', '/api/2.0/project/task/1/files', json([1]), 400],
    ['ids that are none', '/api/2.0/project/task/1/files', json({ files: [{}, 'x', 1.5] }), 400],
    ['too many ids', '/api/2.0/project/task/1/files', json({ files: Array.from({ length: 1001 }, (_, i) => i) }), 400],
    [
      'more JSON than any list of ids has',
      '/api/2.0/project/task/1/files',
      json({ files: Array(600_000).fill(1) }),
      413,
    ],
    [
      'a form that breaks off',
      '/api/2.0/project/task/1/files',
      { body: '--x\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      400,
    ],
    [
      'a form without a boundary',
      '/api/2.0/project/task/1/files/upload',
      { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
      400,
    ],
    ['the address of the document as it stands there', '/api/2.0/project/task/%7Btaskid:[0-9]+%7D/files', {}, 404],
    ['an address that cannot be decoded', '/api/2.0/project/task/%/files', {}, 404],
    ['a call that is not there', '/api/2.0/people', { method: 'GET' }, 404],
    ['a method that is not there', '/api/2.0/project/task/1/files', { method: 'PUT' }, 404],
  ])('rejects %s', async (_what, path, init, status) => {
    await using server = await startTestServer();
    const answered = await call(server, path, init);
    expect(answered.status).toBe(status);
    expect(answered.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answered.body).toEqual({
      status: 1,
      statusCode: status,
      error: { message: expect.any(String), hresult: -2147467259, data: {} },
    });
    expect(answered.text).not.toMatch(/stack|\.ts:/i);
    expect(answered.text.length).toBeLessThan(300);
  });

  test.each(['x', ';', 'text/plain', ''])('accepts a JSON body with the content type "%s"', async (type) => {
    await using server = await startTestServer();
    const init = { body: '{"files":[]}', headers: { 'content-type': type } };
    expect((await call(server, '/api/2.0/project/task/1/files', init)).status).toBe(201);
  });

  test('a viewer of the project gets 403, and a user without access 404', async () => {
    await using server = await startTestServer();
    const viewer = await newPerson(server, 'Viewer', { role: 'VIEWER' });
    const outsider = await newPerson(server, 'Stranger');
    const path = '/api/2.0/project/task/1/files';
    for (const [{ key }, status] of [
      [viewer, 403],
      [outsider, 404],
    ] as const)
      expect((await call(server, path, { headers: { authorization: key } })).status).toBe(status);
  });
});

describe('authentication', () => {
  const path = '/api/2.0/project/task/1/files';
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  test.each([
    ADMIN_KEY,
    `Bearer ${ADMIN_KEY}`,
    basic(`me@example.com:${ADMIN_KEY}`),
    basic(`${ADMIN_KEY}:`),
    basic(`${ADMIN_KEY}:x`),
  ])('accepts the authorization "%s"', async (authorization) => {
    await using server = await startTestServer();
    expect((await fetch(server.url + path, { headers: { authorization } })).status).toBe(200);
  });

  test('returns 401 before it reads the request, with the scheme only if credentials were sent', async () => {
    await using server = await startTestServer();
    const init = { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } };
    const none = await fetch(`${server.url}/api/2.0/project/task/0/files`, init);
    expect([none.status, await none.text(), none.headers.get('www-authenticate')]).toEqual([401, 'Unauthorized', null]);
    const wrong = await fetch(server.url + path, { headers: { authorization: basic('a:b') } });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toBe('Basic Realm="127.0.0.1"');
    expect(await wrong.text()).toBe('Unauthorized');
  });
});
