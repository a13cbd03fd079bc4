/**
 * Uploads many small files, 1, 16 and 64 at once, and tells how many a second and at what CPU, beside a bare server and beside
 * the same made durable, in alternated rounds.
 *
 *   node scripts/upload-small.ts [--seconds 3] [--rounds 3]
 */
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpuOf, type ServerProcess, startServerProcess } from './bench/server-process.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, rounds: { type: 'string', default: '3' } },
});
const SECONDS = Number(values.seconds);
const ROUNDS = Number(values.rounds);
const SIZES = [1, 16, 64];
const floor = fileURLToPath(new URL('bench/floor-server.ts', import.meta.url));
const bytes = Buffer.alloc(10 * 1024, 'ten kibibytes ');

const query = `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id } errors { message } }
}`;
const boundary = 'a-boundary-of-the-benchmarks';
const field = (name: string, value: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const form = Buffer.concat([
  Buffer.from(
    field('operations', JSON.stringify({ query, variables: { files: [null] } })) +
      field('map', JSON.stringify({ 0: ['variables.files.0'] })) +
      `--${boundary}\r\nContent-Disposition: form-data; name="0"; filename="small.bin"\r\n\r\n`,
  ),
  bytes,
  Buffer.from(`\r\n--${boundary}--\r\n`),
]);

interface Contender {
  name: string;
  start(): Promise<ServerProcess>;
  body: Buffer;
}

const contenders: Contender[] = [
  { name: 'floor', start: () => startServerProcess({}, { program: floor }), body: bytes },
  {
    name: 'floor, durable',
    start: () => startServerProcess({ FLOOR: 'durable' }, { program: floor }),
    body: bytes,
  },
  { name: 'Attaché', start: () => startServerProcess(), body: form },
];

function send(server: ServerProcess, agent: Agent, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending = request(`${server.url}/graphql`, {
      agent,
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.key}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': body.length,
      },
    });
    sending.once('error', reject);
    sending.once('response', async (response) => resolve((await response.toArray()).join('')));
    sending.end(body);
  });
}

/** Uploads a second and CPU milliseconds an upload, with so many at once. */
async function measure(server: ServerProcess, body: Buffer, atOnce: number): Promise<{ rate: number; cpu: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let sent = 0;
  const cpuBefore = await cpuOf(server.pid);
  const startedAt = performance.now();
  const sender = async () => {
    while (performance.now() - startedAt < SECONDS * 1000) {
      const answer = await send(server, agent, body);
      if (!answer.includes('"ok"') && !answer.includes('"errors":[]')) throw new Error(`An upload failed: ${answer}`);
      sent += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { rate: sent / seconds, cpu: (((await cpuOf(server.pid)) - cpuBefore) * 1000) / sent };
}

const median = (some: number[]) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] as number;

for (const atOnce of SIZES) {
  const found = new Map(contenders.map(({ name }) => [name, { rate: [] as number[], cpu: [] as number[] }]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, start, body } of contenders) {
      await using server = await start();
      for (let warm = 0; warm < 50; warm++) await send(server, new Agent(), body);
      const { rate, cpu } = await measure(server, body, atOnce);
      found.get(name)?.rate.push(rate);
      found.get(name)?.cpu.push(cpu);
    }
  }
  const durable = median(found.get('floor, durable')?.rate ?? []);
  for (const [name, { rate, cpu }] of found) {
    const ratio = (median(rate) / durable).toFixed(2);
    console.log(
      `10 KiB, ${String(atOnce).padStart(2)} at once  ${name.padEnd(14)} ${median(rate).toFixed(0).padStart(6)} a second` +
        `  ${median(cpu).toFixed(2).padStart(6)} ms CPU each  ${ratio} x the durable floor`,
    );
  }
}
