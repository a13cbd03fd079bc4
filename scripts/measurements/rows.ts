/**
 * Prints what operations cost a server in stores of different sizes, side by side in one run. The
 * files are inserted as rows of one task, without content.
 *
 *   npm run bench -- rows [--sizes 1000,100000,10000000] [--rounds 7] [--folder FOLDER]
 *
 * Stores are kept in FOLDER, and used again by the next run. SQLite and Linux only. Fails if an
 * operation costs more than 1.3 times what it does in the smallest store. 1,000,000 files take 0.7
 * GB, and 10,000,000 take many minutes to insert.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillStore } from '../bench/fill-store.ts';
import { download, readPage, sendQuery, upload } from '../bench/requests.ts';
import { median, report } from '../bench/results.ts';
import { type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { costOf, type Workload } from '../bench/side-by-side.ts';

const MAX_RATIO = 1.3;

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,100000,10000000' },
    rounds: { type: 'string', default: '7' },
    folder: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const root = values.folder ?? (await mkdtemp(join(tmpdir(), 'attache-rows-')));

/** Starts a server with so many files, which has one more with content to download. */
async function open(files: number): Promise<ServerProcess> {
  const folder = join(root, `${files}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.new`;
    await rm(unfinished, { recursive: true, force: true });
    {
      await using server = await startServerProcess({ DATA_DIR: unfinished });
      await upload(server, 10 * 1024); // File:1, which is downloaded
    }
    fillStore(join(unfinished, 'attache.db'), files, { from: 2 });
    await rename(unfinished, folder);
  }
  return startServerProcess({ DATA_DIR: folder });
}

const query = (text: string, requests: number): Workload => ({
  requests,
  run: async (server) => void (await sendQuery(server, text)),
});
const page = '{ pageInfo { hasNextPage endCursor } nodes { id name size createdAt createdBy { displayName } } }';
const works: Record<string, Workload> = {
  'upload of 10 KiB': { requests: 200, run: async (server) => void (await upload(server, 10 * 1024)) },
  'page of 50 of a task': { requests: 200, run: async (server) => void (await readPage(server)) },
  'page of 50 of all files, by name': query(`{ files(first: 50, orderBy: { field: NAME }) ${page} }`, 200),
  'totalCount of a task': query('{ task(id: "Task:1") { files(first: 1) { totalCount } } }', 200),
  'download of 10 KiB': { requests: 400, run: download },
};

await using stack = new AsyncDisposableStack();
if (!values.folder) stack.defer(() => rm(root, { recursive: true }));
const servers = new Map<number, ServerProcess>();
for (const size of sizes) servers.set(size, stack.use(await open(size)));

for (const [name, work] of Object.entries(works)) {
  const costs = new Map(sizes.map((size) => [size, [] as number[]]));
  for (const server of servers.values()) await costOf(server, work); // warms up
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [size, server] of servers) costs.get(size)?.push(await costOf(server, work));
  const figuresOf = (size: number) => ({ 'CPU ms': median(costs.get(size) ?? []) });
  const base = figuresOf(sizes[0] ?? 0);
  for (const size of sizes) {
    const figures = figuresOf(size);
    report('rows', name, `${size.toLocaleString('en')} files`, figures, base);
    if (figures['CPU ms'] > MAX_RATIO * base['CPU ms']) process.exitCode = 1;
  }
}
if (process.exitCode) console.error(`Something costs more than ${MAX_RATIO} x what it does in the smallest store.`);
