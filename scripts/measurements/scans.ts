/**
 * Filters and counts the files of a large store, and reads pages of another user meanwhile: scans
 * must not delay pages. Prints the milliseconds of each scan, and the 99th percentile of the pages
 * without and beside ten users who scan all the time.
 *
 *   npm run bench -- scans [--database sqlite] [--files 1000000] [--pages 400]
 *
 * Fails if the pages take more than three times as long beside the scans.
 */
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DatabaseLocation } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { fillWorkspace } from '../bench/fill-workspace.ts';
import { sendQuery } from '../bench/requests.ts';
import { median, percentile } from '../bench/results.ts';
import { cpuOf, memoryOf, type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { startPostgres } from '../support/postgres.ts';

const MAX_RATIO = 3;
const SCANNERS = 10;
/** Pages are read without and beside scans in turns, so that both meet the same other load. */
const ROUNDS = 4;
/** Ids of users: administrators who scan, and a member who reads pages. */
const SCANNER_IDS = Array.from({ length: SCANNERS }, (_, index) => 200 + index);
const READER_ID = 300;

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: 'sqlite' },
    files: { type: 'string', default: '1000000' },
    pages: { type: 'string', default: '400' },
  },
});
const pages = Math.ceil(Number(values.pages) / ROUNDS);

const scans: Record<string, string> = {
  'part of a name': '{ files(first: 50, filter: { nameContains: "nowhere" }) { nodes { id } } }',
  PENDING: '{ files(first: 50, filter: { status: PENDING }) { nodes { id } } }',
  images: '{ files(first: 50, filter: { isImage: true }) { nodes { id } } }',
  totalCount: '{ files(first: 1) { totalCount } }',
  'totalCount of PENDING': '{ files(first: 1, filter: { status: PENDING }) { totalCount } }',
  'totalCount, include: TASKS': '{ project(id: "Project:1") { files(first: 1, include: TASKS) { totalCount } } }',
  'part of a name, include: TASKS':
    '{ project(id: "Project:1") { files(first: 50, include: TASKS, filter: { nameContains: "nowhere" }) { nodes { id } } } }',
  'part of a title': '{ tasks(first: 50, filter: { titleContains: "nowhere" }) { nodes { id } } }',
};
const page = `{ task(id: "Task:1") { files(first: 50) {
  pageInfo { hasNextPage endCursor }
  nodes { id name size contentType sha256 url version createdAt createdBy { displayName } }
} } }`;

await using stack = new AsyncDisposableStack();
const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'attache-scans-')));
const location = await createLocation();
await fill(location);
const server = stack.use(
  await startServerProcess({
    DATA_DIR: folder.path,
    ATTACHE_DEMO: 'false',
    ...(location.kind === 'postgres' ? { DATABASE_URL: location.url } : {}),
  }),
);
const scanners = await Promise.all(SCANNER_IDS.map(asUser));
const reader = await asUser(READER_ID);

async function createLocation(): Promise<DatabaseLocation> {
  if (values.database !== 'postgres') return { kind: 'sqlite', file: join(folder.path, 'attache.db') };
  return stack.use(await stack.use(await startPostgres()).createDatabase());
}

async function fill(place: DatabaseLocation): Promise<void> {
  await using database = await openDatabase(place);
  await database.migrate();
  await fillWorkspace(database, Number(values.files));
  const em = database.em();
  for (const id of [...SCANNER_IDS, READER_ID]) {
    await em.execute(
      `insert into users (id, display_name, title, is_admin, created_at)
       select ${id}, 'U', '', ${id !== READER_ID}, created_at from users where id = 100`,
    );
  }
  await em.execute(`insert into project_members (project_id, user_id, role) values (1, ${READER_ID}, 'EDITOR')`);
  await em.execute('analyze');
}

/** The server as another user, with a key of this user. */
async function asUser(id: number): Promise<ServerProcess> {
  const scope = id === READER_ID ? 'WRITE' : 'ADMIN';
  const { createApiKey } = await sendQuery<{ createApiKey: { key: string } }>(
    server,
    `mutation { createApiKey(input: { userId: "User:${id}", name: "bench", scope: ${scope} }) { key } }`,
  );
  return { ...server, key: createApiKey.key };
}

async function timeOf(as: ServerProcess, query: string): Promise<number> {
  const since = performance.now();
  await sendQuery(as, query);
  return performance.now() - since;
}

const format = (ms: number) => ms.toFixed(1).padStart(8);

async function readPages(): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < pages; count += 1) times.push(await timeOf(reader, page));
  return times;
}

/**
 * Scans as all scanners until stopped. Returns a function that stops them, and counts the scans.
 */
function startScanning(): () => Promise<number> {
  let isRunning = true;
  let count = 0;
  const queries = Object.values(scans);
  const each = scanners.map(async (as, index) => {
    for (let next = index; isRunning; next += 1, count += 1) await timeOf(as, queries[next % queries.length] as string);
  });
  return async () => {
    isRunning = false;
    await Promise.all(each);
    return count;
  };
}

console.log(`Milliseconds on ${values.database} with ${Number(values.files).toLocaleString('en')} files`);
for (const [name, query] of Object.entries(scans)) {
  const times: number[] = [];
  // A user who has just scanned waits before the next scan.
  for (const as of scanners.slice(0, 5)) times.push(await timeOf(as, query));
  console.log(`${name.padEnd(32)} ${format(median(times))}`);
}

const before = await memoryOf(server.pid);
const idle: number[] = [];
const busy: number[] = [];
await readPages(); // warms up
let scanned = 0;
const cpu = await cpuOf(server.pid);
for (let round = 0; round < ROUNDS; round += 1) {
  idle.push(...(await readPages()));
  const stop = startScanning();
  busy.push(...(await readPages()));
  scanned += await stop();
}
const ratio = percentile(busy, 0.99) / percentile(idle, 0.99);
console.log(`page of another user, median     ${format(median(idle))}${format(median(busy))}`);
console.log(`page of another user, p99        ${format(percentile(idle, 0.99))}${format(percentile(busy, 0.99))}`);
console.log(`ratio of p99                     ${ratio.toFixed(2).padStart(8)}, beside ${scanned} scans`);
console.log(
  `CPU ${((await cpuOf(server.pid)) - cpu).toFixed(1)} s, memory ${mib(before.now)} MiB, at most ${mib((await memoryOf(server.pid)).peak)}`,
);
if (ratio > MAX_RATIO) process.exitCode = 1;

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
