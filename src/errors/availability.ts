import { AttacheError } from './attache-error.ts';

/** What the server cannot do now, or has no space for. */

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
 * is unknown. Clients may retry after `retryAfterSeconds`.
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

/** Whether the same request may succeed some seconds later. */
export const isTemporary = (
  error: unknown,
): error is RateLimitedError | DatabaseUnavailableError | IdentityProviderUnavailableError =>
  error instanceof RateLimitedError ||
  error instanceof DatabaseUnavailableError ||
  error instanceof IdentityProviderUnavailableError;

/**
 * Returns the header `retry-after` of the response to a temporary error, and no header for any
 * other. https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export const retryAfterHeader = (error: unknown): Record<string, string> =>
  isTemporary(error) ? { 'retry-after': String(error.retryAfterSeconds) } : {};

/** The storage of files cannot be reached, or does not work as it should. */
export class StorageUnavailableError extends AttacheError {
  override readonly name = 'StorageUnavailableError';
  readonly code = 'STORAGE_UNAVAILABLE';
  constructor(options?: ErrorOptions) {
    super('The file storage is not available. Nothing was changed; try again later.', options);
  }
}

/** The storage has no bytes under a key that the database refers to. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
  constructor(key: string, options?: ErrorOptions) {
    super(`No bytes are stored under ${key}.`, options);
  }
}

/** The disk, the bucket or the database is full. */
export class InsufficientStorageError extends AttacheError {
  override readonly name = 'InsufficientStorageError';
  readonly code = 'INSUFFICIENT_STORAGE';
  constructor(options?: ErrorOptions) {
    super('The server has no space left to store this. Nothing was stored; its operator has to free space.', options);
  }
}

/** A project has reached its limit of bytes or files. */
export class QuotaExceededError extends AttacheError {
  override readonly name = 'QuotaExceededError';
  readonly code = 'INSUFFICIENT_STORAGE';
}
