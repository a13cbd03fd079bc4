/**
 * Compares a server with many files with a fresh one, side by side in one run: the cost of an
 * upload, its removal, an event, a page and a small download. It fails if one of them costs more
 * than 10 % more with many files.
 *
 *   npm run bench -- growth [--files 50000] [--rounds 9] [--requests 200]
 *
 * Linux only.
 */
import { cp, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { download, readPage, sendQuery, upload } from '../bench/requests.ts';
import { type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { compareServers, type Workload } from '../bench/side-by-side.ts';

const MAX_RATIO = 1.1;
const CONCURRENCY = 4;
const PER_REQUEST = 100;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '9' },
    requests: { type: 'string', default: '200' },
  },
});
const requests = Number(values.requests);

const remove = (server: ServerProcess, id: string) =>
  sendQuery(server, 'mutation ($id: ID!) { removeFile(input: { fileId: $id }) { removedFileId } }', { id });

/**
 * Uploads files to the task in requests of a hundred. After each request it also uploads one more
 * file and removes it.
 */
async function fillByUse(server: ServerProcess, files: number): Promise<void> {
  let left = files;
  const sender = async () => {
    while (left > 0) {
      left -= PER_REQUEST;
      await upload(server, 1024, { files: PER_REQUEST });
      const [extra] = await upload(server, 1024);
      await remove(server, extra as string);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
}

/** Subscribes to the events of the task, and returns a function that waits for the next one. */
async function subscribe(server: ServerProcess): Promise<() => Promise<void>> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: 'subscription { fileEvents(on: "Task:1") { __typename } }' }),
  });
  const waiting: (() => void)[] = [];
  const read = async () => {
    for await (const chunk of response.body ?? [])
      for (const _event of Buffer.from(chunk)
        .toString()
        .matchAll(/event: next/g))
        waiting.shift()?.();
  };
  void read().catch(() => {}); // the server stops at the end
  return () => new Promise((resolve) => waiting.push(resolve));
}

await using folders = await mkdtempDisposable(join(tmpdir(), 'attache-growth-'));
const folder = (name: string) => join(folders.path, name);
const start = (name: string) => startServerProcess({ DATA_DIR: folder(name), MAX_FILES: `${PER_REQUEST}` });
{
  await using server = await start('grown-1');
  await fillByUse(server, Number(values.files));
}
await cp(folder('grown-1'), folder('grown-2'), { recursive: true });

await using first = await start('fresh-1');
await using second = await start('grown-1');
await using third = await start('grown-2');
await using fourth = await start('fresh-2');
const fresh = [first, fourth];
for (const server of fresh) await fillByUse(server, PER_REQUEST);

const subscriptions = new Map<ServerProcess, () => Promise<void>>();
const workloads: Record<string, Workload> = {
  'upload of 10 KiB, with filesCount': {
    requests,
    run: async (server) => void (await upload(server, 10 * 1024, { fields: 'filesCount' })),
  },
  'upload and removal': {
    requests: requests / 2,
    run: async (server) => void (await remove(server, (await upload(server, 10 * 1024))[0] as string)),
  },
  'page of 50 files': { requests, run: async (server) => void (await readPage(server)) },
  'download of 10 KiB': { requests, run: download },
  'upload that one subscriber receives': {
    requests,
    async run(server) {
      const next = subscriptions.get(server) ?? (await subscribe(server));
      subscriptions.set(server, next);
      const event = next();
      await upload(server, 10 * 1024);
      await event;
    },
  },
};
const ratios = await compareServers({
  measurement: 'growth',
  base: { name: 'fresh', servers: fresh },
  own: { name: 'grown', servers: [second, third] },
  works: workloads,
  rounds: Number(values.rounds),
});
const slower = Object.entries(ratios).filter(([, ratio]) => ratio > MAX_RATIO);
if (slower.length > 0) {
  console.error(`With ${values.files} files, more than ${MAX_RATIO} x: ${slower.map(([name]) => name).join(', ')}`);
  process.exitCode = 1;
}
