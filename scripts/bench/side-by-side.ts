import { cpuOf, type ServerProcess } from './server-process.ts';

/** Something that is asked of a server again and again. */
export interface Workload {
  /** In one round. */
  requests: number;
  run(server: ServerProcess): Promise<void>;
}

export interface CompareOptions {
  /** What is compared with. */
  base: { name: string; servers: readonly ServerProcess[] };
  /** What is compared. */
  own: { name: string; servers: readonly ServerProcess[] };
  works: Record<string, Workload>;
  rounds: number;
}

const CONCURRENCY = 8;

/**
 * Prints what each work costs the servers of both sides, in milliseconds of CPU, medians of the
 * rounds, and the ratio. Answers the ratios. One process differs from another of the same code by
 * some percent, all its life: give two of each.
 */
export async function compareServers({ base, own, works, rounds }: CompareOptions): Promise<Record<string, number>> {
  const row = (name: string, ...cells: string[]) =>
    console.log(`${name.padEnd(34)} ${cells.map((cell) => cell.padStart(8)).join(' ')}`);
  row('CPU of the server, ms', base.name, own.name, 'ratio');
  const all = [...base.servers, ...own.servers];
  const ratios: Record<string, number> = {};
  for (const [name, work] of Object.entries(works)) {
    const costs = new Map<ServerProcess, number[]>(all.map((server) => [server, []]));
    for (const server of all) await costOf(server, work); // compiled and cached
    for (let round = 0; round < rounds; round++) {
      // Each goes first as often as the others.
      const turns = [...all.slice(round % all.length), ...all.slice(0, round % all.length)];
      for (const server of turns) costs.get(server)?.push(await costOf(server, work));
    }
    const medianOf = (servers: readonly ServerProcess[]) =>
      median(servers.flatMap((server) => costs.get(server) ?? []));
    const [before, now] = [medianOf(base.servers), medianOf(own.servers)];
    ratios[name] = now / before;
    row(name, before.toFixed(2), now.toFixed(2), (now / before).toFixed(3));
  }
  return ratios;
}

/** Milliseconds of CPU that a request costs the server. */
async function costOf(server: ServerProcess, { requests, run }: Workload): Promise<number> {
  const before = await cpuOf(server.pid);
  let left = requests;
  const sender = async () => {
    while (left-- > 0) await run(server);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
  return (((await cpuOf(server.pid)) - before) / requests) * 1000;
}

const median = (some: number[]) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? Number.NaN;
