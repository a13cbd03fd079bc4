import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { basic } from '../legacy/kanboard.ts';
import { adminHeader } from '../legacy/worksection-calls.ts';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { few } from '../support/length.ts';
import { newPerson } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';

// What an address may do grows by the second: here time stands still unless a test moves it on.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const viewer = JSON.stringify({ query: '{ viewer { id } }' });

interface Attempt {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Which address it comes from: all of 127.0.0.0/8 are this machine. */
  from?: string;
}

async function attempt(server: Pick<TestServer, 'graphqlUrl'>, { path, method = 'GET', headers, body, from }: Attempt) {
  const url = new URL(path, server.graphqlUrl);
  const request = httpRequest(url, { method, headers: { ...headers }, localAddress: from ?? '127.0.0.1' });
  request.end(body);
  const [response]: [IncomingMessage] = (await once(request, 'response')) as never;
  const text = (await response.toArray()).join('');
  return { status: response.statusCode, headers: response.headers, text };
}

const graphqlWith = (key: string, from?: string): Attempt => ({
  path: '/graphql',
  method: 'POST',
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: viewer,
  ...(from ? { from } : {}),
});

/** A request with wrong credentials at each place where there are any. */
const wrong: Record<string, (index: number) => Attempt> = {
  GraphQL: (index) => graphqlWith(`wrong-${index}`),
  'a download': (index) => ({ path: '/files/1/content', headers: { authorization: `Bearer wrong-${index}` } }),
  'a signed link': (index) => ({ path: `/files/1/content?token=1.${index}.${'x'.repeat(43)}` }),
  'an archive': (index) => ({ path: '/files/zip?on=Task:1', headers: { authorization: `Bearer wrong-${index}` } }),
  tus: (index) => ({
    path: '/uploads',
    method: 'POST',
    headers: { authorization: `Bearer wrong-${index}`, 'tus-resumable': '1.0.0', 'upload-length': '1' },
  }),
  Kanboard: (index) => ({
    path: '/jsonrpc.php',
    method: 'POST',
    headers: { authorization: basic('jsonrpc', `wrong-${index}`), 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'getVersion', id: 1 }),
  }),
  ONLYOFFICE: (index) => ({
    path: '/api/2.0/project/task/1/files',
    headers: { authorization: basic(`wrong-${index}`, `wrong-too-${index}`) },
  }),
  'Worksection with a hash': (index) => ({
    path: `/api/admin/v2/?action=get_projects&hash=${String(index).padStart(32, '0')}`,
  }),
  'Worksection with a signature': (index) => ({
    path: '/api/admin/v2/?action=get_projects',
    headers: { authorization: adminHeader(`wrong-${index}`, 'get_projects') },
  }),
  COR: (index) => ({ path: '/v1/tasks/1/attachments', headers: { authorization: `Bearer wrong-${index}` } }),
};

describe.each(Object.entries(wrong))('who guesses keys by %s', (name, attemptOf) => {
  test('is told to wait, and others are not', async () => {
    await using server = await startTestServer();
    const answers = [];
    for (let index = 0; index < 40; index++) answers.push(await attempt(server, attemptOf(index)));
    expect(answers[0]?.status).not.toBe(429);
    expect(answers.at(-1)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    // The same address with another way in has the same counter, but for links; another address has its own.
    expect((await attempt(server, graphqlWith('wrong'))).status).toBe(name === 'a signed link' ? 401 : 429);
    expect((await attempt(server, graphqlWith('wrong', '127.0.0.2'))).status).toBe(401);
    expect((await attempt(server, graphqlWith(ADMIN_KEY, '127.0.0.2'))).status).toBe(200);
  });
});

test('a key that was used before goes on working beside guesses from the same address, a fresh one waits', async () => {
  await using server = await startTestServer();
  const ada = await newPerson(server, 'Ada');
  const bob = await newPerson(server, 'Bob');
  expect((await attempt(server, graphqlWith(ada.key))).status).toBe(200);
  for (let index = 0; index < 60; index++) await attempt(server, graphqlWith(`wrong-${index}`));
  expect((await attempt(server, graphqlWith(ada.key))).status).toBe(200);
  expect((await attempt(server, graphqlWith(bob.key))).status).toBe(429);
  vi.setSystemTime(Date.now() + 1000);
  expect((await attempt(server, graphqlWith(bob.key))).status).toBe(200);
});

test('guesses of keys keep nobody from the links that work, and expired links nobody from signing in', async () => {
  await using server = await startTestServer();
  for (let index = 0; index < 40; index++) await attempt(server, graphqlWith(`wrong-${index}`));
  const link = wrong['a signed link'] as (typeof wrong)[string];
  expect((await attempt(server, link(0))).status).toBe(401);
  for (let index = 1; index < 40; index++) await attempt(server, { ...link(index), from: '127.0.0.2' });
  expect((await attempt(server, { ...link(99), from: '127.0.0.2' })).status).toBe(429);
  expect((await attempt(server, graphqlWith(ADMIN_KEY, '127.0.0.2'))).status).toBe(200);
});

test('a script that goes on with an old key is told 401 each time, and locks out nobody behind its address', async () => {
  await using server = await startTestServer();
  for (let index = 0; index < 100; index++) expect((await attempt(server, graphqlWith('old-key'))).status).toBe(401);
  const ada = await newPerson(server, 'Ada');
  expect((await attempt(server, graphqlWith(ada.key))).status).toBe(200);
});

test('of 200 guesses at once no more are tried than of those one after the other', async () => {
  await using server = await startTestServer();
  const all = Array.from({ length: 200 }, (_, index) => attempt(server, graphqlWith(`wrong-${index}`)));
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  const tried = statuses.filter((status) => status === 401).length;
  expect(tried).toBeGreaterThanOrEqual(30);
  expect(tried).toBeLessThan(40); // one more for each second that it takes
  expect(statuses.filter((status) => status === 429)).toHaveLength(200 - tried);
});

test('100 fresh keys that work are not held back when they come at once from one address', async () => {
  await using server = await startTestServer();
  const ada = await newPerson(server, 'Ada');
  const file = await uploadFile(server, 'Task:1', 'a');
  const query = (seconds: number) => `{ file(id: "${file.id}") { url(expiresIn: ${seconds}) } }`;
  const links: string[] = [];
  for (let index = 0; index < 100; index++) {
    const { url } = (await ask<{ file: { url: string } }>(server, query(1000 + index))).file;
    links.push(`${new URL(url).pathname}${new URL(url).search}`);
  }
  const all = links.flatMap((path) => [attempt(server, { path }), attempt(server, graphqlWith(ada.key))]);
  expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]));
});

test('a WebSocket with a wrong key counts too, and is told by a code that clients answer by coming back', async () => {
  await using server = await startTestServer();
  const closed = async (key: string) => {
    const client = createClient({
      url: server.wsUrl,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => {},
    });
    const code = await new Promise<number>((resolve) =>
      client.on('closed', (event) => resolve((event as CloseEvent).code)),
    );
    await client.dispose();
    return code;
  };
  expect(await closed('wrong')).toBe(4401);
  for (let index = 0; index < 40; index++) await attempt(server, graphqlWith(`wrong-${index}`));
  expect(await closed('wrong')).toBe(1013);
});

test('behind a trusted proxy, the client that it names is the one who waits', async () => {
  await using server = await startTestServer({ TRUSTED_PROXIES: '127.0.0.1' });
  const as = (client: string, key: string): Attempt => {
    const { headers, ...rest } = graphqlWith(key);
    return { ...rest, headers: { ...headers, 'x-forwarded-for': client } };
  };
  for (let index = 0; index < 40; index++) await attempt(server, as('203.0.113.7', `wrong-${index}`));
  expect((await attempt(server, as('203.0.113.7', 'wrong'))).status).toBe(429);
  expect((await attempt(server, as('203.0.113.8', 'wrong'))).status).toBe(401);
  // Of IPv6, a client has a whole network of addresses.
  for (let index = 0; index < 40; index++) await attempt(server, as(`2001:db8:1:2::${index}`, `wrong-${index}`));
  expect((await attempt(server, as('2001:db8:1:2:ffff::1', 'wrong'))).status).toBe(429);
  expect((await attempt(server, as('2001:db8:1:3::1', 'wrong'))).status).toBe(401);
});

test('a proxy that is not trusted is named in the log once', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-proxy-'));
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'info' };
  const logged = async (trusted: Record<string, string>) => {
    await using server = await startProcess({ ...env, ...trusted });
    const { headers, ...rest } = graphqlWith(ADMIN_KEY);
    const forwarded = { ...rest, headers: { ...headers, 'x-forwarded-for': '203.0.113.7' } };
    for (let index = 0; index < 3; index++) expect((await attempt(server, forwarded)).status).toBe(200);
    return server
      .logged()
      .split('\n')
      .filter((line) => line.includes('TRUSTED_PROXIES'));
  };
  const lines = await logged({});
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('127.0.0.1');
  expect(await logged({ TRUSTED_PROXIES: '127.0.0.1' })).toEqual([]);
});

test('thousands of wrong keys make one line in the log, and none of them is in it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-sign-in-'));
  await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'info' });
  await ask(server, '{ viewer { id } }');
  const ways = Object.values(wrong);
  for (let index = 0; index < few(300, 2000); index += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, some) =>
        attempt(server, (ways[some % ways.length] as (typeof ways)[number])(index + some)),
      ),
    );
  }
  await ask(server, '{ viewer { id } }');
  const lines = server.logged().split('\n').filter(Boolean);
  expect(lines.filter((line) => line.includes('fails to sign in'))).toHaveLength(1);
  expect(lines.length).toBeLessThan(5);
  expect(server.logged()).not.toContain('wrong');
});
