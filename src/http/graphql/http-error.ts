import { GraphQLError } from 'graphql';
import { isTemporary } from '../../errors.ts';
import { type ErrorResponse, toErrorResponse } from '../errors.ts';

/**
 * Translates an error to a GraphQL error that sets the status and the headers of the HTTP response.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes
 */
export function toHttpGraphQLError(cause: unknown): GraphQLError {
  const { status, headers, error } = toErrorResponse(cause);
  return new GraphQLError(error.message, { extensions: { ...extensionsOf(cause, error), http: { status, headers } } });
}

/** The extensions of a GraphQL error: its code, and when clients may retry a temporary one. */
export const extensionsOf = (cause: unknown, { code }: ErrorResponse['error']) => ({
  code,
  ...(isTemporary(cause) && { retryAfterSeconds: cause.retryAfterSeconds }),
});
