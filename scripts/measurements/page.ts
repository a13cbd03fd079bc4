/**
 * Reads pages of fifty files of a task with their uploaders, from this server and from Yoga with
 * hand-written SQL that checks the same rights, side by side in one run.
 *
 *   node scripts/measurements/page.ts [--rounds 9] [--requests 400]
 *
 * Fails if a page costs more than 1.3 times Yoga's CPU. Linux only.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readPage, upload } from '../bench/requests.ts';
import { startServerProcess } from '../bench/server-process.ts';
import { compareServers } from '../bench/side-by-side.ts';

const MAX_RATIO = 1.3;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, requests: { type: 'string', default: '400' } },
});
const program = fileURLToPath(new URL('../bench/page-peer-server.ts', import.meta.url));
await using yoga = await startServerProcess({}, { program });
await using attache = await startServerProcess({ MAX_FILES: '100' });
for (let filled = 0; filled < 1000; filled += 100) await upload(attache, 1024, { files: 100 });

const page = 'page of 50 files';
const { [page]: ratio = 0 } = await compareServers({
  measurement: 'page',
  base: { name: 'Yoga', servers: [yoga] },
  own: { name: 'Attaché', servers: [attache] },
  works: { [page]: { requests: Number(values.requests), run: async (server) => void (await readPage(server)) } },
  rounds: Number(values.rounds),
});
if (ratio > MAX_RATIO) {
  console.error(`A page costs more than ${MAX_RATIO} x Yoga's.`);
  process.exitCode = 1;
}
