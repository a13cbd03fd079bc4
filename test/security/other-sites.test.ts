import { describe, expect, test } from 'vitest';
import { basic } from '../legacy/kanboard.ts';
import { adminHeader, answerOf, md5, startSigningServer } from '../legacy/worksection-calls.ts';
import { curl } from '../support/curl.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { rawRequest } from './raw.ts';

/**
 * A browser that has Basic credentials sends them with every request that a page of another site
 * makes (CSRF). The headers of browsers are set by hand, because `fetch` of Node does not send them
 * and refuses some.
 */

const body = JSON.stringify({ jsonrpc: '2.0', method: 'createProject', params: ['forged'], id: 1 });

const send = (
  server: TestServer,
  headers: Record<string, string>,
  path = '/jsonrpc.php',
  method = 'POST',
  text = body,
) =>
  rawRequest(server.url, {
    method,
    path,
    headers: { authorization: basic('jsonrpc', server.key), ...headers },
    body: text,
  });

async function projects(server: TestServer): Promise<number> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: '{"query":"{ projects { totalCount } }"}',
  });
  return (await response.json()).data.projects.totalCount;
}

const other = 'https://attacker.example';
const forged: [what: string, headers: Record<string, string>][] = [
  ['of another origin', { origin: other }],
  ['of a page in a sandbox', { origin: 'null' }],
  ['of another port of the same host', { origin: 'http://127.0.0.1:1' }],
  ['of another site, without an origin', { 'sec-fetch-site': 'cross-site' }],
  ['of another host of the same site, without an origin', { 'sec-fetch-site': 'same-site' }],
  ['of an origin that only begins like this one', { origin: 'http://127.0.0.1.attacker.example' }],
];

describe('Kanboard', () => {
  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'TEXT/PLAIN',
    'text/plain; application/json',
    'multipart/form-data; boundary=x',
  ])('rejects a body of type %s with 415', async (type) => {
    await using server = await startTestServer();
    const before = await projects(server);
    const { status, text } = await send(server, { 'content-type': type });
    expect([status, JSON.parse(text).error.code]).toEqual([415, -32000]);
    expect(await projects(server)).toBe(before);
  });

  test.each(forged)('rejects a request %s with 403, for each content type', async (_what, headers) => {
    await using server = await startTestServer({ CORS_ORIGINS: '*' });
    const before = await projects(server);
    for (const type of ['application/json', 'application/x-www-form-urlencoded', undefined]) {
      const { status, text } = await send(server, { ...headers, ...(type ? { 'content-type': type } : {}) });
      expect([type, status, JSON.parse(text).error]).toEqual([type, 403, { code: 403, message: 'Forbidden' }]);
    }
    expect(await projects(server)).toBe(before);
  });

  test('accepts requests from its own origin, PUBLIC_URL and CORS_ORIGINS', async () => {
    const env = { CORS_ORIGINS: 'https://desk.example', PUBLIC_URL: 'https://files.example/attache' };
    await using server = await startTestServer(env);
    for (const origin of [server.url, 'https://desk.example', 'https://files.example']) {
      const headers = { 'content-type': 'application/json', origin, 'sec-fetch-site': 'cross-site' };
      expect([origin, (await send(server, headers)).status]).toEqual([origin, 200]);
    }
    for (const site of ['same-origin', 'none'])
      expect((await send(server, { 'sec-fetch-site': site })).status).toBe(200);
  });

  test.runIf(isInstalled('curl'))('accepts requests without browser headers, such as those of `curl -d`', async () => {
    await using server = await startTestServer();
    const { status } = await curl('-u', `jsonrpc:${server.key}`, '-d', body, `${server.url}/jsonrpc.php`);
    expect(status).toBe(200);
  });
});

describe('ONLYOFFICE', () => {
  const calls = [
    ['POST', '/api/2.0/project/task/1/files', 'application/x-www-form-urlencoded', 'files=1'],
    ['POST', '/api/2.0/project/task/1/files/upload', 'multipart/form-data; boundary=x', '--x--\r\n'],
    ['DELETE', '/api/2.0/project/task/1/files/1', 'text/plain', ''],
    ['GET', '/api/2.0/project/task/1/files', 'text/plain', ''],
  ] as const;

  test.each(forged)('rejects a request with Basic credentials %s', async (_what, headers) => {
    await using server = await startTestServer();
    for (const [method, path, type, text] of calls) {
      const { status } = await send(server, { ...headers, 'content-type': type }, path, method, text);
      expect([method, path, status]).toEqual([method, path, 403]);
    }
  });

  test('accepts a bearer token from a page of any origin', async () => {
    await using server = await startTestServer();
    const headers = { authorization: `Bearer ${server.key}`, origin: other };
    expect((await send(server, headers, '/api/2.0/project/task/1/files', 'GET', '')).status).toBe(200);
  });
});

describe('Worksection executes only the signed action', () => {
  const url = (server: TestServer, query = '') => `${server.url}/api/admin/v2/${query}`;
  const urlencoded = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
  const multipart = (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('attach[0]', new Blob(['a']), 'a');
    return { method: 'POST', body: form };
  };
  const json = (value: object) => ({
    method: 'POST',
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  });

  const task = { action: 'post_task', id_project: '1', title: 'forged' };
  const attempts: [
    what: string,
    signed: string,
    query: string,
    init: { method: string; body: BodyInit; headers?: Record<string, string> },
  ][] = [
    ['nothing, and an action in a form', '', '', urlencoded(task)],
    ['nothing, and an action in a multipart form', '', '', multipart(task)],
    ['nothing, and an action in JSON', '', '', json(task)],
    ['another action than that of JSON', 'get_projects', '', json(task)],
    [
      'one action of two in a query',
      'get_projects',
      '?action=get_projects&action=post_task&id_project=1&title=x',
      urlencoded({}),
    ],
    [
      'the other action of two in a query',
      'post_task',
      '?action=get_projects&action=post_task&id_project=1&title=x',
      urlencoded({}),
    ],
    ['an action beside one in a list', 'get_projects', '?action=get_projects&action[]=post_task', urlencoded(task)],
    ['an action beside one in capitals', 'get_projects', '?action=get_projects&Action=post_task', urlencoded(task)],
    ['an action in capitals alone, with another in a form', '', '?Action=get_projects', urlencoded(task)],
    ['a list of actions in JSON', 'post_task', '', json({ ...task, action: ['post_task'] })],
  ];

  test.each(attempts)('rejects a time signature of %s', async (_what, signed, query, init) => {
    await using server = await startSigningServer();
    const headers = { ...init.headers, authorization: adminHeader(server.key, signed) };
    const { body: answer } = await answerOf(await fetch(url(server, query), { ...init, headers }));
    expect(answer).toMatchObject({ status: 'error', status_code: 2 });
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });

  test('ignores an action in the body beside a signed query, with a hash and with a time signature', async () => {
    await using server = await startSigningServer();
    const query = 'action=get_projects';
    for (const init of [urlencoded(task), multipart(task), json(task)]) {
      const hashed = await fetch(url(server, `?${query}&hash=${md5(query + server.key)}`), init);
      expect((await answerOf(hashed)).body.data[0].name).toBe('Website relaunch');
      const authorization = adminHeader(server.key, 'get_projects');
      const headers = { ...('headers' in init ? init.headers : {}), authorization };
      const timed = await fetch(url(server, `?${query}`), { ...init, headers });
      expect((await answerOf(timed)).body.data[0].name).toBe('Website relaunch');
    }
  });

  test('rejects a signed text that is sent as several parameters', async () => {
    await using server = await startSigningServer();
    const text = 'action=post_task&id_project=1&title=Q&action=get_files';
    const hash = md5(text + server.key);
    const { body: answer } = await answerOf(await fetch(url(server, `?${text}&hash=${hash}`)));
    expect(answer.status_code).toBe(2);
    const honest = `action=post_task&id_project=1&title=${encodeURIComponent('Q&action=get_files')}`;
    const { body: done } = await answerOf(await fetch(url(server, `?${honest}&hash=${hash}`)));
    expect(done.data.name).toBe('Q&action=get_files');
  });
});
