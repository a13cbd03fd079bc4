import { type DocumentNode, type ExecutionResult, GraphQLError, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { canAdminister, type Viewer } from '../../auth/permissions.ts';
import type { Introspection } from '../../config.ts';
import { ForbiddenError } from '../../errors.ts';
import { toHttpGraphQLError } from './http-error.ts';
import type { OperationContext } from './options.ts';

/**
 * Whether a viewer may read the schema: by introspection, and by suggestions in error messages.
 * A guest has no viewer.
 */
export const canReadSchema = (setting: Introspection, viewer: Viewer | undefined): boolean =>
  setting === 'all' || (setting === 'admins' && viewer !== undefined && canAdminister(viewer));

const hints: Record<Exclude<Introspection, 'all'>, string> = {
  admins: 'Use the API key of an administrator with the scope ADMIN, or read schema.graphql of the release.',
  none: 'Read schema.graphql of the release.',
};

/** Refuses introspection over every transport, unless the viewer may read the schema. */
export function limitIntrospection(setting: Introspection): Plugin {
  if (setting === 'all') return {};
  const refusal = () =>
    toHttpGraphQLError(new ForbiddenError(`This server does not answer introspection. ${hints[setting]}`));
  return {
    onExecute({ args, setResultAndStopExecution }) {
      if (!canReadSchema(setting, viewerIn(args.contextValue)) && hasIntrospection(args.document))
        setResultAndStopExecution({ errors: [refusal()] });
    },
    onExecutionResult({ result, context, setResult }) {
      const { errors } = (result ?? {}) as ExecutionResult;
      if (!errors || canReadSchema(setting, viewerIn(context))) return;
      setResult({ ...result, errors: errors.map(withoutSuggestion) } as never);
    },
  };
}

/** The viewer of an operation; undefined for a guest. */
export function viewerIn(context: unknown): Viewer | undefined {
  const { viewer, guest } = context as Pick<OperationContext, 'viewer' | 'guest'>;
  return guest ? undefined : viewer;
}

/** By document, which is cached: the same query is parsed once. */
const known = new WeakMap<DocumentNode, boolean>();

/** Whether any field of the document reads the schema. `__typename` reads only the result. */
function hasIntrospection(document: DocumentNode): boolean {
  let has = known.get(document) ?? false;
  if (known.has(document)) return has;
  visit(document, {
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type') has = true;
    },
  });
  known.set(document, has);
  return has;
}

const SUGGESTION = ' Did you mean ';

/** The error without the names of the schema that graphql-js suggests at the end of a message. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const start = error.message.indexOf(SUGGESTION);
  if (start === -1) return error;
  const { nodes, source, positions, path, extensions } = error;
  const location = { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null };
  return new GraphQLError(error.message.slice(0, start), { ...location, extensions });
}
