/**
 * Downloads a large file, many small ones, and a range of the large one, from this server and from
 * a bare one that streams a file to a socket, in alternating rounds of one run.
 *
 *   node scripts/measurements/download.ts [--rounds 3] [--seconds 3] [--gib 1]
 *
 * Figures are of the server's process alone; Linux only. In brackets, the ratio to the baseline.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figures, medians, report } from '../bench/results.ts';
import { sendUpload } from '../bench/send-upload.ts';
import { cpuOf, memoryOf, resetPeak, type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { baseline } from '../bench/upload-contenders.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    gib: { type: 'string', default: '1' },
  },
});
const ROUNDS = Number(values.rounds);
const ROUND_MS = Number(values.seconds) * 1000;
const LARGE_SIZE = Math.round(Number(values.gib) * 1024 ** 3);
const SMALL_SIZE = 10 * 1024;
const RANGE_SIZE = 1024 * 1024;
const CONCURRENCY = 16;

/** A server, and the path of its file of each size. */
interface Contender extends AsyncDisposable {
  server: ServerProcess;
  big: string;
  small: string;
}

async function startAttache(): Promise<Contender> {
  const server = await startServerProcess();
  const idOf = async (size: number) => /"File:(\d+)"/.exec(await sendUpload(server, size))?.[1];
  const [big, small] = [await idOf(LARGE_SIZE), await idOf(SMALL_SIZE)];
  return {
    server,
    big: `/files/${big}/content`,
    small: `/files/${small}/content`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startBaseline(): Promise<Contender> {
  const server = await baseline.start();
  const folder = await mkdtemp(join(tmpdir(), 'attache-bench-'));
  const make = async (name: string, size: number) => {
    const path = join(folder, name);
    await using file = await open(path, 'w');
    const piece = Buffer.alloc(Math.min(size, 1024 * 1024), 'x');
    for (let left = size; left > 0; left -= piece.length) await file.write(piece, 0, Math.min(left, piece.length));
    return `/?path=${encodeURIComponent(path)}`;
  };
  return {
    server,
    big: await make('big', LARGE_SIZE),
    small: await make('small', SMALL_SIZE),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function receive({ url, key }: ServerProcess, path: string, agent: Agent, range?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, ...(range ? { range } : {}) };
    get(`${url}${path}`, { agent, headers }, (response) => {
      let received = 0;
      response.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      response.once('end', () => resolve(received));
      response.once('error', reject);
    }).once('error', reject);
  });
}

async function big({ server, big }: Contender): Promise<Figures> {
  const agent = new Agent({ keepAlive: true });
  await receive(server, big, agent, 'bytes=0-999999');
  await resetPeak(server.pid);
  const idle = (await memoryOf(server.pid)).now;
  const cpu = await cpuOf(server.pid);
  const startedAt = performance.now();
  if ((await receive(server, big, agent)) !== LARGE_SIZE) throw new Error(`The download of ${big} broke off.`);
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return {
    'CPU s a GiB': ((await cpuOf(server.pid)) - cpu) / (LARGE_SIZE / 1024 ** 3),
    'MiB a second': LARGE_SIZE / 1024 ** 2 / seconds,
    'MiB above idle': ((await memoryOf(server.pid)).peak - idle) / 1024 ** 2,
  };
}

/** Repeats a download concurrently for the duration of a round. */
const repeatedly = (path: (place: Contender) => string, size: number, range?: string) => async (place: Contender) => {
  const { server } = place;
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const one = async () => {
    if ((await receive(server, path(place), agent, range)) !== size) throw new Error('A download broke off.');
  };
  for (let warm = 0; warm < 50; warm++) await one();
  let done = 0;
  const cpu = await cpuOf(server.pid);
  const startedAt = performance.now();
  const client = async () => {
    for (; performance.now() - startedAt < ROUND_MS; done += 1) await one();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { 'CPU ms each': ((await cpuOf(server.pid)) - cpu) * (1000 / done), 'a second': done / seconds };
};

const middle = Math.floor(LARGE_SIZE / 2);
const measures: [string, (place: Contender) => Promise<Figures>][] = [
  [`${values.gib} GiB`, big],
  [`10 KiB, ${CONCURRENCY} at once`, repeatedly(({ small }) => small, SMALL_SIZE)],
  [
    `1 MiB range, ${CONCURRENCY} at once`,
    repeatedly(({ big }) => big, RANGE_SIZE, `bytes=${middle}-${middle + RANGE_SIZE - 1}`),
  ],
];

await using bare = await startBaseline();
await using attache = await startAttache();
for (const [title, measure] of measures) {
  const found: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    found[0].push(await measure(bare));
    found[1].push(await measure(attache));
  }
  const [base, own] = [medians(found[0]), medians(found[1])];
  report('download', title, 'baseline', base, base);
  report('download', title, 'Attaché', own, base);
}
