import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../../support/client.ts';
import { type ServerProcess, startProcess } from '../../support/process.ts';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { ADMIN_KEY } from '../../support/server.ts';

interface Line {
  msg: string;
  path?: string;
  status?: number;
  omitted?: number;
  userId?: number;
  transport?: string;
}

async function withServer(env: Record<string, string>, use: (server: ServerProcess) => Promise<void>): Promise<Line[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-log-'));
  await using server = await startProcess({
    DATA_DIR: folder.path,
    ATTACHE_ADMIN_KEY: ADMIN_KEY,
    LOG_LEVEL: 'info',
    ...env,
  });
  await use(server);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
  const texts = server.logged().split('\n').filter(Boolean);
  return texts.map((text) => JSON.parse(text) as Line);
}

test('a flood of clients without credentials is logged as 300 lines a minute and a count, and hides no user', async () => {
  const started = performance.now();
  const lines = await withServer({}, async (server) => {
    for (let round = 0; round < 20; round++)
      await Promise.all(Array.from({ length: 50 }, () => fetch(`${server.url}/unknown`).then((sent) => sent.text())));
    await ask(server, '{ viewer { id } }');
  });
  const minutes = 1 + Math.floor((performance.now() - started) / 60_000);
  const requests = lines.filter(({ msg }) => msg === 'request');
  const flood = requests.filter(({ path }) => path === '/unknown');
  expect(flood.length).toBeGreaterThanOrEqual(300);
  expect(flood.length).toBeLessThanOrEqual(300 * minutes);
  const omitted = lines.filter(({ msg }) => msg === 'further requests were not logged');
  expect(flood.length + omitted.reduce((sum, line) => sum + (line.omitted ?? 0), 0)).toBe(1000);
  expect(requests).toContainEqual(expect.objectContaining({ path: '/graphql', status: 200, userId: 1 }));
});

test('LOG_REQUESTS=off logs no request, and a full disk is logged once', async () => {
  const lines = await withServer({ LOG_REQUESTS: 'off', MIN_FREE_BYTES: '1000 TiB' }, async (server) => {
    await ask(server, '{ viewer { id } }');
  });
  const messages = lines.map(({ msg }) => msg);
  expect(messages).not.toContain('request');
  expect(messages.filter((text) => text.startsWith('the disk is full'))).toHaveLength(1);
  expect(messages).toEqual(expect.arrayContaining(['starting', 'listening', 'stopping', 'stopped']));
});

test('probes are logged when they fail', async () => {
  const lines = await withServer({}, async (server) => {
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      await (await fetch(`${server.url}${path}`)).text();
  });
  const requests = lines.filter(({ msg }) => msg === 'request');
  expect(requests.map(({ path, status }) => [path, status])).toEqual([['/metrics', 401]]);
});

test('an operation of a WebSocket that is refused has a line as well', async () => {
  const lines = await withServer({ MAX_QUERY_TOKENS: '100' }, async (server) => {
    await using connection = await openProtocolSocket(server, ADMIN_KEY);
    for (const [index, query] of ['{ viewer {', '{ unknown }', '', '{ viewer { id } }'].entries())
      connection.socket.send(JSON.stringify({ id: `${index}`, type: 'subscribe', payload: { query } }));
    await expect.poll(() => connection.received.filter(({ type }) => type === 'error')).toHaveLength(3);
  });
  const operations = lines.filter(({ msg, transport }) => msg === 'request' && transport === 'websocket');
  expect(operations.map(({ status, userId }) => [status, userId]).sort()).toEqual([
    [200, 1],
    [400, 1],
    [400, 1],
    [400, 1],
  ]);
});
