import { once } from 'node:events';
import { chmod, chown, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { findConnection, parseServerUrl } from '../../../src/client/connection.ts';
import { writeCredentials } from '../../../src/client/credentials.ts';
import { createCliUser } from '../../support/client-cli.ts';
import { startTestServer } from '../../support/server.ts';

test('login verifies the key and stores it for its user alone; logout removes it', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser();
  const credentials = user.path('.config/attache/credentials.json');
  expect(await user.run(['ls'])).toMatchObject({ code: 3, stderr: expect.stringContaining('run "attache login URL"') });
  expect((await user.run(['login', server.url], { input: 'wrong\n' })).code).toBe(3);
  await expect(stat(credentials)).rejects.toThrow('ENOENT');

  const signedIn = await user.run(['login', `${server.url}/graphql`], { input: `${server.key}\n` });
  expect(signedIn).toMatchObject({ code: 0, stdout: expect.stringContaining(`Signed in to ${server.url} as`) });
  expect(signedIn.stdout + signedIn.stderr).not.toContain(server.key);
  expect((await stat(credentials)).mode & 0o777).toBe(0o600);
  expect((await stat(user.path('.config/attache'))).mode & 0o777).toBe(0o700);
  expect((await user.run(['ls'])).code).toBe(0);
  expect((await user.run(['ls', '--server', server.url])).code).toBe(0);

  await chmod(credentials, 0o640);
  expect(await user.run(['ls'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Others can read ${credentials}`),
  });
  await chmod(credentials, 0o600);
  if (process.getuid?.() === 0) {
    await chown(credentials, 12345, 12345);
    expect((await user.run(['ls'])).stderr).toContain(`${credentials} belongs to another user`);
    await chown(credentials, 0, 0);
  }

  expect((await user.run(['logout'])).code).toBe(0);
  expect(await readFile(credentials, 'utf8')).not.toContain(server.key);
  expect((await user.run(['ls'])).code).toBe(3);
});

test('a stored key is sent to its own server alone, and ATTACHE_KEY precedes it', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  await using user = await createCliUser();
  await user.run(['login', server.url], { input: server.key });
  const elsewhere = await user.run(['ls', '--server', other.url]);
  expect(elsewhere).toMatchObject({ code: 3, stderr: expect.stringContaining(`No key is stored for ${other.url}`) });
  const env = { ATTACHE_URL: server.url, ATTACHE_KEY: 'wrong' };
  expect((await user.run(['ls'], { env })).code).toBe(3);
});

test('ATTACHE_KEY is sent to the server of ATTACHE_URL alone', async () => {
  await using user = await createCliUser();
  const env = { ATTACHE_URL: 'https://files.example.com/graphql', ATTACHE_KEY: 'k', HOME: user.folder };
  const connect = (server?: string) => findConnection(env, server);
  expect(await connect()).toEqual({ url: 'https://files.example.com', key: 'k' });
  expect(await connect('files.example.com')).toEqual({ url: 'https://files.example.com', key: 'k' });
  await expect(connect('https://other.example.com')).rejects.toThrow('ATTACHE_KEY is for https://files.example.com');
  await writeCredentials(env, { servers: { 'https://other.example.com': { key: 'stored', user: 'User:1' } } });
  expect((await connect('https://other.example.com')).key).toBe('stored');
});

test.each([
  ['localhost:4000', 'http://localhost:4000'],
  ['127.0.0.1:4000/graphql', 'http://127.0.0.1:4000'],
  ['[::1]', 'http://[::1]'],
  ['127.example.com', 'https://127.example.com'],
  ['localhost.example.com', 'https://localhost.example.com'],
  ['localhosting.com', 'https://localhosting.com'],
])('the address %s is that of %s', (address, url) => {
  expect(parseServerUrl(address)).toBe(url);
});

test('a key for an address without TLS that is not of this machine gives a warning', async () => {
  await using user = await createCliUser();
  for (const url of ['http://attache.invalid', 'http://127.attache.invalid']) {
    const child = user.start(['ls'], { env: { ATTACHE_URL: url, ATTACHE_KEY: 'k' } });
    await expect.poll(() => child.stderr()).toContain(`${url} is not encrypted; others can read the key.`);
  }
});

test('a key does not follow a redirect to another address', async () => {
  const keys: unknown[] = [];
  const other = createServer((request, response) => {
    keys.push(request.headers.authorization);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const target = `http://127.0.0.1:${(other.address() as AddressInfo).port}/graphql`;
  const redirecting = createServer((_request, response) => {
    response.writeHead(307, { location: target }).end();
  }).listen(0, '127.0.0.1');
  await once(redirecting, 'listening');
  try {
    await using user = await createCliUser();
    const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
    const { code, stderr } = await user.run(['ls'], { env: { ATTACHE_URL: url, ATTACHE_KEY: 'k' } });
    expect([code, stderr]).toEqual([1, `attache: ${url} redirects to ${target}: use that address.\n`]);
    expect(keys).toEqual([]);
  } finally {
    other.close();
    redirecting.close();
  }
});
