import { AttacheError } from './attache-error.ts';

/** Why a subscription ends, or cannot be resumed. */

/**
 * The events after a cursor are no longer stored, or the cursor is one of another log: the server
 * does not know which events the client missed.
 */
export class CursorExpiredError extends AttacheError {
  override readonly name = 'CursorExpiredError';
  readonly code = 'CURSOR_EXPIRED';
  constructor(reason = 'Events after this cursor are no longer stored.') {
    super(`${reason} Read the list again, and continue from its "eventCursor".`);
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
