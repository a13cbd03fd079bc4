import { GraphQLError } from 'graphql';
import {
  AttacheError,
  BadUserInputError,
  boundedMessage,
  PayloadTooLargeError,
  RateLimitedError,
} from '../../errors.ts';
import { toHttpGraphQLError } from '../graphql/http-error.ts';

/** An error of the request as a whole, which sets the HTTP status of the response. */
export function requestError(message: string, status: number, code: string): GraphQLError {
  return new GraphQLError(boundedMessage(message), { extensions: { code, http: { status } } });
}

export const malformed = (message: string) =>
  requestError(`The multipart request cannot be read: ${message}`, 400, 'BAD_USER_INPUT');

/**
 * Translates errors of graphql-upload-minimal and its parser, and our own, to errors of the
 * request.
 */
export function toRequestError(error: unknown): unknown {
  if (error instanceof GraphQLError) return error;
  if (error instanceof RateLimitedError || error instanceof PayloadTooLargeError || error instanceof BadUserInputError)
    return toHttpGraphQLError(error);
  if (error instanceof AttacheError) return error;
  if (!(error instanceof Error)) return error;
  // An error of the operating system, such as a full disk, is not the client's.
  if ('code' in error && typeof error.code === 'string' && 'syscall' in error) return error;
  if ('status' in error && error.status === 413) return requestError(error.message, 413, 'PAYLOAD_TOO_LARGE');
  return malformed(error.message);
}
