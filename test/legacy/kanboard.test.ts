import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { loseStored } from '../support/small-blobs.ts';
import { base64, basic, call, post } from './kanboard.ts';

const forbidden = '{"jsonrpc":"2.0","error":{"code":403,"message":"Forbidden"},"id":null}';

const error = (code: number, message: string, id: unknown = null, data?: string) => ({
  jsonrpc: '2.0',
  error: { code, message, ...(data ? { data } : {}) },
  id,
});

describe('JSON-RPC', () => {
  test.each<[string, string, unknown]>([
    ['no JSON', '{"jsonrpc": "2.0", "method', error(-32700, 'Parse error')],
    ['nothing', '', error(-32700, 'Parse error')],
    ['a number', '1', error(-32700, 'Parse error')],
    ['text', '"x"', error(-32700, 'Parse error')],
    ['null', 'null', error(-32700, 'Parse error')],
    ['half a character', '{"jsonrpc":"2.0","method":"\\ud800","id":1}', error(-32700, 'Parse error')],
    ['what is nested too deep', '['.repeat(600) + ']'.repeat(600), error(-32700, 'Parse error')],
    ['an empty list', '[]', error(-32600, 'Invalid Request')],
    ['an empty object', '{}', error(-32600, 'Invalid Request')],
    ['no version', '{"method":"getVersion","id":1}', error(-32600, 'Invalid Request')],
    ['another version', '{"jsonrpc":"1.0","method":"getVersion","id":1}', error(-32600, 'Invalid Request')],
    ['no method', '{"jsonrpc":"2.0","id":1}', error(-32600, 'Invalid Request')],
    ['a method that is none', '{"jsonrpc":"2.0","method":1,"id":1}', error(-32600, 'Invalid Request')],
    [
      'parameters that are none',
      '{"jsonrpc":"2.0","method":"getVersion","params":"x","id":1}',
      error(-32600, 'Invalid Request'),
    ],
    ['an unknown method', '{"jsonrpc":"2.0","method":"constructor","id":"a"}', error(-32601, 'Method not found', 'a')],
    [
      'too few parameters',
      '{"jsonrpc":"2.0","method":"getTaskFile","id":1}',
      error(-32602, 'Invalid params', 1, 'Wrong number of arguments'),
    ],
    [
      'too many',
      '{"jsonrpc":"2.0","method":"getTaskFile","params":[1,2],"id":1}',
      error(-32602, 'Invalid params', 1, 'Too many arguments'),
    ],
    [
      'the wrong ones',
      '{"jsonrpc":"2.0","method":"getTaskFile","params":{"id":1},"id":1}',
      error(-32602, 'Invalid params', 1, 'Missing argument: file_id'),
    ],
    ['items that are no requests', '[1,{}]', [error(-32700, 'Parse error'), error(-32600, 'Invalid Request')]],
  ])('answers %s with an error and the status 200', async (_what, body, answer) => {
    await using server = await startTestServer();
    const response = await post(server, body);
    expect([response.status, await response.json()]).toEqual([200, answer]);
  });

  test('answers a batch in the order of its requests, and notifications not at all', async () => {
    await using server = await startTestServer();
    const request = (method: string, id?: unknown) => ({ jsonrpc: '2.0', method, ...(id === undefined ? {} : { id }) });
    const batch = [
      request('getVersion', 1),
      request('getVersion'),
      request('nothing', 'x'),
      request('getVersion', null),
    ];
    const response = await post(server, JSON.stringify(batch));
    expect(await response.json()).toEqual([
      { jsonrpc: '2.0', result: expect.stringMatching(/^1\.2\.\d+$/), id: 1 },
      error(-32601, 'Method not found', 'x'),
    ]);
    const silent = await post(server, JSON.stringify([request('getVersion'), request('nothing')]));
    expect([silent.status, await silent.text()]).toEqual([200, '']);
  });

  test('method names are case-insensitive, large ids keep all digits, and invalid UTF-8 is a parse error', async () => {
    await using server = await startTestServer();
    const response = await post(server, '{"jsonrpc":"2.0","method":"GETversion","id":9007199254740993}');
    expect(await response.text()).toMatch(/^\{"jsonrpc":"2.0","result":"1\.2\.\d+","id":9007199254740993\}$/);
    const invalid = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","method":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('","id":1}'),
    ]);
    const refused = await fetch(`${server.url}/jsonrpc.php`, { method: 'POST', body: invalid });
    expect(await refused.json()).toEqual(error(-32700, 'Parse error'));
  });

  test('a notification is executed and answered with an empty body', async () => {
    await using server = await startTestServer();
    const params = { project_id: 1, task_id: 1, filename: 'quiet.txt', blob: base64('x') };
    const response = await post(server, JSON.stringify({ jsonrpc: '2.0', method: 'createTaskFile', params }));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect((await call<object[]>(server, 'getAllTaskFiles', [1])).result).toMatchObject([{ name: 'quiet.txt' }]);
  });

  test('answers with members in the order of Kanboard, for each accepted content type', async () => {
    await using server = await startTestServer();
    const body = '{"jsonrpc":"2.0","method":"getTaskFile","params":{"0":9},"id":5}';
    for (const type of ['text/json', 'application/octet-stream', 'application/x-www-form-urlencoded']) {
      const response = await post(server, body, undefined, type);
      expect(await response.text()).toBe('{"jsonrpc":"2.0","result":null,"id":5}');
    }
  });
});

describe('credentials', () => {
  const request = '{"jsonrpc":"2.0","method":"getVersion","id":1}';
  const unauthorized = '{"jsonrpc":"2.0","error":{"code":401,"message":"Unauthorized"},"id":null}';

  test.each([
    ['none', undefined],
    ['a wrong key', basic('jsonrpc', 'wrong')],
    ['no name', basic('', 'the-administrator-of-the-tests')],
    ['the name of nobody', basic('eve', 'the-administrator-of-the-tests')],
    ['another scheme', 'Bearer the-administrator-of-the-tests'],
  ])('returns 401 for a request and for a batch with invalid credentials: %s', async (_what, authorization = '') => {
    await using server = await startTestServer();
    for (const body of [request, `[${request}]`]) {
      const response = await post(server, body, authorization);
      expect([response.status, await response.text()]).toEqual([401, unauthorized]);
      expect(response.headers.get('www-authenticate')).toBe('Basic realm="JsonRPC"');
    }
    // The server reports an invalid request before it checks the credentials.
    expect((await post(server, '{', authorization)).status).toBe(200);
    expect((await post(server, '[]', authorization)).status).toBe(200);
    expect((await post(server, request.replace('getVersion', 'nothing'), authorization)).status).toBe(401);
  });

  test('a user signs in with name and key, and owns the files created with them', async () => {
    await using server = await startTestServer();
    const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
    const asAda = basic('Ada', ada.key);
    const id = (await call<number>(server, 'createTaskFile', [1, 1, 'hers.txt', base64('x')], asAda)).result;
    const number = Number(ada.id.replace('User:', ''));
    const row = { id, user_id: number, username: 'Ada', user_name: 'Ada' };
    expect((await call<object[]>(server, 'getAllTaskFiles', [1])).result).toMatchObject([row]);
    const viewer = await newPerson(server, 'Vic', { role: 'VIEWER' });
    const refused = await post(
      server,
      JSON.stringify({ jsonrpc: '2.0', method: 'createTaskFile', params: [1, 1, 'a', base64('x')], id: 1 }),
      basic('Vic', viewer.key),
    );
    expect([refused.status, await refused.text()]).toEqual([403, forbidden]);
    // The same error is returned for what the user may not see and for what does not exist.
    const outsider = await newPerson(server, 'Mallory');
    for (const [method, params] of [
      ['getTaskFile', [id]],
      ['getTaskFile', [999]],
      ['getAllTaskFiles', [1]],
      ['removeTaskFile', [id]],
      ['getTask', [1]],
    ] as const) {
      const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 });
      const answer = await post(server, body, basic('Mallory', outsider.key));
      expect([method, answer.status, await answer.text()]).toEqual([method, 403, forbidden]);
    }
  });
});

describe('values are decoded as PHP decodes them', () => {
  test.each<[string, unknown, unknown]>([
    ['padding left out', 'aGVsbG8', 'aGVsbG8='],
    ['line breaks and junk', 'aGV\r\nsb!G8=*', 'aGVsbG8='],
    ['padding in the middle', 'aGV=sbG8=', 'aGVsbG8='],
    ['signs of another alphabet skipped', '-aGVs_bG8', 'aGVsbG8='],
    ['a number', 1234, '1234'.slice(0, 4)],
  ])('accepts a blob with %s', async (_what, blob, content) => {
    await using server = await startTestServer();
    const id = (await call<number>(server, 'createTaskFile', [1, 1, 'a.txt', blob])).result;
    const expected = Buffer.from(String(content), 'base64').toString('base64');
    expect((await call(server, 'downloadTaskFile', [id])).result).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['nothing', ''],
    ['nothing that can be decoded', '!!!!'],
    ['one sign', 'a'],
    ['a zero, which is nothing to PHP', base64('0')],
    ['null', null],
    ['a list', []],
  ])('a blob of %s creates no file', async (_what, blob) => {
    await using server = await startTestServer();
    expect((await call(server, 'createTaskFile', [1, 1, 'a.txt', blob])).result).toBe(false);
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });

  test.each<[unknown]>([[0], [-1], ['abc'], [''], [null], [[]], [1.5], ['1 or 1=1'], [99_999_999_999], [false]])(
    'the id %j finds no file',
    async (id) => {
      await using server = await startTestServer();
      await call(server, 'createTaskFile', [1, 1, 'a.txt', base64('x')]);
      expect((await call(server, 'getTaskFile', [id])).result).toBeNull();
      expect((await call(server, 'downloadTaskFile', [id])).result).toBe('');
      expect((await call(server, 'removeTaskFile', [id])).result).toBe(false);
      expect((await call(server, 'getAllTaskFiles', [id])).result).toEqual([]);
      expect((await call(server, 'removeAllTaskFiles', [id])).result).toBe(true);
      expect((await call<object[]>(server, 'getAllTaskFiles', ['1'])).result).toHaveLength(1);
    },
  );

  test('is_image depends on the extension of the name, not on the content', async () => {
    await using server = await startTestServer();
    for (const name of ['a.PNG', 'b.jpeg', 'c.Jpg', 'd.gif', 'e.svg', 'f.png.txt', 'png'])
      await call(server, 'createTaskFile', [1, 1, name, base64('no picture')]);
    const rows = (await call<{ name: string; is_image: number }[]>(server, 'getAllTaskFiles', [1])).result ?? [];
    expect(rows.filter((row) => row.is_image === 1).map(({ name }) => name)).toEqual([
      'a.PNG',
      'b.jpeg',
      'c.Jpg',
      'd.gif',
    ]);
  });

  test('a name is truncated to 255 bytes at a character boundary', async () => {
    await using server = await startTestServer();
    const id = (await call(server, 'createTaskFile', [1, 1, `${'x'.repeat(254)}é.txt`, base64('x')])).result;
    expect((await call<{ name: string }>(server, 'getTaskFile', [id])).result?.name).toBe('x'.repeat(254));
  });
});

describe('limits of a batch', () => {
  test('rejects a batch of more than 1,000 requests', async () => {
    await using server = await startTestServer();
    const response = await post(server, JSON.stringify(Array(1001).fill(1)), 'Basic x');
    expect(await response.json()).toMatchObject({
      error: { code: -32600, data: 'A batch may have at most 1000 requests.' },
    });
  });

  test('answers with errors once the results of a batch exceed the maximum size', async () => {
    await using server = await startTestServer();
    const blob = Buffer.alloc(6 * 1024 * 1024, 'x').toString('base64');
    const id = (await call(server, 'createTaskFile', [1, 1, 'large.txt', blob])).result;
    const one = (number: number) => ({ jsonrpc: '2.0', method: 'downloadTaskFile', params: [id], id: number });
    const response = await post(server, JSON.stringify(Array.from({ length: 20 }, (_, index) => one(index))));
    const answers = (await response.json()) as { result?: string; error?: object; id: number }[];
    expect(answers[0]?.result).toBe(blob);
    expect(answers.at(-1)).toMatchObject({ error: { code: -32000 }, id: 19 });
  });

  test('a failed request does not affect the other requests of its batch', async () => {
    await using server = await startTestServer();
    const request = (id: number, title: string) => ({ jsonrpc: '2.0', method: 'createTask', params: [title, 1], id });
    const response = await post(server, JSON.stringify([request(1, 'a'), request(2, 'nul \0'), request(3, 'b')]));
    expect(await response.json()).toMatchObject([
      { result: expect.any(Number) },
      { error: { code: -32000 } },
      { id: 3 },
    ]);
  });
});

test('downloadTaskFile returns an empty string when the stored bytes are missing', async () => {
  await using server = await startTestServer();
  const id = (await call(server, 'createTaskFile', [1, 1, 'a', base64('x')])).result;
  for (const blob of (await server.stored()).blobs) await loseStored(server.dataDir, blob);
  expect((await call(server, 'downloadTaskFile', [id])).result).toBe('');
});

test('creates, lists, downloads and removes files of a project', async () => {
  await using server = await startTestServer();
  const id = (await call<number>(server, 'createProjectFile', [1, 'plan.txt', base64('plan')])).result;
  const row = {
    id,
    name: 'plan.txt',
    path: expect.stringMatching(/^projects\/1\/[0-9a-f]{40}$/),
    project_id: 1,
    size: 4,
  };
  expect((await call(server, 'getProjectFile', { project_id: 1, file_id: id })).result).toMatchObject(row);
  expect((await call(server, 'getAllProjectFiles', [1])).result).toMatchObject([{ ...row, user_name: null }]);
  expect((await call(server, 'downloadProjectFile', [1, id])).result).toBe(base64('plan'));
  expect((await call(server, 'getTaskFile', [id])).result).toBeNull(); // it is attached to no task
  for (const project of ['x', null, '1x', 2]) {
    expect((await call(server, 'getProjectFile', [project, id])).result).toBeNull();
    expect((await call(server, 'removeProjectFile', [project, id])).result).toBe(false);
  }
  expect((await call(server, 'createProjectFile', ['x', 'a', base64('a')])).error).toMatchObject({ code: 0 });
  expect((await call(server, 'removeProjectFile', [1, id])).result).toBe(true);
  expect((await call(server, 'removeProjectFile', [1, id])).result).toBe(false);
  expect((await call(server, 'removeAllProjectFiles', [1])).result).toBe(true);
});

test('createProject, createTask and getTask work, and reject invalid titles and dates', async () => {
  await using server = await startTestServer();
  const project = (await call<number>(server, 'createProject', { name: 'P', description: 'd' })).result;
  const task = (await call<number>(server, 'createTask', { title: 'T', project_id: project, date_due: '2027-01-31' }))
    .result;
  expect((await call(server, 'getTask', [task])).result).toMatchObject({
    id: task,
    title: 'T',
    project_id: project,
    is_active: 1,
  });
  expect((await call(server, 'getTask', [999_999])).result).toBeNull();
  expect((await call(server, 'createTask', ['T', 999_999])).result).toBe(0);
  for (const date_due of [-1, 5, true, '0000-01-01', '+275760-09-13', 'soon', '2027-02-31', '2027-04-31 10:00'])
    expect((await call(server, 'createTask', { title: 'T', project_id: project, date_due })).result).toBe(false);
  expect((await call(server, 'createTask', ['', project])).result).toBe(false);
  expect((await call(server, 'createProject', [''])).result).toBe(false);
});

test('a file above MAX_INLINE_SIZE or of a refused extension returns false, and a larger body 413', async () => {
  await using server = await startTestServer({ MAX_INLINE_SIZE: '1k', REFUSED_EXTENSIONS: 'exe' });
  expect((await call(server, 'createTaskFile', [1, 1, 'a', base64('x'.repeat(1025))])).result).toBe(false);
  expect((await call(server, 'createTaskFile', [1, 1, 'a.exe', base64('x')])).result).toBe(false);
  expect((await post(server, 'x'.repeat(2 ** 20))).status).toBe(413);
});

test('a file created through Kanboard emits an event to GraphQL subscribers', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const id = (await call<number>(server, 'createTaskFile', [1, 1, 'received.txt', base64('x')])).result;
  expect(await listener.next()).toMatchObject({ file: { id: `File:${id}`, name: 'received.txt' } });
});

test('a description that is too long creates nothing, and lists of others stay readable', async () => {
  await using server = await startTestServer();
  const stranger = basic('Mallory', (await newPerson(server, 'Mallory')).key);
  const long = 'x'.repeat(100_001);
  for (const description of [long, 'x'.repeat(9_000_000)])
    expect((await call(server, 'createProject', { name: 'huge', description }, stranger)).result).toBe(false);
  expect((await call(server, 'createTask', { title: 'huge', project_id: 1, description: long })).result).toBe(false);
  const longest = { name: 'long', description: long.slice(1) };
  expect((await call(server, 'createProject', longest, stranger)).result).toBeGreaterThan(1);
  const { projects } = await ask<{ projects: { nodes: { title: string }[] } }>(
    server,
    '{ projects(first: 50) { nodes { title } } }',
  );
  expect(projects.nodes.map(({ title }) => title)).toContain('long');
  expect(projects.nodes.map(({ title }) => title)).not.toContain('huge');
});
