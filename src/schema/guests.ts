import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Guest, UploadGuest } from '../auth/guest.ts';
import type { RequestContext } from '../context.ts';
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
export function uploadContextOf(context: GraphQLContext): GraphQLContext & Pick<RequestContext, 'uploadGrant'> {
  const { creator, grant } = uploadGuestIn(context);
  return { ...context, guest: undefined, viewer: creator, uploadGrant: grant };
}

export function uploadGuestIn({ guest }: GraphQLContext): UploadGuest {
  if (guest?.kind === 'upload') return guest;
  throw new ForbiddenError('This requires an upload token: send it as "Authorization: Bearer upt_…".');
}
