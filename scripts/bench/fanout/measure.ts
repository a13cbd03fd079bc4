import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf, memoryOf } from '../server-process.ts';
import type { Contender } from './contenders.ts';
import { openSubscribers, type Subscribers } from './subscribers.ts';

/** What telling cost one server; medians of all rounds. */
export interface Figures {
  name: string;
  /** Microseconds of CPU for each message that a listener got. */
  cpuMicros: number;
  /** Milliseconds from the request until the last listener had heard. */
  lastMs: number;
  /**
   * Milliseconds until whoever made the event was answered: with nobody listening, and with all.
   */
  responseMs: { alone: number; withSubscribers: number };
  /** Resident memory for each connection. */
  kibPerSocket: number;
}

export interface Load {
  subscribers: number;
  /** Events at once. */
  burst: number;
  rounds: number;
  /** How often a round does it. */
  times: number;
}

/** Measures the servers in turns, so that what else the machine does meets all of them alike. */
export async function measure(starts: (() => Promise<Contender>)[], load: Load): Promise<Figures[]> {
  await using stack = new AsyncDisposableStack();
  const meters: Meter[] = [];
  for (const start of starts) meters.push(stack.use(await openMeter(stack.use(await start()), load)));
  for (let round = 0; round < load.rounds; round++) {
    for (const meter of meters) await meter.round();
    meters.push(...meters.splice(0, 1)); // another one is first in the next
  }
  return meters.map((meter) => meter.figures());
}

interface Meter extends AsyncDisposable {
  round(): Promise<void>;
  figures(): Figures;
}

async function openMeter(contender: Contender, load: Load): Promise<Meter> {
  const { name, server, subscription } = contender;
  const alone = await measureWithoutSubscribers(contender, load);
  const memoryBefore = (await memoryOf(server.pid)).now;
  const subscribers = await openSubscribers(server, load.subscribers, subscription);
  await untilIdle(server.pid);
  const kibPerSocket = ((await memoryOf(server.pid)).now - memoryBefore) / 1024 / load.subscribers;
  await announceAndMeasure(contender, subscribers, load.burst); // compiled, and every subscription proven
  const cpuMicros: number[] = [];
  const lastMs: number[] = [];
  const answerMs: number[] = [];
  return {
    async round() {
      await untilIdle(server.pid);
      const idle = await idleCpu(server.pid);
      const startedAt = performance.now();
      const cpuBefore = await cpuOf(server.pid);
      for (let time = 0; time < load.times; time++) {
        const heard = await announceAndMeasure(contender, subscribers, load.burst);
        lastMs.push(heard.lastMs);
        answerMs.push(heard.answerMs);
      }
      const cpu = (await cpuOf(server.pid)) - cpuBefore - (idle * (performance.now() - startedAt)) / 1000;
      const forTelling = cpu - alone.cpu * load.times;
      cpuMicros.push((forTelling * 1e6) / (load.subscribers * load.burst * load.times));
    },
    figures: () => ({
      name,
      cpuMicros: median(cpuMicros),
      lastMs: median(lastMs),
      responseMs: { alone: median(alone.answerMs), withSubscribers: median(answerMs) },
      kibPerSocket,
    }),
    [Symbol.asyncDispose]: () => subscribers[Symbol.asyncDispose](),
  };
}

/**
 * What making the events costs while nobody listens, in seconds of CPU each time, and how soon it
 * is answered.
 */
async function measureWithoutSubscribers({ server, publish: announce }: Contender, { burst }: Load) {
  const times = 60;
  for (let time = 0; time < times; time++) await announce(burst); // compiled
  await untilIdle(server.pid);
  const cpuBefore = await cpuOf(server.pid);
  const answerMs: number[] = [];
  for (let time = 0; time < times; time++) answerMs.push(await timed(() => announce(burst)));
  return { answerMs, cpu: ((await cpuOf(server.pid)) - cpuBefore) / times };
}

async function announceAndMeasure({ publish: announce }: Contender, subscribers: Subscribers, burst: number) {
  let answerMs = 0;
  const lastMs = await subscribers.measureDelivery(burst, async () => {
    answerMs = await timed(() => announce(burst));
  });
  return { lastMs, answerMs };
}

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/** Seconds of CPU that the process uses in a second in which nothing is asked of it. */
async function idleCpu(pid: number): Promise<number> {
  const before = await cpuOf(pid);
  await pause(1000);
  return (await cpuOf(pid)) - before;
}

/** Waits until the process has nothing left to do: subscribed all, sent all, swept all. */
export async function untilIdle(pid: number): Promise<void> {
  const timeout = performance.now() + 30_000;
  for (let quiet = 0; quiet < 3 && performance.now() < timeout; ) {
    const before = await cpuOf(pid);
    await pause(100);
    quiet = (await cpuOf(pid)) - before <= 0.01 ? quiet + 1 : 0;
  }
}

export const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
