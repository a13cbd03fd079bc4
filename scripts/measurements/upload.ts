/**
 * Uploads typical files to this server and to others, in alternating rounds of one run: many small
 * files, 1, 16 and 64 at once; twenty files in one request; a large file, and the time of a list
 * meanwhile.
 *
 *   node scripts/measurements/upload.ts [--rounds 3] [--seconds 3] [--gib 1] [--only small,twenty,big,beside]
 *
 * Figures are of the server's process alone; Linux only. Ratios are to the durable baseline, which
 * syncs but does not hash.
 */
import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { type Figures, medians, percentile, report } from '../bench/results.ts';
import { sendUpload } from '../bench/send-upload.ts';
import { cpuOf, memoryOf, resetPeak, type ServerProcess } from '../bench/server-process.ts';
import { type Contender, contenders, durableBaseline } from '../bench/upload-contenders.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    gib: { type: 'string', default: '1' },
    only: { type: 'string', default: 'small,twenty,big,beside' },
  },
});
const ROUNDS = Number(values.rounds);
const ROUND_MS = Number(values.seconds) * 1000;
const LARGE_SIZE = Math.round(Number(values.gib) * 1024 ** 3);
const WARM_UP_REQUESTS = 50;

type Measure = (server: ServerProcess, contender: Contender) => Promise<Figures>;

async function send(
  server: ServerProcess,
  size: number,
  options: Parameters<typeof sendUpload>[2] = {},
): Promise<void> {
  const responseText = await sendUpload(server, size, options);
  if (!responseText.includes('"ok"') && !responseText.includes('"errors":[]'))
    throw new Error(`An upload failed: ${responseText}`);
}

/** Uploads small files for the duration of a round, `atOnce` concurrently. */
function small(atOnce: number): Measure {
  return async (server, { isBare = false }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    const one = () => send(server, 10 * 1024, { isBare, agent });
    const sendFor = async (ms: number) => {
      let sent = 0;
      const startedAt = performance.now();
      const sender = async () => {
        for (; performance.now() - startedAt < ms; sent += 1) await one();
      };
      await Promise.all(Array.from({ length: atOnce }, sender));
      return sent;
    };
    // A fresh server first compiles its code, which takes longer the more of it there is.
    await sendFor(ROUND_MS);
    const cpu = await cpuOf(server.pid);
    const startedAt = performance.now();
    const sent = await sendFor(ROUND_MS);
    const seconds = (performance.now() - startedAt) / 1000;
    agent.destroy();
    return { 'a second': sent / seconds, 'CPU ms each': ((await cpuOf(server.pid)) - cpu) * (1000 / sent) };
  };
}

const twenty: Measure = async (server, { isBare = false }) => {
  const requests = 20;
  const one = () => send(server, 100 * 1024, isBare ? { isBare } : { files: 20 });
  for (let warm = 0; warm < 5; warm++) await one();
  const cpu = await cpuOf(server.pid);
  for (let count = 0; count < requests * (isBare ? 20 : 1); count++) await one();
  return { 'CPU ms': ((await cpuOf(server.pid)) - cpu) * (1000 / requests) };
};

const big: Measure = async (server, { isBare = false }) => {
  await send(server, 64 * 1024, { isBare });
  await resetPeak(server.pid);
  const idle = (await memoryOf(server.pid)).now;
  const cpu = await cpuOf(server.pid);
  const startedAt = performance.now();
  await send(server, LARGE_SIZE, { isBare });
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    'CPU s a GiB': ((await cpuOf(server.pid)) - cpu) / (LARGE_SIZE / 1024 ** 3),
    'MiB a second': LARGE_SIZE / 1024 ** 2 / seconds,
    'MiB above idle': ((await memoryOf(server.pid)).peak - idle) / 1024 ** 2,
  };
};

const query = '{ task(id: "Task:1") { files(first: 50) { nodes { id name size createdAt } } } }';

async function listOnce(server: ServerProcess): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.key}` },
    body: JSON.stringify({ query }),
  });
  if (!(await response.text()).includes('"nodes":[{')) throw new Error('A listing failed.');
  return performance.now() - startedAt;
}

const p99 = (some: number[]) => percentile(some, 0.99);

const beside: Measure = async (server, { isBare = false }) => {
  if (isBare) return {};
  for (let file = 0; file < WARM_UP_REQUESTS; file++) await send(server, 100);
  for (let warm = 0; warm < WARM_UP_REQUESTS; warm++) await listOnce(server);
  const alone: number[] = [];
  while (alone.length < 200) alone.push(await listOnce(server));
  const during: number[] = [];
  let isSending = true;
  const sending = send(server, LARGE_SIZE).finally(() => {
    isSending = false;
  });
  while (isSending) during.push(await listOnce(server));
  await sending;
  return { 'p99 ms alone': p99(alone), 'p99 ms beside': p99(during), times: p99(during) / p99(alone) };
};

const measures: Record<string, [string, Measure][]> = {
  small: [1, 16, 64].map((atOnce) => [`10 KiB, ${atOnce} at once`, small(atOnce)]),
  twenty: [['20 x 100 KiB in one request', twenty]],
  big: [[`${values.gib} GiB`, big]],
  beside: [[`listing 50 beside ${values.gib} GiB`, beside]],
};

async function compare(title: string, measure: Measure): Promise<void> {
  const found = new Map<Contender, Figures[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      await using server = await contender.start();
      found.get(contender)?.push(await measure(server, contender));
    }
  }
  const base = medians(found.get(durableBaseline) ?? []);
  for (const [{ name }, rounds] of found) {
    const figures = medians(rounds);
    if (Object.keys(figures).length > 0) report('upload', title, name, figures, base);
  }
}

for (const name of values.only.split(',')) {
  for (const [title, measure] of measures[name] ?? []) await compare(title, measure);
}
