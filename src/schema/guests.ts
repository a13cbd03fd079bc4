import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Guest, ShareGrant, UploadGrant } from '../auth/guest.ts';
import { ForbiddenError } from '../errors.ts';
import type { GraphQLContext } from './context.ts';

/**
 * What guests may do through GraphQL: run the root fields that name their kind, as in
 * `extensions: forGuests('upload')`, and no others. The types of these fields refer to no type of
 * users, so a guest reaches nothing else.
 */

const KEY = 'guests';

/** The extension of a root field that guests of a kind may run. */
export const forGuests = (kind: Guest['kind']) => ({ [KEY]: kind });

/**
 * The error of an operation with a root field that this guest may not run; undefined for any other.
 * Fields count that `@skip` leaves out, and those of fragments.
 */
export function refuseGuestOperation(
  guest: Guest,
  {
    schema,
    document,
    operationName,
  }: { schema: GraphQLSchema; document: DocumentNode; operationName?: string | null | undefined },
): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined; // The execution reports it.
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const refused = [...rootFieldsOf(document, operation.selectionSet)].find(
    (name) => name !== '__typename' && fields[name]?.extensions[KEY] !== guest.kind,
  );
  if (refused === undefined) return undefined;
  const { message, code } = new ForbiddenError(`This token does not permit "${refused}".`);
  return new GraphQLError(message, { extensions: { code } });
}

/** The names of all root fields, also below fragments. */
function rootFieldsOf(document: DocumentNode, selectionSet: SelectionSetNode): Set<string> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const names = new Set<string>();
  const pending = [selectionSet];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const selection of next.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
      else {
        const fragment = fragments.get(selection.name.value);
        // Each fragment once: many spreads of one would take exponential time.
        fragments.delete(selection.name.value);
        if (fragment) pending.push(fragment.selectionSet);
      }
    }
  }
  return names;
}

/**
 * The context with which the bearer of an upload token uploads: that of the creator, within the
 * grant. Throws `ForbiddenError` for anybody else.
 */
export function uploadContextOf(context: GraphQLContext): GraphQLContext & { uploadGrant: UploadGrant } {
  const { guest } = context;
  if (guest?.kind !== 'upload')
    throw new ForbiddenError('This requires an upload token: send it as "Authorization: Bearer upt_…".');
  return { ...context, guest: undefined, viewer: guest.creator, uploadGrant: guest.grant };
}

/** What the bearer of a share link reads, and with whose rights. */
export interface ShareContext {
  grant: ShareGrant;
  /** Only for functions that limit themselves to the grant. */
  creator: GraphQLContext;
}

/** Throws `ForbiddenError` for all but bearers of share links. */
export function shareContextOf(context: GraphQLContext): ShareContext {
  const { guest } = context;
  if (guest?.kind !== 'share')
    throw new ForbiddenError('This requires a share link: send its token as "Authorization: Bearer shr_…".');
  return { grant: guest.grant, creator: { ...context, guest: undefined, viewer: guest.creator } };
}
