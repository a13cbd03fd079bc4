import { median, record } from './results.ts';
import { cpuOf, type ServerProcess } from './server-process.ts';

/** A kind of request that is repeated. */
export interface Workload {
  /** Requests per round. */
  requests: number;
  run(server: ServerProcess): Promise<void>;
}

export interface CompareOptions {
  /** The name of the measurement, for the report. */
  measurement: string;
  /** The servers to compare with. */
  base: { name: string; servers: readonly ServerProcess[] };
  /** The servers to compare. */
  own: { name: string; servers: readonly ServerProcess[] };
  works: Record<string, Workload>;
  rounds: number;
}

const CONCURRENCY = 8;

/**
 * Prints what each workload costs the servers of both sides in milliseconds of CPU, as medians of
 * the rounds, and the ratio. Returns the ratios. Two processes of the same code constantly differ
 * by some percent, so pass two servers per side.
 */
export async function compareServers(options: CompareOptions): Promise<Record<string, number>> {
  const { measurement, base, own, works, rounds } = options;
  const row = (name: string, ...cells: string[]) =>
    console.log(`${name.padEnd(34)} ${cells.map((cell) => cell.padStart(8)).join(' ')}`);
  row('CPU of the server, ms', base.name, own.name, 'ratio');
  const all = [...base.servers, ...own.servers];
  const ratios: Record<string, number> = {};
  for (const [name, work] of Object.entries(works)) {
    const costs = new Map<ServerProcess, number[]>(all.map((server) => [server, []]));
    for (const server of all) await costOf(server, work); // warms up
    for (let round = 0; round < rounds; round++) {
      // Each server goes first equally often.
      const turns = [...all.slice(round % all.length), ...all.slice(0, round % all.length)];
      for (const server of turns) costs.get(server)?.push(await costOf(server, work));
    }
    const medianOf = (servers: readonly ServerProcess[]) =>
      median(servers.flatMap((server) => costs.get(server) ?? []));
    const [before, now] = [medianOf(base.servers), medianOf(own.servers)];
    ratios[name] = now / before;
    row(name, before.toFixed(2), now.toFixed(2), (now / before).toFixed(3));
    for (const [server, cost] of [[base.name, before] as const, [own.name, now] as const])
      record({ measurement, load: name, server, figures: { 'CPU ms': cost }, ratios: { 'CPU ms': cost / before } });
  }
  return ratios;
}

/** Milliseconds of CPU that a request costs the server. */
export async function costOf(server: ServerProcess, { requests, run }: Workload): Promise<number> {
  const before = await cpuOf(server.pid);
  let left = requests;
  const sender = async () => {
    while (left-- > 0) await run(server);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
  return (((await cpuOf(server.pid)) - before) / requests) * 1000;
}
