/**
 * Prints the memory of an idle server, at the end of many small uploads at once, and once the
 * server has been idle again.
 *
 *   node scripts/measurements/burst-memory.ts [UPLOADS]
 *
 * Fails if it then has more than 300 MiB. Linux only, as the memory is read from the kernel.
 */
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { record } from '../bench/results.ts';
import { sendUpload } from '../bench/send-upload.ts';
import { memoryOf, startServerProcess } from '../bench/server-process.ts';

const LIMIT_MIB = 300;
/** Within this time an idle server returns memory: it does so at most once a minute. */
const IDLE_MS = 80_000;
const AT_ONCE = 64;
const SIZE = 10 * 1024;
const uploads = Number(process.argv[2] ?? 10_000);

await using server = await startServerProcess();
const mib = async () => Math.round((await memoryOf(server.pid)).now / 1024 ** 2);
await pause(IDLE_MS);
const idle = await mib();
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
let sent = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (sent++ < uploads) await sendUpload(server, SIZE, { agent });
  }),
);
const after = await mib();
agent.destroy();
await pause(IDLE_MS);
const later = await mib();

console.log(`idle                ${idle} MiB`);
console.log(`after the uploads   ${after} MiB`);
console.log(`idle again          ${later} MiB (limit ${LIMIT_MIB})`);
record({
  measurement: 'burst',
  load: `${uploads} uploads of 10 KiB, ${AT_ONCE} at once`,
  server: 'Attaché',
  figures: { 'MiB idle': idle, 'MiB after the uploads': after, 'MiB idle again': later },
  ratios: {},
});
if (later > LIMIT_MIB) process.exitCode = 1;
