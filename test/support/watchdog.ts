import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ServerProcess } from './process.ts';

/** What others noticed of a server while it was attacked. */
export interface Watch {
  /** The slowest answer of `/health/live`, and of another user's listing, in milliseconds. */
  liveMs: number;
  listingMs: number;
  /** How much more resident memory the server and its child processes had at their peak than before, in MiB. */
  memoryMiB: number;
}

export interface Watched<Result> extends Watch {
  /** What the attack answered. */
  result: Result;
}

/** How often the watchdog asks, and how long it goes on after the attack is over. */
const PERIOD_MS = 50;
const AFTERWARDS_MS = 500;

const listing = '{ projects(first: 10) { nodes { id title } } }';

/**
 * Runs an attack on a server that is a process of its own, and measures meanwhile what another user gets:
 * `/health/live` and a listing, each on its own connection, again and again; and the memory of the server.
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
  await Promise.all([live(), list()]); // what the first request alone costs is not the attack's
  const before = await residentMiB(server.pid);
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
    let most = before;
    while (!over) {
      most = Math.max(most, await residentMiB(server.pid));
      await pause(PERIOD_MS / 5);
    }
    return Math.max(most, await residentMiB(server.pid));
  };
  const watching = Promise.all([slowest(live), slowest(list), peak()]);
  watching.catch(() => {}); // reported below
  try {
    const result = await attack();
    await pause(AFTERWARDS_MS);
    over = true;
    const [liveMs, listingMs, most] = await watching;
    return { result, liveMs, listingMs, memoryMiB: most - before };
  } finally {
    over = true;
  }
}

/** Others are answered within a second, and the memory of the server grows by less than 300 MiB. */
export function expectUnharmed({ liveMs, listingMs, memoryMiB }: Watch): void {
  expect({ liveMs, listingMs, memoryMiB }).toSatisfy(
    (watch: Watch) => watch.liveMs < 1000 && watch.listingMs < 1000 && watch.memoryMiB < 300,
  );
}

/** The resident memory of a process and of those that it started. A child that ends meanwhile counts as nothing. */
async function residentMiB(pid: number): Promise<number> {
  const [status, children] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ]);
  // The peak since it was last asked for: nothing between two samples is missed.
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
