/**
 * Compares this checkout with another one, side by side in one run: the cost of a small upload, of
 * twenty files in one request, of a page of fifty files and of a small download.
 *
 *   npm run bench -- compare --against ../before [--rounds 9] [--requests 400] [--only page]
 *
 * Prints milliseconds of CPU as medians of the rounds, and the ratio of this checkout to the other.
 * Linux only.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { download, readPage, upload } from '../bench/requests.ts';
import { startServerProcess } from '../bench/server-process.ts';
import { compareServers, type Workload } from '../bench/side-by-side.ts';

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    requests: { type: 'string', default: '400' },
    only: { type: 'string', default: '' },
  },
});
if (!values.against) throw new Error('Name the other checkout: --against FOLDER.');
const requests = Number(values.requests);

const workloads: Record<string, Workload> = {
  'upload of 10 KiB': { requests, run: async (server) => void (await upload(server, 10 * 1024)) },
  '20 x 100 KiB in one request': {
    requests: requests / 20,
    run: async (server) => void (await upload(server, 100 * 1024, { files: 20 })),
  },
  'page of 50 files': { requests, run: async (server) => void (await readPage(server)) },
  'download of 10 KiB': { requests, run: download },
};

/** The server of a checkout: its build, or its sources if they are from before there was one. */
function programOf(checkout: string): string {
  const build = resolve(checkout, 'scripts/build.ts');
  if (!existsSync(build)) return resolve(checkout, 'src/main.ts');
  execFileSync(process.execPath, [build]);
  return resolve(checkout, 'dist/main.js');
}

const start = (checkout: string) => startServerProcess({ MAX_FILES: '100' }, { program: programOf(checkout) });
await using first = await start('.');
await using second = await start(values.against);
await using third = await start(values.against);
await using fourth = await start('.');
// The files to list: more than a page of fifty.
for (const server of [first, second, third, fourth]) await upload(server, 10 * 1024, { files: 60 });

await compareServers({
  measurement: 'compare',
  base: { name: 'other', servers: [second, third] },
  own: { name: 'this', servers: [first, fourth] },
  works: Object.fromEntries(Object.entries(workloads).filter(([name]) => name.includes(values.only))),
  rounds: Number(values.rounds),
});
