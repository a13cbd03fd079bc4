/**
 * Uploads one large file, and prints how much memory the server used for it above its idle memory.
 *
 *   node scripts/measurements/upload-memory.ts [GiB]
 *
 * Fails above 40 MiB. Linux only, because it reads the peak from the kernel.
 */
import { record } from '../bench/results.ts';
import { sendUpload } from '../bench/send-upload.ts';
import { cpuOf, memoryOf, resetPeak, startServerProcess } from '../bench/server-process.ts';

const LIMIT_MIB = 40;
const gib = Number(process.argv[2] ?? 2);
const size = Math.round(gib * 1024 ** 3);

await using server = await startServerProcess();
// Warms up, so that modules of the first request count as idle memory.
await sendUpload(server, 64 * 1024);
await resetPeak(server.pid);
const idle = await memoryOf(server.pid);
const cpuBefore = await cpuOf(server.pid);
const startedAt = performance.now();
const responseText = await sendUpload(server, size);
const seconds = (performance.now() - startedAt) / 1000;
if (!responseText.includes(`"size":${size}`)) throw new Error(`The upload failed: ${responseText}`);

const mib = (bytes: number) => Math.round((bytes / 1024 ** 2) * 10) / 10;
const above = mib((await memoryOf(server.pid)).peak - idle.now);
const cpu = (await cpuOf(server.pid)) - cpuBefore;
console.log(`uploaded        ${gib} GiB in ${seconds.toFixed(1)} s, ${(cpu / gib).toFixed(2)} s of CPU per GiB`);
console.log(`idle            ${mib(idle.now)} MiB`);
console.log(`peak above idle ${above} MiB (limit ${LIMIT_MIB})`);
record({
  measurement: 'memory',
  load: `${gib} GiB`,
  server: 'Attaché',
  figures: { 'MiB idle': mib(idle.now), 'MiB above idle': above, 'CPU s a GiB': cpu / gib },
  ratios: {},
});
if (above > LIMIT_MIB) process.exitCode = 1;
