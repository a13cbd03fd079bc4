import type { GraphQLResolveInfo } from 'graphql';
import type { AttachableRef } from '../database/entities/index.ts';
import { topicOf } from '../events/topic.ts';
import { type Attachable, type Reached, reach, refOf } from '../workspace/attachable.ts';
import { batched } from './batch-loader.ts';
import type { GraphQLContext } from './context.ts';

/** How the viewer stands to something that files hang on; undefined when the viewer may not see it. */
export const standingOf = batched<AttachableRef, Reached | undefined>(async (refs, context) => {
  const reached = await reach(context, refs);
  return refs.map((ref) => reached.get(topicOf(ref)));
});

const asLoaded = new WeakMap<Attachable, Reached>();

/** Says how the viewer stood to a row when it was loaded for this request. */
export function remember(reached: Reached): Attachable {
  asLoaded.set(reached.row, reached);
  return reached.row;
}

/** The same of a row: as it was loaded, where nothing can have changed since. Of two mutations, the second may change what the first answered. */
export async function standingOfRow(
  row: Attachable,
  context: GraphQLContext,
  { operation }: GraphQLResolveInfo,
): Promise<Reached | undefined> {
  const known = operation.operation === 'query' ? asLoaded.get(row) : undefined;
  return known ?? standingOf(refOf(row), context);
}
