import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ServerProcess } from './process.ts';

/** How an attack on a server affected other users. */
export interface Watch {
  /**
   * The slowest response of `/health/live`, and below, of a list of another user, in milliseconds.
   */
  liveMs: number;
  listingMs: number;
  /** The resident memory of the server and its child processes before, and at its peak, in MiB. */
  beforeMiB: number;
  peakMiB: number;
}

export interface Watched<Result> extends Watch {
  /** The result of the attack. */
  result: Result;
}

/** The interval of the watchdog's requests, and below, how long it continues after the attack. */
const PERIOD_MS = 50;
const AFTERWARDS_MS = 500;

const listing = '{ projects(first: 10) { nodes { id title } } }';

/**
 * Runs an attack on a server in another process. Meanwhile it repeatedly requests `/health/live`
 * and a list as another user, each on its own connection, and measures the memory of the server.
 */
export async function underWatch<Result>(
  server: Pick<ServerProcess, 'graphqlUrl' | 'pid'>,
  otherKey: string,
  attack: () => Promise<Result>,
): Promise<Watched<Result>> {
  const ask = async (path: string, body?: string) => {
    const since = performance.now();
    const headers = { authorization: `Bearer ${otherKey}`, 'content-type': 'application/json' };
    const url = new URL(path, server.graphqlUrl);
    const response = await fetch(url, body === undefined ? {} : { method: 'POST', headers, body });
    const text = await response.text();
    expect(response.status, text).toBe(200);
    if (body !== undefined) expect(text).not.toContain('"errors"');
    return performance.now() - since;
  };
  const live = () => ask('/health/live');
  const list = () => ask('/graphql', JSON.stringify({ query: listing }));
  // Warms up, so that the cost of the first request does not count.
  await Promise.all([live(), list()]);
  const beforeMiB = await residentMiB(server.pid);
  let over = false;
  const slowest = async (once: () => Promise<number>) => {
    let most = 0;
    while (!over) {
      most = Math.max(most, await once());
      await pause(PERIOD_MS);
    }
    return most;
  };
  const peak = async () => {
    let most = beforeMiB;
    while (!over) {
      most = Math.max(most, await residentMiB(server.pid));
      await pause(PERIOD_MS / 5);
    }
    return Math.max(most, await residentMiB(server.pid));
  };
  const watching = Promise.all([slowest(live), slowest(list), peak()]);
  watching.catch(() => {}); // the error is reported below
  try {
    const result = await attack();
    await pause(AFTERWARDS_MS);
    over = true;
    const [liveMs, listingMs, peakMiB] = await watching;
    return { result, liveMs, listingMs, beforeMiB, peakMiB };
  } finally {
    over = true;
  }
}

/**
 * Expects responses within a second, and less than 500 MiB of memory, or 300 MiB more than before
 * where the test itself filled the server first.
 */
export function expectResponsive({ liveMs, listingMs, beforeMiB, peakMiB }: Watch): void {
  const maxMiB = Math.max(500, beforeMiB + 300);
  expect({ liveMs, listingMs, peakMiB, maxMiB }).toSatisfy(
    (watch: Omit<Watch, 'beforeMiB'>) => watch.liveMs < 1000 && watch.listingMs < 1000 && watch.peakMiB < maxMiB,
  );
}

/** The peak resident memory of a process and its children. A child that has exited counts as 0. */
export async function residentMiB(pid: number): Promise<number> {
  const [status, children] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ]);
  // The peak since the last measurement, so it includes spikes between two of them.
  const kib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
  const own = kib / 1024;
  const theirs = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => residentMiB(Number(child))),
  );
  return theirs.reduce((sum, mib) => sum + mib, own);
}
