import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { GraphQLContext } from './context.ts';

/** The most objects that one batch loads. */
export const MAX_BATCH = 200;

/**
 * Creates a loader that collects the keys that resolvers request at the same time and loads them in
 * one batch. It does not cache values after the batch: a later mutation of the same request may
 * change them.
 */
export function batchLoader<Key, Value>(
  load: (keys: readonly Key[], context: GraphQLContext) => Promise<readonly (Value | Error)[]>,
): (key: Key, context: GraphQLContext) => Promise<Value> {
  const loaderFor = createContextCache(
    (context: GraphQLContext) =>
      new DataLoader<Key, Value>((keys) => context.budget.lookUp(() => load(keys, context)), {
        cache: false,
        maxBatchSize: MAX_BATCH,
      }),
  );
  return (key, context) => loaderFor(context).load(key);
}
