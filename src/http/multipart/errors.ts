import { GraphQLError } from 'graphql';
import {
  AttacheError,
  BadUserInputError,
  boundedMessage,
  PayloadTooLargeError,
  RateLimitedError,
} from '../../errors.ts';
import { toErrorResponse } from '../errors.ts';

/** A fault of the request as a whole, with the status that says so. */
export function requestError(message: string, status: number, code: string): GraphQLError {
  return new GraphQLError(boundedMessage(message), { extensions: { code, http: { status } } });
}

export const malformed = (message: string) =>
  requestError(`The multipart request cannot be read: ${message}`, 400, 'BAD_USER_INPUT');

/** What graphql-upload-minimal and its parser say, in our terms. */
export function asRequestError(error: unknown): unknown {
  if (error instanceof GraphQLError) return error;
  if (
    error instanceof RateLimitedError ||
    error instanceof PayloadTooLargeError ||
    error instanceof BadUserInputError
  ) {
    const { status, headers, error: told } = toErrorResponse(error);
    return new GraphQLError(told.message, { extensions: { code: told.code, http: { status, headers } } });
  }
  if (error instanceof AttacheError) return error;
  if (!(error instanceof Error)) return error;
  if ('code' in error && typeof error.code === 'string' && 'syscall' in error) return error; // the disk's, not the client's
  if ('status' in error && error.status === 413) return requestError(error.message, 413, 'PAYLOAD_TOO_LARGE');
  return malformed(error.message);
}
