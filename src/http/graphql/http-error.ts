import { GraphQLError } from 'graphql';
import { toErrorResponse } from '../errors.ts';

/**
 * Translates an error to a GraphQL error that sets the status and the headers of the HTTP response.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes
 */
export function toHttpGraphQLError(cause: unknown): GraphQLError {
  const { status, headers, error } = toErrorResponse(cause);
  return new GraphQLError(error.message, { extensions: { code: error.code, http: { status, headers } } });
}
