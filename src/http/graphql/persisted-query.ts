import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { PersistedQueryNotSupportedError } from '../../errors.ts';
import { toHttpGraphQLError } from './http-error.ts';

/**
 * Whether the parameters have the id of a document and no query: the first request of clients with
 * automatic persisted queries. https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export function isIdAlone(params: unknown): boolean {
  if (typeof params !== 'object' || params === null) return false;
  const { query } = params as { query?: unknown };
  return !(typeof query === 'string' && query !== '') && documentIdIn(params) !== undefined;
}

/** Members of a request that may hold the id of a document, beside `extensions.persistedQuery`. */
export const DOCUMENT_ID_PARAMS = ['documentId', 'doc_id'];

/** The id of a document in the place of a query, in the form of any client. */
export function documentIdIn(params: object): string | undefined {
  const { documentId, doc_id, extensions } = params as Record<string, unknown>;
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const id = documentId ?? doc_id ?? persistedQuery?.sha256Hash;
  return typeof id === 'string' ? id : undefined;
}

/** The error after which such a client sends the query itself, over every transport. */
export const persistedQueryRefusal = (): GraphQLError => toHttpGraphQLError(new PersistedQueryNotSupportedError());

/** Refuses ids of documents before Yoga complains about the missing query. */
export function refusePersistedQueries(): Plugin {
  return {
    onParams({ params }) {
      if (isIdAlone(params)) throw persistedQueryRefusal();
    },
  };
}
