import { setTimeout as pause } from 'node:timers/promises';
import { type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { attacheCommand, countBytesIn } from './operator.ts';
import { ask, newSaid, type Said, sha256, workUntilGone } from './uploader.ts';

export interface Verdict {
  rounds: number;
  /** Files and removals that were acknowledged. */
  acknowledged: number;
  /** Of those, the ones that are not so: files that are gone, removed files that are there. */
  lost: number;
  /** Files whose bytes are missing, or are others than were sent. */
  torn: number;
  /** Bytes that belong to no file after the sweep. */
  orphans: number;
}

export interface CrashOptions {
  dataDir: string;
  rounds: number;
  /** What an operator would set beside `DATA_DIR`. */
  env?: Record<string, string>;
  onRound?(round: number, verdict: Verdict): void;
}

const LONGEST_MS = 1500;
/** After which an upload by tus that was broken off is given up: within a round none is. */
const UNFINISHED_S = 20;

/**
 * Starts a server, has it do everything that takes or frees bytes, kills it at a random moment, and starts it again to see
 * whether what it said is so. At the end all is read once more, and swept.
 */
export async function crash({ dataDir, rounds, env = {}, onRound }: CrashOptions): Promise<Verdict> {
  const settings = {
    DATA_DIR: dataDir,
    ATTACHE_ADMIN_KEY: 'the-key-that-outlives-them-all',
    UNFINISHED_UPLOAD_SECONDS: String(UNFINISHED_S),
    ...env,
  };
  const all = newSaid();
  const verdict = { rounds, acknowledged: 0, lost: 0, torn: 0, orphans: 0 };
  for (let round = 1; round <= rounds; round++) {
    const said = newSaid();
    let isGone = false;
    await using server = await startServerProcess(settings, { isHeard: false });
    const working = workUntilGone(server, said, () => isGone);
    await Promise.race([pause(Math.random() * LONGEST_MS), working]);
    // Every other round has something to lose, however slow the machine.
    while (round % 2 === 0 && said.kept.size === 0) await Promise.race([pause(10), working]);
    isGone = true;
    await server.end('SIGKILL');
    await working;
    await using next = await startServerProcess(settings, { isHeard: false });
    add(verdict, await judge(next, said));
    for (const [id, sum] of said.kept) all.kept.set(id, sum);
    for (const id of said.removed) all.removed.add(id);
    for (const id of said.asked) all.asked.add(id);
    verdict.acknowledged += said.kept.size + said.removed.size;
    await next.end('SIGKILL');
    onRound?.(round, verdict);
  }
  {
    await using last = await startServerProcess(settings, { isHeard: false });
    const { lost } = await judge(last, all, { bytes: false });
    verdict.lost = Math.max(verdict.lost, lost);
  }
  await pause((UNFINISHED_S + 1) * 1000);
  const swept = await attacheCommand(settings, 'sweep', '--older-than', '0');
  if (swept.code !== 0) throw new Error(`The sweep failed: ${swept.printed}`);
  const { printed } = await attacheCommand(settings, 'verify');
  const [, files, missing, changed] = /read (\d+) files: (\d+) missing, (\d+) changed/.exec(printed) ?? [];
  if (files === undefined) throw new Error(`The files could not be verified: ${printed}`);
  verdict.torn = Math.max(verdict.torn, Number(missing) + Number(changed));
  // Nothing here was uploaded as one part for two places, so every file has bytes of its own.
  verdict.orphans =
    (await countBytesIn(dataDir, 'staging')) +
    (await countBytesIn(dataDir, 'unfinished')) +
    (await countBytesIn(dataDir, 'blobs')) -
    (Number(files) - Number(missing));
  return verdict;
}

function add(verdict: Verdict, { lost, torn }: Pick<Verdict, 'lost' | 'torn'>): void {
  verdict.lost += lost;
  verdict.torn += torn;
}

/** What became of all that was said. */
async function judge(
  server: ServerProcess,
  said: Said,
  { bytes = true } = {},
): Promise<Pick<Verdict, 'lost' | 'torn'>> {
  const found = { lost: 0, torn: 0 };
  const ids = [...said.kept.keys()];
  for (let at = 0; at < ids.length; at += 100) {
    const some = ids.slice(at, at + 100);
    type Node = { sha256: string; url: string } | null;
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on File { sha256 url } } }';
    const { nodes } = await ask<{ nodes: Node[] }>(server, query, { ids: some });
    for (const [index, id] of some.entries()) {
      const node = nodes[index];
      if (said.removed.has(id) ? node : !node && !said.asked.has(id)) found.lost += 1;
      if (node && node.sha256 !== said.kept.get(id)) found.torn += 1;
      else if (node && bytes && (await downloadedSum(server, node.url)) !== node.sha256) found.torn += 1;
    }
  }
  return found;
}

async function downloadedSum({ key }: ServerProcess, url: string): Promise<string> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  return response.ok ? sha256(new Uint8Array(await response.arrayBuffer())) : `status ${response.status}`;
}
