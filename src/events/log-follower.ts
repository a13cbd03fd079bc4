import type { Log } from '../context.ts';
import type { EntityManager } from '../database/open.ts';
import type { LogTail } from './log-tail.ts';
import type { Topic } from './topic.ts';

/** How often the log is looked at when nobody says that there is something new. */
const POLL_MS = 500;

export interface LogFollower extends AsyncDisposable {
  /** There may be something new. However often it is called at once, one look follows. */
  wake(): void;
  /** Looks at the log: when it fulfils, everything is known that was written before it was called. */
  catchUp(): Promise<void>;
}

export interface FollowOptions {
  tail: LogTail;
  em(): EntityManager;
  /** Told how far topics have come; told again, with what has come since, when it fails. */
  advance(heads: ReadonlyMap<Topic, number>): Promise<void>;
  log: Log;
}

/** Keeps looking at the log: at once when woken, and now and then for what nobody woke it for. */
export function followLog({ tail, em, advance, log }: FollowOptions): LogFollower {
  const heads = new Map<Topic, number>();
  let woken = Promise.withResolvers<void>();
  let isOpen = true;
  let failures = 0;

  let waiting: PromiseWithResolvers<void>[] = [];

  const look = async () => {
    const told = waiting;
    for (const [topic, head] of await tail.next(em())) heads.set(topic, head);
    if (heads.size > 0) await advance(heads);
    heads.clear();
    waiting = waiting.slice(told.length);
    for (const { resolve } of told) resolve();
  };
  const run = async () => {
    while (isOpen) {
      const timer = setTimeout(woken.resolve, POLL_MS);
      await woken.promise;
      clearTimeout(timer);
      woken = Promise.withResolvers();
      try {
        await look();
        if (failures > 0) log.info({ failures }, 'the event log can be read again');
        failures = 0;
      } catch (err) {
        // Nothing is lost: what was not told is read again.
        if (failures++ === 0) log.error({ err }, 'the event log cannot be read; trying again');
        if (isOpen) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
  };
  const running = run();
  return {
    wake: () => woken.resolve(),
    catchUp() {
      const told = Promise.withResolvers<void>();
      waiting = [...waiting, told];
      woken.resolve();
      return told.promise;
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      woken.resolve();
      await running;
      for (const { reject } of waiting) reject(new Error('The server stops.'));
    },
  };
}
