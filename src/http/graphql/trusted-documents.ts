import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { canAdminister } from '../../auth/permissions.ts';
import type { TrustedDocuments } from '../../config/trusted-documents.ts';
import { ForbiddenError } from '../../errors.ts';
import { SHARE_QUERY } from '../download/share-script.ts';
import { toHttpGraphQLError } from './http-error.ts';
import { viewerIn } from './introspection.ts';
import type { ResolveDocument } from './options.ts';
import { documentIdIn } from './persisted-query.ts';

/** The ids of the documents that the schema does not support: their clients get the errors. */
export const unsupportedDocuments = (documents: TrustedDocuments, schema: GraphQLSchema): string[] =>
  [...documents].filter(([, query]) => !isValid(schema, query)).map(([id]) => id);

function isValid(schema: GraphQLSchema, query: string): boolean {
  try {
    return validate(schema, parse(query)).length === 0;
  } catch {
    return false; // not GraphQL
  }
}

/** Creates the function that resolves documents by these. */
export function documentResolver(documents: TrustedDocuments): ResolveDocument {
  const queries = new Set([...documents.values(), SHARE_QUERY]);
  return (params, viewer) => {
    const { query } = params as { query?: unknown };
    if (typeof query === 'string' && query !== '') {
      if (queries.has(query) || (viewer && canAdminister(viewer))) return params;
      throw new ForbiddenError('This server runs only the documents that its operator trusts. Send the id of one.');
    }
    const id = documentIdIn(params);
    const trusted = id === undefined ? undefined : (documents.get(id) ?? documents.get(id.replace(/^sha256:/, '')));
    if (trusted !== undefined) return { ...params, query: trusted };
    if (id === undefined) return params; // The error is the same as without trusted documents.
    throw new ForbiddenError(
      'The operator of this server does not trust a document with this id. Update the manifest.',
    );
  };
}

/** Replaces ids by the queries of trusted documents, over HTTP. */
export function trustDocuments(resolve: ResolveDocument): Plugin {
  return {
    onParams({ params, setParams, context }) {
      try {
        setParams(resolve(params, viewerIn(context)) as GraphQLParams);
      } catch (error) {
        throw error instanceof GraphQLError ? error : toHttpGraphQLError(error);
      }
    },
  };
}
