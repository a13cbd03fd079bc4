import { AttacheError } from './attache-error.ts';
import { excerpt } from './excerpt.ts';

/** Who the client is, and what it may see and do. */

/** The request has no credentials, or unknown ones. */
export class UnauthenticatedError extends AttacheError {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'UNAUTHENTICATED';
  constructor(
    message = 'No valid API key was given. Send the header "Authorization: Bearer YOUR_KEY". If you did, it is unknown, revoked or expired.',
  ) {
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

/** The most ids that one error names. */
const MAX_IDS = 10;

/** Lists ids for an error message: `Task:1, Task:2 and 3 others`. */
const listIds = (ids: readonly string[]): string => {
  const others = ids.length - MAX_IDS;
  return `${ids.slice(0, MAX_IDS).map(excerpt).join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
};

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
