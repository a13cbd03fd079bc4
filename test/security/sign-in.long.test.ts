import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
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
import { temporaryFolder } from '../support/temporary-folder.ts';

// The limit of attempts is refilled every second, so the clock stands still in these tests.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const viewer = JSON.stringify({ query: '{ viewer { id } }' });

interface Attempt {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The local address to connect from. All of 127.0.0.0/8 belong to this machine. */
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

/** A request with wrong credentials, for each endpoint that accepts credentials. */
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

describe.each(Object.entries(wrong))('guessing credentials by %s', (name, attemptOf) => {
  test('returns 429 to the address that guesses, and not to other addresses', async () => {
    await using server = await startTestServer();
    const answers = [];
    for (let index = 0; index < 40; index++) answers.push(await attempt(server, attemptOf(index)));
    expect(answers[0]?.status).not.toBe(429);
    expect(answers.at(-1)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    // All endpoints share the counter of an address, except signed links and the signatures of
    // calls, which have counters of their own.
    const isApart = name === 'a signed link' || name.startsWith('Worksection');
    expect((await attempt(server, graphqlWith('wrong'))).status).toBe(isApart ? 401 : 429);
    expect((await attempt(server, graphqlWith('wrong', '127.0.0.2'))).status).toBe(401);
    expect((await attempt(server, graphqlWith(ADMIN_KEY, '127.0.0.2'))).status).toBe(200);
  });
});

test('guesses from the same address block a fresh key, and not one that was used before', async () => {
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

test('guesses of keys do not block signed links, and guesses of links do not block keys', async () => {
  await using server = await startTestServer();
  for (let index = 0; index < 40; index++) await attempt(server, graphqlWith(`wrong-${index}`));
  const link = wrong['a signed link'] as (typeof wrong)[string];
  expect((await attempt(server, link(0))).status).toBe(401);
  for (let index = 1; index < 40; index++) await attempt(server, { ...link(index), from: '127.0.0.2' });
  expect((await attempt(server, { ...link(99), from: '127.0.0.2' })).status).toBe(429);
  expect((await attempt(server, graphqlWith(ADMIN_KEY, '127.0.0.2'))).status).toBe(200);
});

test('repeating the same wrong key returns 401 each time, and does not block its address', async () => {
  await using server = await startTestServer();
  for (let index = 0; index < 100; index++) expect((await attempt(server, graphqlWith('old-key'))).status).toBe(401);
  const ada = await newPerson(server, 'Ada');
  expect((await attempt(server, graphqlWith(ada.key))).status).toBe(200);
});

test('200 concurrent guesses are limited as sequential ones are', async () => {
  await using server = await startTestServer();
  const all = Array.from({ length: 200 }, (_, index) => attempt(server, graphqlWith(`wrong-${index}`)));
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  const tried = statuses.filter((status) => status === 401).length;
  expect(tried).toBeGreaterThanOrEqual(30);
  expect(tried).toBeLessThan(40); // one more for each second that the test takes
  expect(statuses.filter((status) => status === 429)).toHaveLength(200 - tried);
});

test('100 concurrent requests with valid fresh keys and links from one address are not limited', async () => {
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

test('a WebSocket with a wrong key is closed with 4401, and with the retryable 1013 once limited', async () => {
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

test('behind a trusted proxy, the limit applies to the forwarded address, and to a /64 network of IPv6', async () => {
  await using server = await startTestServer({ TRUSTED_PROXIES: '127.0.0.1' });
  const as = (client: string, key: string): Attempt => {
    const { headers, ...rest } = graphqlWith(key);
    return { ...rest, headers: { ...headers, 'x-forwarded-for': client } };
  };
  for (let index = 0; index < 40; index++) await attempt(server, as('203.0.113.7', `wrong-${index}`));
  expect((await attempt(server, as('203.0.113.7', 'wrong'))).status).toBe(429);
  expect((await attempt(server, as('203.0.113.8', 'wrong'))).status).toBe(401);
  // An IPv6 client usually controls a whole /64 network.
  for (let index = 0; index < 40; index++) await attempt(server, as(`2001:db8:1:2::${index}`, `wrong-${index}`));
  expect((await attempt(server, as('2001:db8:1:2:ffff::1', 'wrong'))).status).toBe(429);
  expect((await attempt(server, as('2001:db8:1:3::1', 'wrong'))).status).toBe(401);
  // Some proxies add the port of the client.
  for (const address of ['203.0.113.9', '[2001:db8:1:4::1]']) {
    for (let port = 1; port <= 40; port++) await attempt(server, as(`${address}:${port}`, `wrong-${port}`));
    expect([address, (await attempt(server, as(`${address}:41`, 'wrong'))).status]).toEqual([address, 429]);
  }
});

test('a proxy that TRUSTED_PROXIES does not list is logged once', async () => {
  await using folder = await temporaryFolder('proxy');
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

test('thousands of wrong keys log one line, which contains none of them', async () => {
  await using folder = await temporaryFolder('sign-in');
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
  const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  const count = (text: string) => messages.filter((message) => message.includes(text)).length;
  expect(count('fails to sign in')).toBe(1);
  // Refusals have ten lines a minute, and requests are limited by themselves: request-log.test.ts.
  expect(count('a sign-in was refused')).toBeLessThanOrEqual(11);
  expect(messages.length - count('request') - count('a sign-in was refused')).toBeLessThan(5);
  expect(server.logged()).not.toContain('wrong');
});

describe.each(['a signed link', 'Worksection with a hash'])('pages of other sites that try %s', (name) => {
  test('are refused after some attempts, and block no sign-in at the address', async () => {
    await using server = await startTestServer();
    const attemptOf = wrong[name] as (index: number) => Attempt;
    const byPage = (index: number) =>
      attempt(server, {
        ...attemptOf(index),
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      });
    const answers = [];
    for (let index = 0; index < 40; index++) answers.push(await byPage(index));
    expect(answers.at(-1)?.status).toBe(429);
    expect((await attempt(server, attemptOf(99))).status).not.toBe(429);
    expect((await attempt(server, graphqlWith(ADMIN_KEY))).status).toBe(200);
  });
});
