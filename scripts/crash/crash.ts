import { setTimeout as pause } from 'node:timers/promises';
import { type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { countSmallBlobs, countStoredFiles, runAttache } from './attache-command.ts';
import { type Acknowledgements, emptyAcknowledgements, runUntilKilled, sendQuery, sha256 } from './workload.ts';

export interface Verdict {
  rounds: number;
  /** Files and removals that were acknowledged. */
  acknowledged: number;
  /** Acknowledged files that do not exist, and removed files that do. */
  lost: number;
  /** Files whose bytes are missing, or differ from those sent. */
  torn: number;
  /** Stored blobs that belong to no file after the sweep. */
  orphans: number;
}

export interface CrashOptions {
  dataDir: string;
  rounds: number;
  /** Settings besides `DATA_DIR`. */
  env?: Record<string, string>;
  onRound?(round: number, verdict: Verdict): void;
}

const MAX_ROUND_MS = 1500;
/** When an interrupted tus upload expires: longer than a round. */
const UNFINISHED_SECONDS = 20;

/**
 * Starts a server, uploads and removes files in every way, kills it at a random moment, restarts
 * it, and checks what it had acknowledged. After the last round it checks everything again, after a
 * sweep.
 */
export async function crash({ dataDir, rounds, env = {}, onRound }: CrashOptions): Promise<Verdict> {
  const settings = {
    DATA_DIR: dataDir,
    ATTACHE_ADMIN_KEY: 'the-key-that-outlives-them-all',
    UNFINISHED_UPLOAD_SECONDS: String(UNFINISHED_SECONDS),
    ...env,
  };
  const all = emptyAcknowledgements();
  const verdict = { rounds, acknowledged: 0, lost: 0, torn: 0, orphans: 0 };
  for (let round = 1; round <= rounds; round++) {
    const acknowledged = emptyAcknowledgements();
    let isGone = false;
    await using server = await startServerProcess(settings, { printLog: false });
    const working = runUntilKilled(server, acknowledged, () => isGone);
    await Promise.race([pause(Math.random() * MAX_ROUND_MS), working]);
    // At least every other round stores a file, also on a slow machine.
    while (round % 2 === 0 && acknowledged.stored.size === 0) await Promise.race([pause(10), working]);
    isGone = true;
    await server.end('SIGKILL');
    await working;
    await using next = await startServerProcess(settings, { printLog: false });
    addTo(verdict, await judge(next, acknowledged));
    for (const [id, sum] of acknowledged.stored) all.stored.set(id, sum);
    for (const id of acknowledged.removed) all.removed.add(id);
    for (const id of acknowledged.removalRequested) all.removalRequested.add(id);
    verdict.acknowledged += acknowledged.stored.size + acknowledged.removed.size;
    await next.end('SIGKILL');
    onRound?.(round, verdict);
  }
  {
    await using last = await startServerProcess(settings, { printLog: false });
    const { lost } = await judge(last, all, { bytes: false });
    verdict.lost = Math.max(verdict.lost, lost);
  }
  await pause((UNFINISHED_SECONDS + 1) * 1000);
  const swept = await runAttache(settings, 'sweep', '--older-than', '0');
  if (swept.code !== 0) throw new Error(`The sweep failed: ${swept.printed}`);
  const { printed } = await runAttache(settings, 'verify');
  const [, files, missing, changed] = /read (\d+) files: (\d+) missing, (\d+) changed/.exec(printed) ?? [];
  if (files === undefined) throw new Error(`The files could not be verified: ${printed}`);
  verdict.torn = Math.max(verdict.torn, Number(missing) + Number(changed));
  // No upload here uses one part for two files, so every file has its own blob.
  verdict.orphans =
    (await countStoredFiles(dataDir, 'staging')) +
    (await countStoredFiles(dataDir, 'unfinished')) +
    (await countStoredFiles(dataDir, 'blobs')) +
    (await countSmallBlobs(settings)) -
    (Number(files) - Number(missing));
  return verdict;
}

function addTo(verdict: Verdict, { lost, torn }: Pick<Verdict, 'lost' | 'torn'>): void {
  verdict.lost += lost;
  verdict.torn += torn;
}

/** Checks that everything that was acknowledged is still true. */
async function judge(
  server: ServerProcess,
  acknowledged: Acknowledgements,
  { bytes = true } = {},
): Promise<Pick<Verdict, 'lost' | 'torn'>> {
  const found = { lost: 0, torn: 0 };
  const ids = [...acknowledged.stored.keys()];
  for (let at = 0; at < ids.length; at += 100) {
    const some = ids.slice(at, at + 100);
    type Node = { sha256: string; url: string } | null;
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on File { sha256 url } } }';
    const { nodes } = await sendQuery<{ nodes: Node[] }>(server, query, { ids: some });
    for (const [index, id] of some.entries()) {
      const node = nodes[index];
      if (acknowledged.removed.has(id) ? node : !node && !acknowledged.removalRequested.has(id)) found.lost += 1;
      if (node && node.sha256 !== acknowledged.stored.get(id)) found.torn += 1;
      else if (node && bytes && (await downloadChecksum(server, node.url)) !== node.sha256) found.torn += 1;
    }
  }
  return found;
}

async function downloadChecksum({ key }: ServerProcess, url: string): Promise<string> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  return response.ok ? sha256(new Uint8Array(await response.arrayBuffer())) : `status ${response.status}`;
}
