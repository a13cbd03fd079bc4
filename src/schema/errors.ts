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
  UNAUTHENTICATED: 'The request has no API key, or the key is unknown, revoked or expired.',
  FORBIDDEN: 'You may see the object, but you may not do this with it.',
  NOT_FOUND: 'The object does not exist, or you may not see it.',
  BAD_USER_INPUT: 'An argument is invalid. The message says why. Retrying the same request fails again.',
  CONFLICT: 'The object changed, or its state does not allow this. Read it again before you retry.',
  PAYLOAD_TOO_LARGE: 'A limit in bytes or in number is exceeded.',
  UNSUPPORTED_MEDIA_TYPE: 'The server does not accept files of this kind.',
  REQUEST_TIMEOUT: 'The client stopped sending the request.',
  RATE_LIMITED: 'Too many requests. Retry later.',
  INSUFFICIENT_STORAGE: 'A quota or the disk is full. Nothing was stored.',
  STORAGE_UNAVAILABLE: 'The file storage does not respond. Nothing was changed. Retry later.',
  SERVICE_UNAVAILABLE: 'The database does not respond. Retry in a few seconds.',
  CURSOR_EXPIRED:
    'Events after the cursor are no longer in the log. Read the list again and continue from its ' + '`eventCursor`.',
  SUBSCRIBER_TOO_SLOW:
    'The subscription read its events too slowly and was ended. Subscribe again with the last cursor.',
  PERSISTED_QUERY_NOT_SUPPORTED:
    'The request has the hash of a query instead of the query. Send the query itself; the server keeps ' + 'no hashes.',
};

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Kind of an error, for programs. Errors of a whole request have the same codes in `extensions.code`.',
  values: Object.fromEntries(Object.entries(codes).map(([code, description]) => [code, { description }])) as {
    [Code in ErrorCode]: { description: string };
  },
});

/**
 * The one place where errors become GraphQL errors. Ours keep their message and get their code; those of the
 * GraphQL layer stay; anything else is a fault of the server, which `report` logs and whose answer says no more
 * than the id under which it was logged.
 */
export function toGraphQLError(error: unknown, report: (fault: unknown) => string): GraphQLError {
  const original = originOf(error);
  const told = tell(original);
  // Told to the client, who can do nothing about it, and to the operator, who can.
  if (original instanceof StorageUnavailableError || original instanceof DatabaseUnavailableError) report(original);
  if (told) return answer(error, told.message, { code: told.code, ...retryIn(original) });
  if (original instanceof GraphQLError) return withOurCode(error instanceof GraphQLError ? error : original);
  const requestId = report(original);
  const message = `Something went wrong on the server. Ask its operator to look for request ${requestId} in the log.`;
  return answer(error, message, { code: 'INTERNAL_SERVER_ERROR', requestId });
}

/** Errors of the GraphQL layer in one vocabulary: a query that cannot be parsed or validated has a code of its own already. */
function withOurCode(error: GraphQLError): GraphQLError {
  const { code } = error.extensions;
  if (code === undefined || code === 'BAD_REQUEST' || code === 'OPERATION_RESOLUTION_FAILURE')
    error.extensions.code = 'BAD_USER_INPUT';
  const bounded = messageOf(error);
  return bounded === error.message ? error : answer(error, bounded, error.extensions);
}

/** What a client is told of an error of the GraphQL layer: short, and with what to do. */
export const messageOf = (error: GraphQLError): string => {
  if (isValidationAborted(error)) return TOO_MANY_ERRORS;
  return isMissingFile(error) ? fileMissing(error) : boundedMessage(error.message);
};

/** What graphql-js says of a null, or of nothing, where a file has to be. */
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

/** What graphql-js adds to the errors of a query when it stops looking for more of them. */
const isValidationAborted = ({ message }: GraphQLError): boolean =>
  /^(Too many validation errors, error limit reached\. )?Validation aborted\.$/.test(message);

const TOO_MANY_ERRORS =
  'The query has too many errors to list them all. Correct those that are listed, then send it again.';

/** Clients may try again after so many seconds. */
const retryIn = (error: unknown) => (isTemporary(error) ? { retryAfterSeconds: error.retryAfterSeconds } : {});

/** A new error at the same place of the query. */
function answer(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, path } = error instanceof GraphQLError ? error : {};
  return new GraphQLError(boundedMessage(message), { nodes: nodes ?? null, path: path ?? null, extensions });
}

function tell(error: unknown): { message: string; code: ErrorCode } | undefined {
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
