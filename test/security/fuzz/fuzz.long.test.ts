import { readdir, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tus } from '../../http/tus/client.ts';
import { execute } from '../../support/client.ts';
import { uploadFile } from '../../support/files.ts';
import { filesBelow } from '../../support/files-below.ts';
import { few } from '../../support/length.ts';
import { type ServerProcess, startProcess } from '../../support/process.ts';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { randomOf } from '../../support/random-changes.ts';
import { readRows } from '../../support/read-rows.ts';
import { ADMIN_KEY } from '../../support/server.ts';
import { smallBlobs } from '../../support/small-blobs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { residentMiB } from '../../support/watchdog.ts';
import { type Seeds, seedsFor } from './messages.ts';
import { mutate } from './mutate.ts';

/** Another seed gives other mutations; a failure is repeated with the same one. */
const SEED = Number(process.env.FUZZ_SEED ?? 20261129);
const MUTATIONS = few(400, 2500);
const CONCURRENCY = 8;
/** A client that has sent its bytes waits this long for a response, then disconnects. */
const PATIENCE_MS = 150;
/** What caches and the heap may keep. */
const MAX_GROWTH_MIB = 150;

const pick = <T>(some: readonly T[], random: () => number) => some[Math.floor(random() * some.length)] as T;

/** Sends bytes in up to three chunks, and disconnects after the response, or without one. */
async function sendBytes(server: ServerProcess, bytes: Buffer, random: () => number): Promise<void> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}); // the server may close it first
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([closed, new Promise((resolve) => socket.once('connect', resolve))]);
  const cuts = [random(), random()].map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    if (end > start && socket.writable) socket.write(bytes.subarray(start, end));
    start = end;
    if (random() < 0.3) await pause(1);
  }
  socket.resume();
  await Promise.race([closed, pause(PATIENCE_MS)]);
  socket.destroy();
  await closed;
}

/** Sends messages over an authenticated WebSocket; some are valid. */
async function sendMessages(server: ServerProcess, { messages }: Seeds, random: () => number): Promise<void> {
  await using connection = await openProtocolSocket(server, ADMIN_KEY);
  const { socket, closed } = connection;
  for (let count = 0; count < 4 && socket.readyState === socket.OPEN; count += 1) {
    const message = Buffer.from(pick(messages, random));
    const bytes = random() < 0.2 ? message : mutate(message, Buffer.from(pick(messages, random)), random);
    socket.send(bytes, { binary: random() < 0.2, fin: random() < 0.95 });
  }
  await Promise.race([closed, pause(PATIENCE_MS / 3)]);
}

/**
 * Sends broken frames after a valid handshake: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
async function sendFrames(server: ServerProcess, { messages }: Seeds, random: () => number): Promise<void> {
  await using connection = await openProtocolSocket(server, ADMIN_KEY);
  const raw = (connection.socket as unknown as { _socket: import('node:net').Socket })._socket;
  const payload = Buffer.from(pick(messages, random)).subarray(0, 125);
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
  raw.write(mutate(frame, Buffer.from(pick(messages, random)), random));
  await Promise.race([connection.closed, pause(PATIENCE_MS / 3)]);
}

async function sendOne(server: ServerProcess, seeds: Seeds, random: () => number): Promise<void> {
  const kind = random();
  if (kind < 0.1) return sendMessages(server, seeds, random);
  if (kind < 0.2) return sendFrames(server, seeds, random);
  const requests = [...seeds.requests.values()];
  await sendBytes(server, mutate(pick(requests, random), pick(requests, random), random), random);
}

async function sendMany(server: ServerProcess, seeds: Seeds, seed: number, count: number): Promise<void> {
  const senders = Array.from({ length: CONCURRENCY }, async (_, index) => {
    const random = randomOf(seed + index);
    for (let sent = 0; sent < count / CONCURRENCY; sent += 1) await sendOne(server, seeds, random);
  });
  await Promise.all(senders);
}

/** What the process holds open: files, sockets, pipes. */
const openFiles = async ({ pid }: ServerProcess) => {
  const handles = await readdir(`/proc/${pid}/fd`);
  return Promise.all(handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => 'closed meanwhile')));
};

/** The names of stored bytes that no file and no upload refers to. Their keys end with them. */
async function unreferencedBytes(dataDir: string): Promise<string[]> {
  const keys = [...(await filesBelow(join(dataDir, 'files'))), ...(await smallBlobs(dataDir)).keys()];
  const rows = await readRows<{ key: string }>(
    dataDir,
    `select blob_key as key from files union select blob_key from resumable_uploads
     union select blob_key from blob_deletions`,
  );
  return [...new Set(keys.map((key) => basename(key))).difference(new Set(rows.map(({ key }) => basename(key))))];
}

test(`${MUTATIONS} mutated requests and messages leave nothing behind, and are no fault of the server`, {
  timeout: 300_000,
}, async () => {
  await using folder = await temporaryFolder('fuzz');
  const limits = { UNFINISHED_UPLOAD_SECONDS: '86400', MAX_UNFINISHED_UPLOADS: '100000' };
  await using server = await startProcess({
    ...{ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, ATTACHE_DEMO: 'true', LOG_LEVEL: 'error', ...limits },
  });
  const { id } = await uploadFile(server, 'Task:1', { name: 'first.txt', content: 'the first file' });
  const created = await tus({ url: server.url, key: ADMIN_KEY }, 'POST', '/uploads', { 'upload-length': '10' });
  const seeds = seedsFor(ADMIN_KEY, id, new URL(created.headers.get('location') ?? '', server.url).pathname);

  await sendMany(server, seeds, SEED, MUTATIONS / 4); // fills caches
  // Starts the thread of SQLite that filters lists, which stays.
  await execute(server, '{ files(filter: { nameContains: "first" }) { totalCount } }');
  const [memory, files] = [await residentMiB(server.pid), await openFiles(server)];
  await sendMany(server, seeds, SEED + CONCURRENCY, (MUTATIONS * 3) / 4);
  const { data } = await execute<{ viewer: { id: string } }>(server, '{ viewer { id } }');
  expect(data?.viewer.id).toBe('User:1');
  // A mutated request is an error of its client. What is logged here is a fault of the server.
  expect(server.logged(), `with FUZZ_SEED=${SEED}`).toBe('');
  await expect.poll(async () => (await openFiles(server)).length).toBeLessThanOrEqual(files.length + 3);
  await expect.poll(() => unreferencedBytes(folder.path)).toEqual([]);
  expect(await residentMiB(server.pid)).toBeLessThan(memory + MAX_GROWTH_MIB);
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
