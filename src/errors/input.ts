import { AttacheError } from './attache-error.ts';

/** What the client sent. */

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

/** The client stopped sending its request. */
export class RequestTimeoutError extends AttacheError {
  override readonly name = 'RequestTimeoutError';
  readonly code = 'REQUEST_TIMEOUT';
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
