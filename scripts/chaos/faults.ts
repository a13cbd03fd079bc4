import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosNode } from './node.ts';
import { anyOf, between, chance } from './random.ts';
import type { ChaosSubscriber } from './subscriber.ts';

/** How often each fault was injected. */
export interface FaultCounts {
  kills: number;
  drains: number;
  cuts: number;
  stalls: number;
  terminations: number;
  cpuStarvations: number;
}

interface FaultOptions {
  nodes: readonly ChaosNode[];
  subscribers: readonly ChaosSubscriber[];
  /** Stops the faults. */
  signal: AbortSignal;
}

/** Injects random faults until `signal` is aborted. Every server runs again when it resolves. */
export async function injectFaults({ nodes, subscribers, signal }: FaultOptions): Promise<FaultCounts> {
  const counts: FaultCounts = { kills: 0, drains: 0, cuts: 0, stalls: 0, terminations: 0, cpuStarvations: 0 };
  const repeat = async (from: number, to: number, act: () => unknown) => {
    while (await sleepUnlessAborted(between(from, to), signal)) await act();
  };
  const restart = async (node: ChaosNode) => {
    const drains = (counts.kills + counts.drains) % 4 === 3;
    counts[drains ? 'drains' : 'kills'] += 1;
    await node.restart(drains ? 'SIGTERM' : 'SIGKILL', between(0, 1000));
  };
  await Promise.all([
    // Mostly one node at a time. Sometimes all at once, so that clients cannot reconnect to
    // another.
    repeat(500, 2500, () => Promise.all(chance(0.15) ? nodes.map(restart) : [restart(anyOf(nodes))])),
    repeat(200, 1000, () => {
      counts.cuts += anyOf(nodes).proxy.cut(between(0, 0.5));
    }),
    repeat(500, 2000, () => {
      counts.stalls += anyOf(nodes).proxy.stall(between(0, 0.2), between(100, 3000));
    }),
    repeat(200, 1000, () => {
      for (const subscriber of subscribers.filter(() => chance(0.03))) {
        subscriber.terminate();
        counts.terminations += 1;
      }
    }),
    repeat(500, 2000, async () => {
      counts.cpuStarvations += 1;
      await hogCpu(between(500, 3000));
    }),
  ]);
  return counts;
}

/** Two processes that use most of two cores, to expose races that need a slow server. */
async function hogCpu(ms: number): Promise<void> {
  const program = `const end = Date.now() + ${Math.round(ms)}; while (Date.now() < end);`;
  const hogs = [1, 2].map(() => spawn(process.execPath, ['-e', program], { stdio: 'ignore' }));
  await Promise.all(hogs.map((hog) => once(hog, 'exit')));
}

/** Sleeps. False if `signal` was aborted meanwhile. */
const sleepUnlessAborted = (ms: number, signal: AbortSignal) => pause(ms, true, { signal }).catch(() => false);
