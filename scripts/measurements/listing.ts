/**
 * Reads pages of fifty files of one task, in a store of 1,000 files and in a large one, side by
 * side in one run. Prints the cost of a page in each: of the first page and of one from the middle,
 * in each order.
 *
 *   node scripts/measurements/listing.ts [number of files in the large store; 1,000,000]
 *
 * Fails if a page of the large store costs more than 1.15 times one of the small.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillStore } from '../bench/fill-store.ts';
import { median, record } from '../bench/results.ts';
import { cpuOf, type ServerProcess, startServerProcess } from '../bench/server-process.ts';

const MAX_RATIO = 1.15;
const ROUNDS = 7;
const PAGES = 150;
const many = Number(process.argv[2] ?? 1_000_000);

const query = `query ($after: String, $orderBy: FileOrder) {
  task(id: "Task:1") {
    files(first: 50, after: $after, orderBy: $orderBy) {
      pageInfo { hasNextPage endCursor }
      nodes { id name size contentType sha256 url version createdAt createdBy { displayName } }
    }
  }
}`;

async function readPage(server: ServerProcess, variables: object): Promise<void> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { task: { files: { nodes: unknown[] } } };
    errors?: unknown;
  };
  if (data?.task.files.nodes.length !== 50) throw new Error(`Not a full page: ${JSON.stringify(errors)}`);
}

/** Milliseconds of CPU that a page costs the server. */
async function costOf(server: ServerProcess, variables: object): Promise<number> {
  const before = await cpuOf(server.pid);
  for (let page = 0; page < PAGES; page++) await readPage(server, variables);
  return (((await cpuOf(server.pid)) - before) / PAGES) * 1000;
}

async function openStore(files: number) {
  const folder = await mkdtemp(join(tmpdir(), 'attache-listing-'));
  {
    await using _first = await startServerProcess({ DATA_DIR: folder });
  }
  const middle = fillStore(join(folder, 'attache.db'), files);
  const server = await startServerProcess({ DATA_DIR: folder });
  return {
    server,
    middle,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

await using small = await openStore(1000);
await using large = await openStore(many);
console.log(`CPU of the server for a page of 50 files, milliseconds, medians of ${ROUNDS} rounds of ${PAGES} pages`);
console.log(`                       1,000 files   ${many.toLocaleString('en')} files   ratio`);
for (const field of ['CREATED_AT', 'NAME', 'SIZE'] as const) {
  for (const place of ['first', 'middle'] as const) {
    const variables = (store: typeof small) => ({
      orderBy: { field },
      ...(place === 'middle' ? { after: store.middle[field] } : {}),
    });
    for (const store of [small, large]) await costOf(store.server, variables(store)); // warms up
    const costs: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      costs[0].push(await costOf(small.server, variables(small)));
      costs[1].push(await costOf(large.server, variables(large)));
    }
    const [few, lots] = [median(costs[0]), median(costs[1])];
    const ratio = lots / few;
    console.log(
      `${`${field}, ${place} page`.padEnd(24)} ${few.toFixed(2).padStart(8)} ${lots.toFixed(2).padStart(16)} ${ratio.toFixed(2).padStart(10)}`,
    );
    const load = `page of 50 by ${field}, ${place}`;
    for (const [server, cost] of [['1,000 files', few] as const, [`${many.toLocaleString('en')} files`, lots] as const])
      record({ measurement: 'listing', load, server, figures: { 'CPU ms': cost }, ratios: { 'CPU ms': cost / few } });
    if (ratio > MAX_RATIO) process.exitCode = 1;
  }
}
