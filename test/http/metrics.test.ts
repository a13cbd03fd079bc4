import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createShareLink } from '../sharing/share-guests.ts';
import { ask, execute } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { type Metrics, readMetrics } from '../support/metrics.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { addKey, addUser } from '../support/user.ts';
import { uploadByTus } from './tus/client.ts';

const scrape = (server: TestServer, key = server.key) =>
  fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
const metricsOf = async (server: TestServer): Promise<Metrics> => readMetrics(await (await scrape(server)).text());

test('only an administrator with a key of the scope ADMIN reads the metrics', async () => {
  await using server = await startTestServer();
  const bob = await addUser(server, 'Bob');
  const reader = await addKey(server, 'User:1', '--scope', 'READ');
  const statuses = [];
  for (const key of [bob.key, reader, 'att_wrong']) statuses.push((await scrape(server, key)).status);
  expect([...statuses, (await fetch(`${server.url}/metrics`)).status]).toEqual([403, 403, 401, 401]);
  const response = await scrape(server);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
});

test('a metrics port answers without a key, and answers nothing else', async () => {
  await using folder = await temporaryFolder('metrics');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'info', METRICS_PORT: '0' };
  await using server = await startProcess(env);
  await expect.poll(() => server.logged()).toContain('listening');
  const url = /"metricsUrl":"([^"]+)"/.exec(server.logged())?.[1] as string;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const metrics = readMetrics(await (await fetch(url)).text());
  expect(metrics.get('attache_info')).toBe(1);
  expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  // Prometheus may send parameters.
  expect((await fetch(`${url}?name=attache_info`)).status).toBe(200);
  for (const path of ['/graphql', '/']) expect((await fetch(new URL(path, url))).status).toBe(404);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
});

test('metrics count requests, uploads, downloads, commits, subscriptions and events, of one server alone', async () => {
  await using server = await startTestServer({ SMALL_FILE_SIZE: '0' });
  await using other = await startTestServer();
  const before = await metricsOf(server);
  const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'hello' });
  await uploadByTus(server, Buffer.from('resumed'), { on: 'Task:1' });
  await (
    await fetch(`${server.url}/files/${file.databaseId}/content`, {
      headers: { authorization: `Bearer ${server.key}` },
    })
  ).text();
  await ask(server, 'query Named { viewer { id } }');
  const uploaded = await metricsOf(server);
  await using subscriber = await subscribeToFileAdded(server, 'Task:1');
  await uploadFile(server, 'Task:1', { name: 'b.txt', content: 'b' });
  await subscriber.next();
  const after = await metricsOf(server);
  const added = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const count = (name: string) => (uploaded.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(count('attache_uploaded_files_total')).toBe(2);
  expect(count('attache_uploaded_bytes_total')).toBe('hello'.length + 'resumed'.length);
  expect(added('attache_downloaded_bytes_total')).toBe('hello'.length);
  expect(after.get('attache_uploads_in_progress')).toBe(0);
  expect(after.get('attache_subscriptions')).toBe(1);
  expect(after.get('attache_websockets')).toBe(1);
  expect(added('attache_event_lag_seconds_count')).toBeGreaterThan(0);
  expect(added('attache_event_log_entries')).toBeGreaterThan(2);
  expect(added('attache_commit_transactions_count')).toBeGreaterThan(2);
  expect(added('attache_commit_duration_seconds_sum')).toBeGreaterThan(0);
  expect(after.get('attache_requests_total{transport="http",route="/graphql",operation="Named",status="200"}')).toBe(1);
  expect(after.get('attache_request_duration_seconds_count{route="/uploads/:id",operation=""}')).toBe(1);
  expect(added('attache_received_bytes_total{route="/graphql"}')).toBeGreaterThan(500);
  expect(added('attache_sent_bytes_total{route="/files/:id/content"}')).toBeGreaterThan(100);
  expect(after.get('attache_database_bytes')).toBeGreaterThan(10_000);
  expect(after.get('attache_free_bytes')).toBeGreaterThan(0);
  expect(after.get('attache_uploads_refused')).toBe(0);
  expect((await metricsOf(other)).get('attache_uploaded_files_total')).toBe(0);
});

const namesIn = async (server: TestServer) =>
  new Set(
    [...(await metricsOf(server)).keys()].flatMap(
      (key) => /attache_requests_total\{.*operation="([^"]+)"/.exec(key)?.[1] ?? [],
    ),
  );

test('names of operations have at most 300 series, of which one user adds 150, whatever clients send', async () => {
  await using server = await startTestServer();
  const alice = await addUser(server, 'Alice');
  const bob = await addUser(server, 'Bob');
  const send = async (name: string, key: string) => {
    await Promise.all(
      Array.from({ length: 160 }, (_, index) => ask(server, `query ${name}${index} { viewer { id } }`, {}, key)),
    );
    await ask(server, `query ${'N'.repeat(5000)} { viewer { id } }`, {}, key);
    return namesIn(server);
  };
  const first = await send('Alice', alice.key);
  expect(first.size).toBe(151);
  expect(first).toContain('other');
  expect(await namesIn(server)).not.toContain('Named');
  await ask(server, 'query Named { viewer { id } }');
  const second = await send('Bob', bob.key);
  expect(second.size).toBe(301);
  expect(second).toContain('Named');
});

test('operations of guests share one name, also refused ones, unless only trusted documents run', async () => {
  const query = 'query FromTheManifest { share { name } }';
  await using folder = await temporaryFolder('documents');
  const manifest = join(folder.path, 'documents.json');
  await writeFile(manifest, JSON.stringify({ one: query }));
  for (const env of [{}, { TRUSTED_DOCUMENTS: manifest }]) {
    await using server = await startTestServer(env);
    const { token } = await createShareLink(server);
    for (const sent of [query, 'query Invented { share { name } }', 'query Refused { viewer { id } }'])
      await execute(server, sent, {}, token);
    const names = await namesIn(server);
    expect([...names].filter((name) => ['guest', 'FromTheManifest', 'Invented', 'Refused'].includes(name))).toEqual(
      'TRUSTED_DOCUMENTS' in env ? ['FromTheManifest'] : ['guest'],
    );
  }
});
