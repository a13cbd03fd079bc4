import { setImmediate } from 'node:timers/promises';
import type { Log } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import type { LogTail } from './log-tail.ts';
import type { Topic } from './topic.ts';

/** How often the log is read without a notification, and how long to wait after a failure. */
const POLL_MS = 500;

export interface LogFollower extends AsyncDisposable {
  /**
   * Reports that the log may have new entries. Several calls before the next read cause one read.
   */
  wake(): void;
  /**
   * Reads the log and resolves when `advance` has handled every entry that was committed before the
   * call. Rejects when the server stops.
   */
  catchUp(): Promise<void>;
}

export interface FollowOptions {
  tail: LogTail;
  em(): EntityManager;
  /**
   * Receives the number of the last entry of each topic that has new ones. When it rejects, it is
   * called again with the same topics and those that changed meanwhile.
   */
  advance(heads: ReadonlyMap<Topic, number>): Promise<void>;
  log: Log;
}

/**
 * Reads the log at once when `wake` is called, and every `POLL_MS` for notifications that were
 * lost.
 */
export function followLog({ tail, em, advance, log }: FollowOptions): LogFollower {
  const heads = new Map<Topic, number>();
  let wakeUp = Promise.withResolvers<void>();
  let isOpen = true;
  let failures = 0;

  let waiters: PromiseWithResolvers<void>[] = [];

  const readTail = async () => {
    const served = waiters;
    for (const [topic, head] of await tail.next(em())) heads.set(topic, head);
    if (heads.size > 0) await advance(heads);
    heads.clear();
    waiters = waiters.slice(served.length);
    for (const { resolve } of served) resolve();
  };
  const run = async () => {
    while (isOpen) {
      const timer = setTimeout(wakeUp.resolve, POLL_MS);
      await wakeUp.promise;
      clearTimeout(timer);
      wakeUp = Promise.withResolvers();
      // The responses to the changes that are in the log go first.
      await setImmediate();
      try {
        await readTail();
        if (failures > 0) log.info({ failures }, 'the event log can be read again');
        failures = 0;
      } catch (err) {
        // Nothing is lost: `heads` keeps what was not handled.
        if (failures++ === 0) log.error({ err }, 'the event log cannot be read; trying again');
        if (isOpen) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
  };
  const running = run();
  return {
    wake: () => wakeUp.resolve(),
    catchUp() {
      const waiter = Promise.withResolvers<void>();
      waiters = [...waiters, waiter];
      wakeUp.resolve();
      return waiter.promise;
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      wakeUp.resolve();
      await running;
      for (const { reject } of waiters) reject(new Error('The server stops.'));
    },
  };
}
