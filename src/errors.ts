/**
 * What can go wrong in a way that the person asking should be told about. Every door translates these once
 * (`schema/errors.ts` to `extensions.code`, `http/errors.ts` to a status); anything else is a fault of ours,
 * logged and masked. Messages are shown to clients: they say what to do and never name a secret or a path.
 */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'REQUEST_TIMEOUT'
  | 'RATE_LIMITED'
  | 'INSUFFICIENT_STORAGE'
  | 'STORAGE_UNAVAILABLE'
  | 'SERVICE_UNAVAILABLE'
  | 'CURSOR_EXPIRED'
  | 'SUBSCRIBER_TOO_SLOW'
  | 'PERSISTED_QUERY_NOT_SUPPORTED';

/** The longest text of a client that an error message repeats, in characters. */
const MAX_EXCERPT = 100;

/**
 * Text of a client as an error message repeats it: at most 100 characters. Without the bound, a query that repeats one
 * long argument under many aliases gets an answer that is many times as long as itself.
 */
export function excerpt(text: string): string {
  return text.length <= MAX_EXCERPT ? text : `${text.slice(0, MAX_EXCERPT).toWellFormed()}…`;
}

/** The longest message that a client, or a log, is given. Longer ones can only repeat what a client sent. */
const MAX_MESSAGE = 1000;

/** A message as it is given to a client: whatever was put into it, it stays short. Every transport asks this. */
export function boundedMessage(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE).toWellFormed()}…`;
}

/** The longest file name that an error repeats: the longest that a file can have. */
const MAX_FILENAME = 255;

/** The name of a file that was not kept, as an error repeats it. */
export const boundedFilename = (name: string): string =>
  name.length <= MAX_FILENAME ? name : `${name.slice(0, MAX_FILENAME - 1).toWellFormed()}…`;

/** How many ids one error names. */
const MAX_IDS = 10;

const listed = (ids: readonly string[]): string => {
  const others = ids.length - MAX_IDS;
  return `${ids.slice(0, MAX_IDS).map(excerpt).join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
};

export abstract class AttacheError extends Error {
  abstract readonly code: ErrorCode;
}

/** No credentials, or none that are known. */
export class UnauthenticatedError extends AttacheError {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'UNAUTHENTICATED';
  constructor(message = 'No valid API key was given. Send the header "Authorization: Bearer YOUR_KEY".') {
    super(message);
  }
}

/** The viewer may see the thing, but not do this to it. */
export class ForbiddenError extends AttacheError {
  override readonly name = 'ForbiddenError';
  readonly code = 'FORBIDDEN';
}

/** It does not exist, or the viewer may not know that it does; the two are never told apart. */
export class NotFoundError extends AttacheError {
  override readonly name = 'NotFoundError';
  readonly code = 'NOT_FOUND';
  readonly ids: readonly string[];
  /** `others` is what else stands in the way, as a sentence. */
  constructor(ids: readonly string[], others = '') {
    super(`Not found: ${listed(ids)}. It does not exist, or you may not see it.${others && ` ${others}`}`);
    this.ids = ids;
  }
}

/** An argument that can never work, whatever the state of the server. */
export class BadUserInputError extends AttacheError {
  override readonly name = 'BadUserInputError';
  readonly code = 'BAD_USER_INPUT';
}

/** Bytes are not those whose checksum the client sent. */
export class ChecksumMismatchError extends AttacheError {
  override readonly name = 'ChecksumMismatchError';
  readonly code = 'BAD_USER_INPUT';
  constructor() {
    super(
      'The bytes that came are not those of the checksum that came with them. Nothing of them was kept; send them again.',
    );
  }
}

/** It would have worked in another state of the thing; read it again, then decide. */
export class ConflictError extends AttacheError {
  override readonly name = 'ConflictError';
  readonly code = 'CONFLICT';
}

/** Over a limit in bytes or in number. */
export class PayloadTooLargeError extends AttacheError {
  override readonly name = 'PayloadTooLargeError';
  readonly code = 'PAYLOAD_TOO_LARGE';
  readonly limit: number;
  constructor(message: string, limit: number, options?: ErrorOptions) {
    super(message, options);
    this.limit = limit;
  }
}

/** How much structure JSON of a client may have, whatever its length in bytes. */
export interface JsonBounds {
  /** Objects and lists inside of each other. */
  depth: number;
  /** Values in all: members of objects and items of lists. */
  values: number;
  /** Items of a list at the top: the requests of a batch. */
  items: number;
}

/** JSON has more structure than its bounds allow. `bound` names the one that it breaks. */
export class JsonTooComplexError extends PayloadTooLargeError {
  readonly bound: keyof JsonBounds;
  constructor(bound: keyof JsonBounds, limit: number) {
    const message = {
      depth: `The JSON of a request may have at most ${limit} levels. Nest objects and lists less deeply.`,
      values: `The JSON of a request may have at most ${limit} values. Send it in several requests.`,
      items: `The JSON of a request may have at most ${limit} requests. Send it in several requests.`,
    }[bound];
    super(message, limit);
    this.bound = bound;
  }
}

/** A kind of file, or of request body, that this server does not take. */
export class UnsupportedMediaTypeError extends AttacheError {
  override readonly name = 'UnsupportedMediaTypeError';
  readonly code = 'UNSUPPORTED_MEDIA_TYPE';
}

/** More is asked for at this moment than the server does at once. Clients may try again after so many seconds. */
export class RateLimitedError extends AttacheError {
  override readonly name = 'RateLimitedError';
  readonly code = 'RATE_LIMITED';
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds = 1, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * The header that tells an HTTP client when to try again, where an error says so; none for any other.
 * https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export const retryAfterHeader = (error: unknown): Record<string, string> =>
  isTemporary(error) ? { 'retry-after': String(error.retryAfterSeconds) } : {};

/** Whether the same may work in some seconds, without anybody doing anything. */
export const isTemporary = (error: unknown): error is RateLimitedError | DatabaseUnavailableError =>
  error instanceof RateLimitedError || error instanceof DatabaseUnavailableError;

/** The client stopped sending. */
export class RequestTimeoutError extends AttacheError {
  override readonly name = 'RequestTimeoutError';
  readonly code = 'REQUEST_TIMEOUT';
}

/** The place where bytes or rows are kept is full. */
export class InsufficientStorageError extends AttacheError {
  override readonly name = 'InsufficientStorageError';
  readonly code = 'INSUFFICIENT_STORAGE';
  constructor(options?: ErrorOptions) {
    super('The server has no room left to store this. Nothing was kept; ask its operator to free space.', options);
  }
}

/** The place where bytes are kept is away, or does not do what it should. */
export class StorageUnavailableError extends AttacheError {
  override readonly name = 'StorageUnavailableError';
  readonly code = 'STORAGE_UNAVAILABLE';
  constructor(options?: ErrorOptions) {
    super(
      'The store that keeps the files does not answer as it should. Nothing was changed; try again later.',
      options,
    );
  }
}

/** The database does not answer, or its connection broke. Clients may try again after so many seconds. */
export class DatabaseUnavailableError extends AttacheError {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = 'SERVICE_UNAVAILABLE';
  readonly retryAfterSeconds = 5;
  constructor(options?: ErrorOptions) {
    super('The database of this server does not answer at the moment. Try again in some seconds.', options);
  }
}

/** A project holds as much as it may. */
export class QuotaExceededError extends AttacheError {
  override readonly name = 'QuotaExceededError';
  readonly code = 'INSUFFICIENT_STORAGE';
}

/** What happened after a cursor is no longer, or was never, in this log: nobody can tell what was missed. */
export class CursorExpiredError extends AttacheError {
  override readonly name = 'CursorExpiredError';
  readonly code = 'CURSOR_EXPIRED';
  constructor(why = 'What happened after this cursor is no longer kept.') {
    super(`${why} Read the list again, and go on from its "eventCursor".`);
  }
}

/** A subscriber reads more slowly than events come; keeping them for it would use memory without bound. */
export class SubscriberTooSlowError extends AttacheError {
  override readonly name = 'SubscriberTooSlowError';
  readonly code = 'SUBSCRIBER_TOO_SLOW';
  constructor() {
    super(
      'This subscription did not read its events and was ended. Subscribe again after the last cursor that you have.',
    );
  }
}

/**
 * A request with the hash of a query in the place of the query. The message and the code are those by which clients of
 * automatic persisted queries know that they have to send whole queries from now on.
 * https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export class PersistedQueryNotSupportedError extends AttacheError {
  override readonly name = 'PersistedQueryNotSupportedError';
  readonly code = 'PERSISTED_QUERY_NOT_SUPPORTED';
  constructor() {
    super('PersistedQueryNotSupported');
  }
}

/** A key without bytes: the database names something that the storage does not hold. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
  constructor(key: string, options?: ErrorOptions) {
    super(`No bytes are stored under ${key}.`, options);
  }
}
