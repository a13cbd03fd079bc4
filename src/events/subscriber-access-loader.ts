import DataLoader from 'dataloader';
import pLimit from 'p-limit';
import type { Subscriber, SubscriberAccess } from './subscriber.ts';
import type { Topic } from './topic.ts';

/**
 * Access checks that run concurrently, so that a change for many subscribers leaves connections to
 * others.
 */
const CONCURRENCY = 20;

export interface AccessQuery {
  topic: Topic;
  subscriber: Subscriber;
}

/**
 * Loads the access of subscribers. Concurrent queries of one user with the same credentials for
 * one topic share one load.
 */
export function createSubscriberAccessLoader(): DataLoader<AccessQuery, SubscriberAccess> {
  return new DataLoader(loadBatch, { cache: false, batchScheduleFn: (run) => setImmediate(run) });
}

async function loadBatch(queries: readonly AccessQuery[]): Promise<(SubscriberAccess | Error)[]> {
  const limited = pLimit(CONCURRENCY);
  const loads = new Map<string, Promise<SubscriberAccess | Error>>();
  return Promise.all(
    queries.map(({ topic, subscriber }) => {
      const { keyId, userId, scope, expiresAt } = subscriber.viewer;
      // Tokens of one user may differ in scope and end, which the loaded access has.
      const key = `${keyId} ${userId} ${scope} ${expiresAt?.getTime()} ${topic}`;
      const load = loads.get(key) ?? limited(() => subscriber.loadAccess().catch((error: Error) => error));
      loads.set(key, load);
      return load;
    }),
  );
}
