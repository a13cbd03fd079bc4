import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { PersistedQueryNotSupportedError } from '../../errors.ts';
import { toHttpGraphQLError } from './http-error.ts';

interface Params {
  query?: unknown;
  extensions?: unknown;
}

/**
 * Whether the parameters have a hash and no query: the first request of clients with automatic
 * persisted queries. https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export function isHashAlone(params: unknown): boolean {
  if (typeof params !== 'object' || params === null) return false;
  const { query, extensions } = params as Params;
  if (typeof query === 'string' && query !== '') return false;
  if (typeof extensions !== 'object' || extensions === null) return false;
  const { persistedQuery } = extensions as { persistedQuery?: { sha256Hash?: unknown } | null };
  return typeof persistedQuery?.sha256Hash === 'string';
}

/** The error after which such a client sends the query itself, over every transport. */
export const persistedQueryRefusal = (): GraphQLError => toHttpGraphQLError(new PersistedQueryNotSupportedError());

/** Refuses hashes before Yoga complains about the missing query. */
export function refusePersistedQueries(): Plugin {
  return {
    onParams({ params }) {
      if (isHashAlone(params)) throw persistedQueryRefusal();
    },
  };
}
