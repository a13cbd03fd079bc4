import type { Limits, Log } from '../context.ts';
import type { Database } from '../database/database.ts';
import { EventHub } from './hub.ts';
import { readEpoch } from './log-epoch.ts';
import { followLog } from './log-follower.ts';
import { openPostgresTail, openSqliteTail } from './log-tail.ts';
import { postgresUsage } from './shared-usage.ts';
import { UsageLimiter } from './usage-limiter.ts';

export interface EventsOptions {
  limits: Limits;
  /** How long a client may read nothing before its subscription ends, in milliseconds. */
  slowReaderMs: number;
  log: Log;
  /** Called when new events were read, with the age of the oldest of them. */
  onRead?: (lagMs: number) => void;
  /** Repeats work every `intervalMs` milliseconds until the result is disposed of. */
  repeat(intervalMs: number, log: Log, work: () => Promise<unknown>): AsyncDisposable;
}

/** How often nodes publish what their users have open. */
const PUBLISH_MS = 1000;

/**
 * Starts to follow the event log: every event that is committed from here on reaches the
 * subscribers of this node.
 */
export async function openEvents(
  database: Database,
  options: EventsOptions,
): Promise<{ events: EventHub } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { log, slowReaderMs } = options;
  const em = () => database.em();
  const wake = () => {
    follower.wake();
    notifier.notify();
  };
  const events = new EventHub({
    epoch: await readEpoch(em()),
    em,
    limiter: openLimiter(database, options, stack),
    timeoutMs: slowReaderMs,
    onRead: options.onRead,
    wake,
    catchUp: () => follower.catchUp(),
  });
  const openTail = { sqlite: openSqliteTail, postgres: openPostgresTail }[database.kind];
  const tail = await openTail(em());
  await events.start();
  const follower = stack.use(followLog({ tail, em, advance: (heads) => events.advance(heads), log }));
  const notifier = stack.use(database.notifier(() => follower.wake()));
  const opened = stack.move();
  return { events, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Limits what users and keys have open; on PostgreSQL, over all nodes together. */
function openLimiter(database: Database, { limits, log, repeat }: EventsOptions, stack: AsyncDisposableStack) {
  const perUser = {
    connections: limits.maxConnectionsPerUser,
    subscriptions: limits.maxSubscriptionsPerUser,
    distinct: limits.maxDistinctSubscriptionsPerUser,
  };
  const perKey = {
    connections: limits.maxConnectionsPerUser,
    subscriptions: limits.maxSubscriptionsPerKey,
    distinct: limits.maxDistinctSubscriptionsPerKey,
  };
  const shared = database.kind === 'postgres' ? postgresUsage(() => database.em()) : undefined;
  const limiter = new UsageLimiter({ perUser, perKey }, shared);
  if (!shared) return limiter;
  // When the database does not answer, the other nodes expire this node's rows by themselves.
  stack.defer(() => shared.leave().catch((err) => log.warn({ err }, 'this node could not remove its usage')));
  stack.use(repeat(PUBLISH_MS, log, () => limiter.publish()));
  return limiter;
}
