import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import type { GraphQLContext } from './context.ts';

/** How many objects are looked up by one statement. */
export const MAX_BATCH = 200;

/**
 * A look-up that is done once for all the objects of a list that ask for it. What it found is kept no longer: of two
 * mutations in one request, the second may change what was answered after the first.
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
