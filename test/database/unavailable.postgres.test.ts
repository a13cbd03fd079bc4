import { Client } from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from '../../scripts/support/postgres.ts';
import { bearer } from '../support/download.ts';
import { uploadFile } from '../support/files.ts';
import { openProtocolSocket } from '../support/protocol-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { stream } from '../support/sse-client.ts';

const away = { code: 'SERVICE_UNAVAILABLE', message: expect.stringContaining('Try again') };
const QUERY = '{ tasks { nodes { id } } }';

/** A server with its own PostgreSQL, which can be stopped. */
async function startStoppable() {
  await using stack = new AsyncDisposableStack();
  const postgres = await startPostgres();
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await postgres[Symbol.asyncDispose]();
    isStopped = true;
  };
  stack.defer(stop);
  const { url } = await postgres.createDatabase();
  const server = stack.use(await startTestServer({ DATABASE_URL: url }));
  const owned = stack.move();
  return { server, url, stop, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const post = (server: TestServer, query: string, accept = 'application/json') =>
  fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { ...bearer(server.key), 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
  });

const expectRetry = ({ status, headers }: Response) =>
  expect([status, Number(headers.get('retry-after'))]).toEqual([503, expect.closeTo(5, 0)]);

test('every transport answers 503 with Retry-After, or closes with 1013, while the database is stopped', async () => {
  await using own = await startStoppable();
  const { server } = own;
  const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'a' });
  await using socket = await openProtocolSocket(server, server.key);
  await own.stop();

  for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream']) {
    const response = await post(server, QUERY, accept);
    expectRetry(response);
    expect(await response.json()).toMatchObject({
      errors: [{ message: away.message, extensions: { code: away.code } }],
    });
  }
  const got = await fetch(`${server.graphqlUrl}?${new URLSearchParams({ query: QUERY })}`, {
    headers: bearer(server.key),
  });
  expectRetry(got);
  const form = new FormData();
  form.set('operations', '{"query":"mutation ($f: [Upload!]!) { uploadFiles(input: { files: $f }) { filesCount } }"}');
  expectRetry(await fetch(server.graphqlUrl, { method: 'POST', headers: bearer(server.key), body: form }));

  const rest: [method: string, path: string, headers?: Record<string, string>][] = [
    ['GET', `/files/${file.databaseId}/content`],
    ['GET', `/files/${file.databaseId}/thumbnail`],
    ['GET', '/files/zip?on=Task:1'],
    ['POST', '/uploads', { 'tus-resumable': '1.0.0', 'upload-length': '5' }],
  ];
  for (const [method, path, headers] of rest) {
    const response = await fetch(server.url + path, { method, headers: { ...bearer(server.key), ...headers } });
    expectRetry(response);
    expect(await response.json()).toEqual({ error: away });
  }
  for (const path of ['/v1/tasks/1/attachments', '/api/2.0/crm/contact/1/files'])
    expectRetry(await fetch(server.url + path, { headers: bearer(server.key) }));

  socket.subscribe('1', QUERY);
  expect(await socket.closed).toBe(1013);
  await using later = await openProtocolSocket(server, server.key);
  expect(await later.closed).toBe(1013);
});

test('a running request fails with SERVICE_UNAVAILABLE when the database stops, over HTTP and WebSocket', async () => {
  await using own = await startStoppable();
  const { server } = own;
  await using socket = await openProtocolSocket(server, server.key);
  const lock = new Client(own.url);
  lock.on('error', () => {}); // this connection ends when PostgreSQL stops
  await lock.connect();
  await lock.query('begin');
  await lock.query('lock table tasks in access exclusive mode');
  const answered = post(server, '{ task(id: "Task:1") { id } }');
  socket.subscribe('1', '{ task(id: "Task:1") { id } }');
  const count = "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'";
  await expect.poll(async () => (await lock.query(count)).rows[0].n).toBe(2);
  // PostgreSQL terminates backends in any order when it stops. Terminating the lock first would let
  // the requests succeed.
  await lock.query("select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'");
  await own.stop();

  const error = { message: away.message, extensions: { code: away.code, retryAfterSeconds: 5 } };
  expect(await (await answered).json()).toMatchObject({ errors: [error] });
  expect(await socket.next('1')).toMatchObject({ payload: { errors: [error] } });
});

test('an open SSE stream stays open or ends without an error event when the database stops', async () => {
  await using own = await startStoppable();
  await using events = await stream(own.server, 'Task:1');
  await events.next();
  await own.stop();
  const next = await Promise.race([events.next(), new Promise((resolve) => setTimeout(resolve, 2000, 'open'))]);
  expect(['open', undefined]).toContain(next);
});
