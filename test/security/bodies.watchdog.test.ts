import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { basic } from '../legacy/kanboard.ts';
import { adminHeader } from '../legacy/worksection-calls.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

const MIB = 1024 * 1024;
/** The maximum size of a body that is sent to Kanboard's API. */
const SIZE = 13 * MIB;

interface Way {
  path: string;
  headers: Record<string, string>;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'multipart/form-data; boundary=x' };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Endpoints that read a whole body into memory, with the given key. */
const ways: Record<string, (key: string) => Way> = {
  Kanboard: (key) => ({ path: '/jsonrpc.php', headers: { ...json, authorization: basic('jsonrpc', key) } }),
  'Worksection, signed': (key) => ({
    path: '/api/admin/v2/',
    headers: { ...json, authorization: adminHeader(key, '') },
  }),
  'Worksection with a key': (key) => ({
    path: '/api/admin/v2/?action=get_projects',
    headers: { ...json, authorization: key },
  }),
  ONLYOFFICE: (key) => ({ path: '/api/2.0/project/task/1/files', headers: { ...json, ...bearer(key) } }),
  GraphQL: (key) => ({ path: '/graphql', headers: { ...json, ...bearer(key) } }),
  'a form of GraphQL': (key) => ({ path: '/graphql', headers: { ...form, ...bearer(key) } }),
  'a form of COR': (key) => ({ path: '/v1/tasks/1/attachments', headers: { ...form, ...bearer(key) } }),
};

const opening = '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n';

/** Sends most of a large body, and leaves the request incomplete. */
async function holdOpen({ graphqlUrl }: ServerProcess, { path, headers }: Way, bytes: Buffer): Promise<Socket> {
  const { port, host } = new URL(graphqlUrl);
  const socket = connect({ host: '127.0.0.1', port: Number(port) });
  socket.on('error', () => {}); // the server may close the connection at any time
  const lines = Object.entries({ host, 'content-length': String(SIZE), ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  await once(socket, 'connect');
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  if (headers['content-type']?.startsWith('multipart')) socket.write(opening);
  socket.write(bytes);
  return socket;
}

async function start(folder: string): Promise<ServerProcess> {
  return startProcess({ DATA_DIR: folder, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'error' });
}

describe.each(Object.entries(ways))(
  'eighty incomplete large bodies do not affect other users: %s',
  (_name, wayWith) => {
    test.each([
      ['with a key', ADMIN_KEY],
      ['without one that works', 'unknown-key'],
    ])('sent %s', async (_with, key) => {
      await using folder = await temporaryFolder('bodies');
      await using server = await start(folder.path);
      const bytes = Buffer.alloc(SIZE - MIB, '"');
      const watch = await underWatch(server, ADMIN_KEY, async () => {
        const sockets = await Promise.all(Array.from({ length: 80 }, () => holdOpen(server, wayWith(key), bytes)));
        await pause(3000);
        for (const socket of sockets) socket.destroy();
      });
      expectResponsive(watch);
    });
  },
);

describe.each(Object.entries(ways).slice(0, 5))(
  'bodies with millions of JSON numbers do not affect other users: %s',
  (_name, wayWith) => {
    test.each([
      ['with a key', ADMIN_KEY],
      ['without one that works', 'unknown-key'],
    ])('sent %s', async (_with, key) => {
      await using folder = await temporaryFolder('bodies');
      await using server = await start(folder.path);
      const { path, headers } = wayWith(key);
      const body = `[${'1,'.repeat(6_500_000)}1]`;
      const watch = await underWatch(server, ADMIN_KEY, () =>
        Promise.all(
          Array.from({ length: 5 }, async () => {
            const response = await fetch(new URL(path, server.graphqlUrl), { method: 'POST', headers, body });
            await response.text();
            return response.status;
          }),
        ),
      );
      expectResponsive(watch);
      for (const status of watch.result) expect([200, 400, 401, 413, 429]).toContain(status);
    });
  },
);

test('hundreds of megabytes of WebSocket messages from one user do not affect other users', async () => {
  await using folder = await temporaryFolder('bodies');
  await using server = await start(folder.path);
  const pad = 'x'.repeat(900_000);
  const query = '{ files(filter: { nameContains: "a" }) { totalCount } }';
  const message = (id: number) =>
    JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query, variables: { pad } } });
  const watch = await underWatch(server, ADMIN_KEY, async () => {
    const sockets = Array.from(
      { length: 6 },
      () => new WebSocket(server.graphqlUrl.replace('http', 'ws'), 'graphql-transport-ws'),
    );
    await Promise.all(
      sockets.map(async (socket) => {
        await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${ADMIN_KEY}` } }));
        await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
        for (let id = 0; id < 100; id++) {
          socket.send(message(id));
          await pause(20); // masking takes CPU time of this process, which also runs the watchdog
        }
      }),
    );
    await pause(3000);
    for (const socket of sockets) socket.close();
  });
  expectResponsive(watch);
});
