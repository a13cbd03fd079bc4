import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { askWithFiles, execute } from '../support/client.ts';
import { cpuMs } from '../support/cpu.ts';
import { longRuns } from '../support/long-runs.ts';
import { startProcess } from '../support/process.ts';
import { type Leaf, leavesOf } from '../support/schema-leaves.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { underWatch } from '../support/watchdog.ts';

/**
 * Long enough that quadratic time takes seconds; `TEXTS` of them make requests of some megabytes.
 */
const LENGTH = 50_000;
const TEXTS = 33;

/** Such a request takes a fifth of it. CPU time does not depend on the load of the machine. */
const MAX_CPU_MS = 1000;

const leaves = leavesOf(schema);

test('generates a valid operation for every argument of the schema', () => {
  expect(leaves.length).toBeGreaterThan(150);
  for (const leaf of leaves)
    expect([leaf.name, validate(schema, parse(leaf.operation(['']).query))]).toEqual([leaf.name, []]);
});

test('reading any argument of the schema takes time linear in its length', { timeout: 600_000 }, async () => {
  await using folder = await temporaryFolder('long');
  await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY });
  await askWithFiles(
    server,
    'mutation ($files: [Upload!]!) { uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { filesCount } }',
    {},
    [{ name: 'a.txt', content: 'a' }],
  );
  const create = async (mutation: string) => {
    const { data } = await execute<{ created: { token: string } }>(
      server,
      `mutation { created: ${mutation} { token } }`,
    );
    return data?.created.token ?? '';
  };
  const keys = {
    user: ADMIN_KEY,
    upload: await create('createUploadToken(input: { on: "Task:1", expiresIn: 3600 })'),
    share: await create('createShareLink(input: { on: "Task:1", expiresIn: 3600 })'),
  };
  const ask = async (leaf: Leaf, texts: readonly string[]) => {
    const accept = leaf.kind === 'subscription' ? 'text/event-stream' : 'application/json';
    const body = JSON.stringify(leaf.operation(texts));
    const headers = { authorization: `Bearer ${keys[leaf.bearer]}`, 'content-type': 'application/json', accept };
    const response = await fetch(server.graphqlUrl, { method: 'POST', headers, body });
    await (leaf.kind === 'subscription' ? response.body?.cancel() : response.arrayBuffer());
    return response.status;
  };
  const watched = await underWatch(server, ADMIN_KEY, async () => {
    const failures: string[] = [];
    for (const leaf of leaves) {
      for (const texts of batchesFor(leaf)) {
        const before = await cpuMs(server.pid);
        const status = await ask(leaf, texts);
        const used = (await cpuMs(server.pid)) - before;
        if (status >= 500 || used > MAX_CPU_MS)
          failures.push(`${leaf.name} ${texts[0]?.slice(0, 3)}: ${status}, ${used} ms`);
      }
    }
    return failures;
  });
  expect(watched.result).toEqual([]);
  expect(server.logged()).toBe('');
  expect([watched.liveMs, watched.listingMs]).toSatisfy((times: number[]) => times.every((ms) => ms < 1000));
});

/**
 * The texts for each request. Subscriptions allow one. NUL texts are apart: one fails all others.
 */
function batchesFor(leaf: Leaf): string[][] {
  const runs = longRuns(LENGTH).filter((run) => !run.includes('\0'));
  const others = longRuns(LENGTH).filter((run) => run.includes('\0'));
  if (!leaf.isText) return [runs.slice(0, 6)];
  if (leaf.kind === 'subscription') return [...runs, ...others].map((run) => [run]);
  const batches = Array.from({ length: Math.ceil(runs.length / TEXTS) }, (_, index) => index * TEXTS);
  return [...batches.map((start) => runs.slice(start, start + TEXTS)), others];
}
