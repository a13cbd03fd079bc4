/**
 * The errors whose message and code are returned to clients. Each transport translates them in one
 * place: schema/errors.ts to `extensions.code`, http/errors.ts to a status. Any other error is a
 * fault of the server: it is logged, and the client gets a generic message. Messages say what the
 * client can do and contain no secret and no path.
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

/** The most characters of a client's text that an error message repeats. */
const MAX_EXCERPT = 100;

/**
 * Shortens a text of a client for an error message, to at most 100 characters. Without this limit,
 * a query that repeats one long argument under many aliases would get a response many times its own
 * size.
 */
export function excerpt(text: string): string {
  return text.length <= MAX_EXCERPT ? text : `${text.slice(0, MAX_EXCERPT).toWellFormed()}…`;
}

/** The most characters of a message. A longer one can only repeat what a client sent. */
const MAX_MESSAGE = 1000;

/**
 * Shortens a message for a response or a log entry, to at most 1,000 characters. Every transport
 * applies it.
 */
export function boundedMessage(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE).toWellFormed()}…`;
}

/** The most characters of a file name in an error: those that a stored name can have. */
const MAX_FILENAME = 255;

/** Shortens the name of a file that was not stored, for the error that reports it. */
export const boundedFilename = (name: string): string =>
  name.length <= MAX_FILENAME ? name : `${name.slice(0, MAX_FILENAME - 1).toWellFormed()}…`;

/** The most ids that one error names. */
const MAX_IDS = 10;

/** Lists ids for an error message: `Task:1, Task:2 and 3 others`. */
const listIds = (ids: readonly string[]): string => {
  const others = ids.length - MAX_IDS;
  return `${ids.slice(0, MAX_IDS).map(excerpt).join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
};

export abstract class AttacheError extends Error {
  abstract readonly code: ErrorCode;
}

/** The request has no credentials, or unknown ones. */
export class UnauthenticatedError extends AttacheError {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'UNAUTHENTICATED';
  constructor(message = 'No valid API key was given. Send the header "Authorization: Bearer YOUR_KEY".') {
    super(message);
  }
}

/**
 * The token was valid until its end. It is no guess, and the client is expected to return with a
 * new one.
 */
export class TokenExpiredError extends UnauthenticatedError {
  constructor() {
    super('The token has expired. Get a new one, and send the request again.');
  }
}

/** The viewer may see the object, but may not do this with it. */
export class ForbiddenError extends AttacheError {
  override readonly name = 'ForbiddenError';
  readonly code = 'FORBIDDEN';
}

/**
 * The object does not exist, or the viewer may not see it. The error is the same in both cases, so
 * that it reveals nothing.
 */
export class NotFoundError extends AttacheError {
  override readonly name = 'NotFoundError';
  readonly code = 'NOT_FOUND';
  readonly ids: readonly string[];
  /** `details` is a sentence to append to the message. */
  constructor(ids: readonly string[], details = '') {
    super(`Not found: ${listIds(ids)}. It does not exist, or you may not see it.${details && ` ${details}`}`);
    this.ids = ids;
  }
}

/** An argument is invalid whatever the state of the server. */
export class BadUserInputError extends AttacheError {
  override readonly name = 'BadUserInputError';
  readonly code = 'BAD_USER_INPUT';
}

/** The received bytes do not match the checksum that the client sent. */
export class ChecksumMismatchError extends AttacheError {
  override readonly name = 'ChecksumMismatchError';
  readonly code = 'BAD_USER_INPUT';
  constructor() {
    super('The received bytes do not match their checksum. None of them was stored; send them again.');
  }
}

/**
 * The current state of the object does not allow the change. The client reads it again and decides.
 */
export class ConflictError extends AttacheError {
  override readonly name = 'ConflictError';
  readonly code = 'CONFLICT';
}

/** A limit in bytes or in number is exceeded. `limit` is its value. */
export class PayloadTooLargeError extends AttacheError {
  override readonly name = 'PayloadTooLargeError';
  readonly code = 'PAYLOAD_TOO_LARGE';
  readonly limit: number;
  constructor(message: string, limit: number, options?: ErrorOptions) {
    super(message, options);
    this.limit = limit;
  }
}

/** Limits of the structure of JSON from a client, independent of its length in bytes. */
export interface JsonBounds {
  /** Levels of nested objects and lists. */
  depth: number;
  /** Values in total: members of objects and items of lists. */
  values: number;
  /** Items of a list at the top level: the requests of a batch. */
  items: number;
}

/** JSON exceeds one of its bounds, which `bound` names. */
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

/** The server does not accept this type of file or request body. */
export class UnsupportedMediaTypeError extends AttacheError {
  override readonly name = 'UnsupportedMediaTypeError';
  readonly code = 'UNSUPPORTED_MEDIA_TYPE';
}

/**
 * The server is busy, or a limit on concurrent work is reached. Clients may retry after
 * `retryAfterSeconds`.
 */
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
 * Returns the header `retry-after` of the response to a temporary error, and no header for any
 * other. https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export const retryAfterHeader = (error: unknown): Record<string, string> =>
  isTemporary(error) ? { 'retry-after': String(error.retryAfterSeconds) } : {};

/** Whether the same request may succeed some seconds later. */
export const isTemporary = (
  error: unknown,
): error is RateLimitedError | DatabaseUnavailableError | IdentityProviderUnavailableError =>
  error instanceof RateLimitedError ||
  error instanceof DatabaseUnavailableError ||
  error instanceof IdentityProviderUnavailableError;

/** The client stopped sending its request. */
export class RequestTimeoutError extends AttacheError {
  override readonly name = 'RequestTimeoutError';
  readonly code = 'REQUEST_TIMEOUT';
}

/** The disk, the bucket or the database is full. */
export class InsufficientStorageError extends AttacheError {
  override readonly name = 'InsufficientStorageError';
  readonly code = 'INSUFFICIENT_STORAGE';
  constructor(options?: ErrorOptions) {
    super('The server has no room left to store this. Nothing was kept; ask its operator to free space.', options);
  }
}

/** The storage of files cannot be reached, or does not work as it should. */
export class StorageUnavailableError extends AttacheError {
  override readonly name = 'StorageUnavailableError';
  readonly code = 'STORAGE_UNAVAILABLE';
  constructor(options?: ErrorOptions) {
    super('The file storage is not available. Nothing was changed; try again later.', options);
  }
}

/**
 * The database does not answer, or its connection broke. Clients may retry after
 * `retryAfterSeconds`.
 */
export class DatabaseUnavailableError extends AttacheError {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = 'SERVICE_UNAVAILABLE';
  readonly retryAfterSeconds = 5;
  constructor(options?: ErrorOptions) {
    super('The database of this server does not answer at the moment. Try again in some seconds.', options);
  }
}

/**
 * The keys of an identity provider are not known, and cannot be read now: whether a token is valid
 * cannot be told. Clients may retry after `retryAfterSeconds`.
 */
export class IdentityProviderUnavailableError extends AttacheError {
  override readonly name = 'IdentityProviderUnavailableError';
  readonly code = 'SERVICE_UNAVAILABLE';
  readonly retryAfterSeconds = 5;
  constructor(options?: ErrorOptions) {
    super(
      'The identity provider that issued the token does not answer this server. Try again in some seconds.',
      options,
    );
  }
}

/** A project has reached its limit of bytes or files. */
export class QuotaExceededError extends AttacheError {
  override readonly name = 'QuotaExceededError';
  readonly code = 'INSUFFICIENT_STORAGE';
}

/**
 * The events after a cursor are no longer stored, or the cursor is one of another log: the server
 * cannot tell which events the client missed.
 */
export class CursorExpiredError extends AttacheError {
  override readonly name = 'CursorExpiredError';
  readonly code = 'CURSOR_EXPIRED';
  constructor(reason = 'Events after this cursor are no longer stored.') {
    super(`${reason} Read the list again, and go on from its "eventCursor".`);
  }
}

/**
 * A subscriber reads more slowly than events are written. Buffering them for it would need
 * unbounded memory.
 */
export class SubscriberTooSlowError extends AttacheError {
  override readonly name = 'SubscriberTooSlowError';
  readonly code = 'SUBSCRIBER_TOO_SLOW';
  constructor() {
    super('The subscription was ended because it read its events too slowly. Subscribe again after the last cursor.');
  }
}

/**
 * A request has the hash of a query instead of the query. By this message and code, clients of
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

/** The storage has no bytes under a key that the database refers to. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
  constructor(key: string, options?: ErrorOptions) {
    super(`No bytes are stored under ${key}.`, options);
  }
}
