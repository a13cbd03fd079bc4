/**
 * Uploads one big file and tells how much memory the server took for it, above what it takes idle.
 *
 *   node scripts/upload-memory.ts [GiB]
 *
 * Fails above 40 MiB. Linux only: the kernel keeps the peak.
 */
import { sendUpload } from './bench/send-upload.ts';
import { cpuOf, memoryOf, resetPeak, startServerProcess } from './bench/server-process.ts';

const LIMIT_MIB = 40;
const gib = Number(process.argv[2] ?? 2);
const size = Math.round(gib * 1024 ** 3);

await using server = await startServerProcess();
await sendUpload(server, 64 * 1024); // what the first request loads is the idle server's
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
if (above > LIMIT_MIB) process.exitCode = 1;
