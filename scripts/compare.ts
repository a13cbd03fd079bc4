/**
 * Compares this checkout with another one, side by side in one run: what a small upload, twenty files in one request,
 * a page of fifty files and a small download cost the server.
 *
 *   npm run bench -- compare --against ../before [--rounds 9] [--requests 400] [--only page]
 *
 * Prints milliseconds of CPU, medians of the rounds, and the ratio of this checkout to the other. Linux only.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sendUpload } from './bench/send-upload.ts';
import { cpuOf, type ServerProcess, startServerProcess } from './bench/server-process.ts';

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    requests: { type: 'string', default: '400' },
    only: { type: 'string', default: '' },
  },
});
if (!values.against) throw new Error('Name the other checkout: --against FOLDER.');
const ROUNDS = Number(values.rounds);
const REQUESTS = Number(values.requests);
const AT_ONCE = 8;

const page = `{ task(id: "Task:1") { files(first: 50) {
  pageInfo { hasNextPage endCursor }
  nodes { id name size contentType sha256 url version createdAt createdBy { displayName } }
} } }`;

async function upload(server: ServerProcess, size: number, files: number): Promise<void> {
  const answer = await sendUpload(server, size, { files });
  if (!answer.includes('"errors":[]')) throw new Error(`An upload failed: ${answer}`);
}

async function readPage(server: ServerProcess): Promise<void> {
  const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ query: page });
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
  if ((await response.text()).includes('"errors"')) throw new Error('A page failed.');
}

async function download(server: ServerProcess): Promise<void> {
  const response = await fetch(`${server.url}/files/1/content`, { headers: { authorization: `Bearer ${server.key}` } });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`A download failed with ${response.status}.`);
}

const works: Record<string, { requests: number; run(server: ServerProcess): Promise<void> }> = {
  'upload of 10 KiB': { requests: REQUESTS, run: (server) => upload(server, 10 * 1024, 1) },
  '20 x 100 KiB in one request': { requests: REQUESTS / 20, run: (server) => upload(server, 100 * 1024, 20) },
  'page of 50 files': { requests: REQUESTS, run: readPage },
  'download of 10 KiB': { requests: REQUESTS, run: download },
};

/** Milliseconds of CPU that a request costs the server. */
async function costOf(server: ServerProcess, { requests, run }: (typeof works)[string]): Promise<number> {
  const before = await cpuOf(server.pid);
  let left = requests;
  const sender = async () => {
    while (left-- > 0) await run(server);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return (((await cpuOf(server.pid)) - before) / requests) * 1000;
}

const median = (some: number[]) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? Number.NaN;

const env = { MAX_FILES: '100' };
const start = (checkout: string) => startServerProcess(env, { program: resolve(checkout, 'src/main.ts') });
const own = '.';
const other = values.against;
// Two of each: one process differs from another of the same code by some percent, all its life.
await using first = await start(own);
await using second = await start(other);
await using third = await start(other);
await using fourth = await start(own);
const servers = [first, second, third, fourth];
const isOwn = (server: ServerProcess) => server === first || server === fourth;

console.log(
  `${'CPU of the server, ms'.padEnd(30)} ${'other'.padStart(8)} ${'this'.padStart(8)} ${'ratio'.padStart(8)}`,
);
// What is read later: a page of fifty, and more behind it.
for (const server of servers) for (let request = 0; request < 3; request++) await upload(server, 10 * 1024, 20);
for (const [name, work] of Object.entries(works)) {
  if (!name.includes(values.only)) continue;
  const costs: [number[], number[]] = [[], []];
  for (const server of servers) await costOf(server, work); // compiled and cached
  for (let round = 0; round < ROUNDS; round++) {
    // Each goes first as often as the others.
    for (let turn = 0; turn < servers.length; turn++) {
      const server = servers[(round + turn) % servers.length] as ServerProcess;
      costs[isOwn(server) ? 1 : 0].push(await costOf(server, work));
    }
  }
  const [before, now] = costs.map(median) as [number, number];
  const cells = [before.toFixed(2), now.toFixed(2), (now / before).toFixed(3)].map((text) => text.padStart(8));
  console.log(`${name.padEnd(30)} ${cells.join(' ')}`);
}
