import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../results.ts';
import { cpuOf, memoryOf } from '../server-process.ts';
import type { Contender } from './contenders.ts';
import { openSubscribers, type Subscribers } from './subscribers.ts';

/** What delivery cost a server, as medians of all rounds. */
export interface Figures {
  name: string;
  /** Microseconds of CPU per delivered message. */
  cpuMicros: number;
  /** Milliseconds from the request until the last subscriber received the message. */
  lastMs: number;
  /**
   * Milliseconds until the response to the request that emits the events, without subscribers and
   * with all of them.
   */
  responseMs: { alone: number; withSubscribers: number };
  /** Resident memory per connection. */
  kibPerSocket: number;
}

export interface Load {
  subscribers: number;
  /** Events per request. */
  burst: number;
  rounds: number;
  /** Requests per round. */
  times: number;
}

/** Measures the servers in alternation, so that other load of the machine affects all equally. */
export async function measure(starts: (() => Promise<Contender>)[], load: Load): Promise<Figures[]> {
  await using stack = new AsyncDisposableStack();
  const meters: Meter[] = [];
  for (const start of starts) meters.push(stack.use(await openMeter(stack.use(await start()), load)));
  for (let round = 0; round < load.rounds; round++) {
    for (const meter of meters) await meter.round();
    meters.push(...meters.splice(0, 1)); // the next round starts with another server
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
  // Warms up, and checks every subscription.
  await announceAndMeasure(contender, subscribers, load.burst);
  const cpuMicros: number[] = [];
  const lastMs: number[] = [];
  const responseMs: number[] = [];
  return {
    async round() {
      await untilIdle(server.pid);
      const idle = await idleCpu(server.pid);
      const startedAt = performance.now();
      const cpuBefore = await cpuOf(server.pid);
      for (let time = 0; time < load.times; time++) {
        const delivery = await announceAndMeasure(contender, subscribers, load.burst);
        lastMs.push(delivery.lastMs);
        responseMs.push(delivery.responseMs);
      }
      const cpu = (await cpuOf(server.pid)) - cpuBefore - (idle * (performance.now() - startedAt)) / 1000;
      const forDelivery = cpu - alone.cpu * load.times;
      cpuMicros.push((forDelivery * 1e6) / (load.subscribers * load.burst * load.times));
    },
    figures: () => ({
      name,
      cpuMicros: median(cpuMicros),
      lastMs: median(lastMs),
      responseMs: { alone: median(alone.responseMs), withSubscribers: median(responseMs) },
      kibPerSocket,
    }),
    [Symbol.asyncDispose]: () => subscribers[Symbol.asyncDispose](),
  };
}

/** CPU seconds per request that emits the events without subscribers, and the response times. */
async function measureWithoutSubscribers({ server, publish: announce }: Contender, { burst }: Load) {
  const times = 60;
  for (let time = 0; time < times; time++) await announce(burst); // warms up
  await untilIdle(server.pid);
  const cpuBefore = await cpuOf(server.pid);
  const responseMs: number[] = [];
  for (let time = 0; time < times; time++) responseMs.push(await timed(() => announce(burst)));
  return { responseMs, cpu: ((await cpuOf(server.pid)) - cpuBefore) / times };
}

async function announceAndMeasure({ publish: announce }: Contender, subscribers: Subscribers, burst: number) {
  let responseMs = 0;
  const lastMs = await subscribers.measureDelivery(burst, async () => {
    responseMs = await timed(() => announce(burst));
  });
  return { lastMs, responseMs };
}

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/** CPU seconds that the process uses in one idle second. */
async function idleCpu(pid: number): Promise<number> {
  const before = await cpuOf(pid);
  await pause(1000);
  return (await cpuOf(pid)) - before;
}

/** Waits until the process is idle: subscriptions, deliveries and sweeps are complete. */
export async function untilIdle(pid: number): Promise<void> {
  const timeout = performance.now() + 30_000;
  for (let idleChecks = 0; idleChecks < 3 && performance.now() < timeout; ) {
    const before = await cpuOf(pid);
    await pause(100);
    idleChecks = (await cpuOf(pid)) - before <= 0.01 ? idleChecks + 1 : 0;
  }
}
