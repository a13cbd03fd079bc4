import type { GraphQLResolveInfo } from 'graphql';
import type { AttachableRef } from '../database/entities/index.ts';
import { topicOf } from '../events/topic.ts';
import { type Attachable, type AttachableAccess, loadAttachables, refOf } from '../workspace/attachable.ts';
import { batchLoader } from './batch-loader.ts';
import type { GraphQLContext } from './context.ts';

/** How the viewer stands to something that files hang on; undefined when the viewer may not see it. */
export const accessOf = batchLoader<AttachableRef, AttachableAccess | undefined>(async (refs, context) => {
  const reached = await loadAttachables(context, refs);
  return refs.map((ref) => reached.get(topicOf(ref)));
});

const asLoaded = new WeakMap<Attachable, AttachableAccess>();

/** Says how the viewer stood to a row when it was loaded for this request. */
export function primeAccess(reached: AttachableAccess): Attachable {
  asLoaded.set(reached.row, reached);
  return reached.row;
}

/** The same of a row: as it was loaded, where nothing can have changed since. Of two mutations, the second may change what the first answered. */
export async function accessOfRow(
  row: Attachable,
  context: GraphQLContext,
  { operation }: GraphQLResolveInfo,
): Promise<AttachableAccess | undefined> {
  const known = operation.operation === 'query' ? asLoaded.get(row) : undefined;
  return known ?? accessOf(refOf(row), context);
}
