import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { PersistedQueryNotSupportedError } from '../../errors.ts';
import { toErrorResponse } from '../errors.ts';

/** What a client asks for, as far as it tells a query from a hash of one. */
interface Params {
  query?: unknown;
  extensions?: unknown;
}

/**
 * Whether a hash came in the place of a query, as clients of automatic persisted queries send it first.
 * https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export function isHashAlone(params: unknown): boolean {
  if (typeof params !== 'object' || params === null) return false;
  const { query, extensions } = params as Params;
  if (typeof query === 'string' && query !== '') return false;
  if (typeof extensions !== 'object' || extensions === null) return false;
  const { persistedQuery } = extensions as { persistedQuery?: { sha256Hash?: unknown } | null };
  return typeof persistedQuery?.sha256Hash === 'string';
}

/** How a client is told to send the query itself, over every transport. */
export function persistedQueryRefusal(): GraphQLError {
  const { status, error } = toErrorResponse(new PersistedQueryNotSupportedError());
  return new GraphQLError(error.message, { extensions: { code: error.code, http: { status } } });
}

/** Refuses hashes before it is asked where the query is. */
export function refusePersistedQueries(): Plugin {
  return {
    onParams({ params }) {
      if (isHashAlone(params)) throw persistedQueryRefusal();
    },
  };
}
