import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSql } from '../../support/database.ts';
import { cursorOf, readEvents } from '../../support/events.ts';
import { startProcess } from '../../support/process.ts';
import { ADMIN_KEY } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { begin, bytesOf, offsetOf, type Place, piece, sha256, tus, uploadByTus } from './client.ts';

/** Starts two processes with one database and one folder, as behind a load balancer. */
async function twoProcesses() {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('tus-two'));
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY };
  const one = stack.use(await startProcess(env));
  const other = stack.use(await startProcess(env));
  const moved = stack.move();
  const at = ({ graphqlUrl }: { graphqlUrl: string }): Place => ({ url: new URL(graphqlUrl).origin, key: ADMIN_KEY });
  return {
    processes: [one, other] as const,
    one: at(one),
    other: at(other),
    server: other,
    dataDir: folder.path,
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

const bytes = bytesOf(2_000_000);

async function sumOf(place: Place, file: string | null): Promise<string> {
  const content = await tus(place, 'GET', `/files/${file?.replace('File:', '')}/content`);
  return sha256(Buffer.from(await content.arrayBuffer()));
}

/** Sends a PATCH to one server, and leaves it open. */
async function hold(place: Place, dataDir: string, path: string) {
  const sending = request(new URL(path, place.url), {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${place.key}`,
      'tus-resumable': '1.0.0',
      ...piece(0),
      'content-length': bytes.length,
    },
  });
  sending.on('error', () => {});
  sending.write(bytes.subarray(0, 1_000_000));
  for (let taken = 0; taken === 0; )
    taken = (await runSql(dataDir, 'select 1 from resumable_uploads where lease is not null')).length;
  return sending;
}

test('chunks of one upload may go to two servers in turn', async () => {
  await using servers = await twoProcesses();
  const path = await begin(servers.one, bytes.length, { on: 'Task:1', filename: 'both.bin' });
  const after = await cursorOf(servers.server, 'Task:1');
  for (let from = 0, turn = 0; from < bytes.length; from += 250_000, turn++) {
    const place = turn % 2 === 0 ? servers.one : servers.other;
    expect((await tus(place, 'PATCH', path, piece(from), bytes.subarray(from, from + 250_000))).status).toBe(204);
    expect(await offsetOf(turn % 2 === 0 ? servers.other : servers.one, path)).toBe(from + 250_000);
  }
  expect(await readEvents(servers.server, 'Task:1', { after })).toHaveLength(1);
  const { file } = (await (await tus(servers.one, 'GET', path)).json()) as { file: string };
  expect(await sumOf(servers.other, file)).toBe(sha256(bytes));
});

test('a stalled connection at one server does not block the upload at the other', async () => {
  await using servers = await twoProcesses();
  const path = await begin(servers.one, bytes.length, { on: 'Task:1', filename: 'stuck.bin' });
  const sending = await hold(servers.one, servers.dataDir, path);
  const interrupted = once(sending, 'response');
  // HEAD at the other server ends the stalled PATCH and counts the bytes it has received.
  expect(await offsetOf(servers.other, path)).toBe(1_000_000);
  expect((await interrupted)[0].statusCode).toBe(409);
  const last = await tus(servers.other, 'PATCH', path, piece(1_000_000), bytes.subarray(1_000_000));
  expect(await sumOf(servers.one, last.headers.get('attache-file-id'))).toBe(sha256(bytes));
});

test('an upload resumes at the other server after one server is killed', async () => {
  await using servers = await twoProcesses();
  const path = await begin(servers.one, bytes.length, { on: 'Task:1', filename: 'killed.bin' });
  await hold(servers.one, servers.dataDir, path);
  await servers.processes[0].end('SIGKILL');
  const uploadUrl = new URL(path, servers.other.url).href;
  const { fileId = null } = await uploadByTus(servers.other, bytes, {}, { uploadUrl });
  expect(await sumOf(servers.other, fileId)).toBe(sha256(bytes));
  expect(await readdir(join(servers.dataDir, 'files', 'unfinished'))).toEqual([]);
});

test('a complete upload that is requested from both servers at once creates one file', async () => {
  await using servers = await twoProcesses();
  const after = await cursorOf(servers.server, 'Task:1');
  for (let round = 0; round < 10; round++) {
    const path = await begin(servers.one, 1000, { on: 'Task:1', filename: `${round}.bin` });
    const requests = [servers.one, servers.other, servers.one, servers.other].map((place, index) =>
      index === 0 ? tus(place, 'PATCH', path, piece(0), bytes.subarray(0, 1000)) : tus(place, 'GET', path),
    );
    for (const { status } of await Promise.all(requests)) expect([200, 204, 409]).toContain(status);
    expect((await tus(servers.other, 'HEAD', path)).headers.get('attache-file-id')).toMatch(/^File:/);
  }
  expect(await readEvents(servers.server, 'Task:1', { after })).toHaveLength(10);
});

test('a server that shuts down during a PATCH completes it, and the other server reports the file', async () => {
  await using servers = await twoProcesses();
  const path = await begin(servers.one, bytes.length, { on: 'Task:1' });
  const sending = await hold(servers.one, servers.dataDir, path);
  const stopping = servers.processes[0].end('SIGTERM');
  sending.end(bytes.subarray(1_000_000));
  const [response] = await once(sending, 'response');
  expect(response.statusCode).toBe(204);
  expect(await stopping).toMatchObject({ code: 0 });
  expect((await tus(servers.other, 'HEAD', path)).headers.get('attache-file-id')).toMatch(/^File:/);
});
