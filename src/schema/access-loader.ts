import type { GraphQLResolveInfo } from 'graphql';
import type { AttachableRef } from '../database/entities/index.ts';
import { topicOf } from '../events/topic.ts';
import { type Attachable, type AttachableAccess, loadAttachables, refOf } from '../workspace/attachable.ts';
import { batchLoader } from './batch-loader.ts';
import type { GraphQLContext } from './context.ts';

/** Loads the access of the viewer to an attachable; undefined when the viewer may not see it. */
export const accessOf = batchLoader<AttachableRef, AttachableAccess | undefined>(async (refs, context) => {
  const loaded = await loadAttachables(context, refs);
  return refs.map((ref) => loaded.get(topicOf(ref)));
});

/**
 * The access with which a row was loaded for a request. A property, since it refers to the row:
 * small garbage collections keep such values of a `WeakMap`.
 */
const ACCESS = Symbol('access');
type LoadedRow = Attachable & { [ACCESS]?: AttachableAccess };

/** Stores the access with which a row was loaded, and returns the row. */
export function primeAccess(access: AttachableAccess): Attachable {
  const row: LoadedRow = access.row;
  row[ACCESS] = access;
  return row;
}

/**
 * Returns the access to a row: in a query, the one with which it was loaded; in a mutation, a newly
 * loaded one, because an earlier mutation of the same request may have changed it.
 */
export async function accessOfRow(
  row: Attachable,
  context: GraphQLContext,
  { operation }: GraphQLResolveInfo,
): Promise<AttachableAccess | undefined> {
  const known = operation.operation === 'query' ? (row as LoadedRow)[ACCESS] : undefined;
  return known ?? accessOf(refOf(row), context);
}
