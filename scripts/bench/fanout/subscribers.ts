import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerProcess } from '../server-process.ts';

const program = fileURLToPath(new URL('subscribers-process.ts', import.meta.url));
const TIMEOUT_MS = 120_000;

/** A command to the process of the subscribers. */
export type Command =
  | {
      type: 'open';
      url: string;
      key: string;
      count: number;
      query: string;
      variables: object;
      /** The size of the backlog that each subscriber receives first. */
      events: number;
    }
  | { type: 'expect'; events: number }
  | { type: 'state' };

/** A message from that process. `at` is in milliseconds of the machine's monotonic clock. */
export type Report =
  | { type: 'subscribed' }
  | { type: 'ready' }
  | { type: 'delivered'; at: number; sample: string }
  | { type: 'state'; received: number[]; failure: string | undefined };

/** WebSockets with the same subscription, in their own process. */
export interface Subscribers extends AsyncDisposable {
  pid: number;
  /** Runs `act`. Returns the milliseconds until the last subscriber had received all events. */
  measureDelivery(events: number, act: () => Promise<unknown>): Promise<number>;
  /** Resolves with the milliseconds until each has received its backlog. */
  backlogReceived: Promise<number>;
  /** The last message of one subscriber. */
  sample(): string;
}

export interface Subscription {
  query: string;
  variables: object;
}

/** Opens `count` subscribers. `events` is the size of the backlog that each resumes from. */
export async function openSubscribers(
  { url, key }: Pick<ServerProcess, 'url' | 'key'>,
  count: number,
  { query, variables }: Subscription,
  events = 0,
): Promise<Subscribers> {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let sample = '';
  const command = (message: Command) => child.send(message);
  /** The monotonic clock, which all processes of this machine share. */
  const waitForReport = async <Type extends Report['type']>(type: Type): Promise<Extract<Report, { type: Type }>> => {
    const { promise, resolve, reject } = Promise.withResolvers<Extract<Report, { type: Type }>>();
    const take = (report: Report) => {
      if (report.type === type) resolve(report as Extract<Report, { type: Type }>);
    };
    const timeout = setTimeout(
      () => reject(new Error(`The subscribers did not report "${type}" in time.`)),
      TIMEOUT_MS,
    );
    child.on('message', take);
    try {
      return await promise;
    } finally {
      clearTimeout(timeout);
      child.off('message', take);
    }
  };
  const waitForDelivery = async (since: number) => {
    try {
      const report = await waitForReport('delivered');
      sample = report.sample;
      return report.at - since;
    } catch (cause) {
      command({ type: 'state' });
      const { received, failure } = await waitForReport('state');
      const counts = [...new Set(received)].map(
        (value) => `${received.filter((one) => one === value).length} received ${value}`,
      );
      throw new Error(`Not every subscriber received every event: ${counts.join(', ')}; ${failure}`, { cause });
    }
  };
  const since = now();
  const subscribed = waitForReport('subscribed');
  const received = events > 0 ? waitForDelivery(since) : Promise.resolve(0);
  command({ type: 'open', url: `${url.replace('http', 'ws')}/graphql`, key, count, query, variables, events });
  await subscribed;
  return {
    pid: child.pid ?? 0,
    backlogReceived: received,
    sample: () => sample,
    async measureDelivery(events, act) {
      const ready = waitForReport('ready');
      command({ type: 'expect', events });
      await ready;
      const since = now();
      const [milliseconds] = await Promise.all([waitForDelivery(since), act()]);
      return milliseconds;
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** Of the clock that all processes of this machine share. */
const now = () => Number(process.hrtime.bigint()) / 1e6;
