import { PothosValidationError } from '@pothos/core';
import { InputValidationError } from '@pothos/plugin-validation';
import { GraphQLError } from 'graphql';
import {
  AttacheError,
  boundedMessage,
  DatabaseUnavailableError,
  type ErrorCode,
  excerpt,
  isTemporary,
  StorageUnavailableError,
} from '../errors.ts';
import { builder } from './builder.ts';

const codes: Record<ErrorCode, string> = {
  UNAUTHENTICATED: 'The request has no API key or token, or it is unknown, revoked or expired.',
  FORBIDDEN: 'You may see the object, but you may not do this with it.',
  NOT_FOUND: 'The object does not exist, or you may not see it.',
  BAD_USER_INPUT: 'An argument is invalid. The message says why. Retrying the same request fails again.',
  CONFLICT: 'The object changed, or its state does not allow this. Read it again before you retry.',
  PAYLOAD_TOO_LARGE: 'A limit in bytes or in number is exceeded.',
  UNSUPPORTED_MEDIA_TYPE: 'The server does not accept files of this kind.',
  REQUEST_TIMEOUT: 'The client stopped sending the request.',
  RATE_LIMITED: 'Too many requests. Retry after `extensions.retryAfterSeconds`.',
  INSUFFICIENT_STORAGE: 'A quota or the disk is full. Nothing was stored.',
  STORAGE_UNAVAILABLE: 'The file storage does not respond. Nothing was changed. Retry later.',
  SERVICE_UNAVAILABLE:
    'The database, or the identity provider of a token, does not respond. Retry after ' +
    '`extensions.retryAfterSeconds`.',
  CURSOR_EXPIRED:
    'Events after the cursor are no longer in the log. Read the list again and continue from its `eventCursor`.',
  SUBSCRIBER_TOO_SLOW:
    'The subscription read its events too slowly and was ended. Subscribe again with the last cursor.',
  PERSISTED_QUERY_NOT_SUPPORTED:
    'The request has the hash of a query instead of the query. Send the query itself; the server stores ' +
    'no queries.',
};

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description:
    'Kind of an error, for programs. Errors of a whole request have the same codes in `extensions.code`, or ' +
    'INTERNAL_SERVER_ERROR for a fault of the server, with `extensions.requestId`.',
  values: Object.fromEntries(Object.entries(codes).map(([code, description]) => [code, { description }])) as {
    [Code in ErrorCode]: { description: string };
  },
});

/**
 * Translates every error to a GraphQL error. An `AttacheError` keeps its message and gets its code;
 * an error of graphql-js or Yoga is kept. Any other error is a fault of the server: `report` logs
 * it and returns the request id, which is all that the client gets.
 */
export function toGraphQLError(error: unknown, report: (fault: unknown) => string): GraphQLError {
  const original = originOf(error);
  const known = describe(original);
  // The client gets these errors, but only the operator can resolve the cause.
  if (original instanceof StorageUnavailableError || original instanceof DatabaseUnavailableError) report(original);
  if (known) return replace(error, known.message, { code: known.code, ...retryIn(original) });
  if (original instanceof GraphQLError) return toClientError(error instanceof GraphQLError ? error : original);
  const requestId = report(original);
  const message = `Something went wrong on the server. Ask its operator to look for request ${requestId} in the log.`;
  return replace(error, message, { code: 'INTERNAL_SERVER_ERROR', requestId });
}

/** Replaces the codes of graphql-js and Yoga for invalid queries by `BAD_USER_INPUT`. */
function toClientError(error: GraphQLError): GraphQLError {
  const { code } = error.extensions;
  if (code === undefined || code === 'BAD_REQUEST' || code === 'OPERATION_RESOLUTION_FAILURE')
    error.extensions.code = 'BAD_USER_INPUT';
  const bounded = messageOf(error);
  return bounded === error.message ? error : replace(error, bounded, error.extensions);
}

/**
 * Returns the message of an error of graphql-js or Yoga for clients: bounded, and with a hint where
 * one helps.
 */
export const messageOf = (error: GraphQLError): string => {
  if (isValidationAborted(error)) return TOO_MANY_ERRORS;
  return isMissingFile(error) ? fileMissing(error) : boundedMessage(error.message);
};

/** Whether graphql-js reports that a file is null or absent. */
const isMissingFile = ({ message }: GraphQLError): boolean =>
  /type "\[?Upload!\]?!?"(?:, found null| must not be null| not to be null| was not provided)/.test(message);

const fileMissing = ({ message }: GraphQLError): string => {
  const [, place] = / at "([^"]+)"; /.exec(message) ?? /^Variable "(\$\w+)"/.exec(message) ?? [];
  return (
    `A file is missing${place === undefined ? '' : ` at ${excerpt(place)}`}: its value is null. Send a ` +
    'multipart request with the file as a part, and its place in the field "map": ' +
    'https://github.com/jaydenseric/graphql-multipart-request-spec'
  );
};

/**
 * Whether it is the error with which graphql-js stops the validation of a query that has many
 * errors.
 */
const isValidationAborted = ({ message }: GraphQLError): boolean =>
  /^(Too many validation errors, error limit reached\. )?Validation aborted\.$/.test(message);

const TOO_MANY_ERRORS =
  'The query has too many errors to list them all. Correct those that are listed, then send it again.';

/** The extension with the seconds after which clients may retry a temporary error. */
const retryIn = (error: unknown) => (isTemporary(error) ? { retryAfterSeconds: error.retryAfterSeconds } : {});

/** Creates an error with the same nodes and path. */
function replace(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, path } = error instanceof GraphQLError ? error : {};
  return new GraphQLError(boundedMessage(message), { nodes: nodes ?? null, path: path ?? null, extensions });
}

function describe(error: unknown): { message: string; code: ErrorCode } | undefined {
  if (error instanceof AttacheError) return error;
  if (error instanceof InputValidationError) {
    const message = error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}`).join('; ');
    return { message, code: 'BAD_USER_INPUT' };
  }
  if (error instanceof PothosValidationError) return { message: error.message, code: 'BAD_USER_INPUT' };
  return undefined;
}

function originOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? originOf(error.originalError) : error;
}

function pathOf(path: readonly (PropertyKey | { key: PropertyKey })[] | undefined): string {
  return (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
