import type { IncomingMessage } from 'node:http';
import type { UploadGuest } from '../auth/guest.ts';
import { SignInLimiter } from '../auth/sign-in-limiter.ts';
import type { Log } from '../context.ts';

/**
 * Authenticates guests, for the transports that admit them: GraphQL over HTTP, and `/uploads`. All
 * others call `Authentication`, which knows no tokens of guests. Each method throws
 * `UnauthenticatedError`, and `RateLimitedError` for an address that failed too often.
 */
export interface GuestAuthentication {
  /** By an upload token. */
  uploadGuestOf(request: IncomingMessage, token: string): Promise<UploadGuest>;
}

/** The same without requests and rate limits. Each method throws `UnauthenticatedError`. */
export interface GuestAuthenticationOptions {
  uploadGuestOf(token: string): Promise<UploadGuest>;
}

/**
 * Limits failed attempts per client address. They are counted apart from those of users: a form
 * whose token has ended blocks no sign-in.
 */
export function limitedGuestAuthentication(
  options: GuestAuthenticationOptions,
  log: Log,
  addressOf: (request: IncomingMessage) => string,
): GuestAuthentication {
  const limiter = new SignInLimiter(log);
  return {
    uploadGuestOf: (request, token) =>
      limiter.attempt({ address: addressOf(request), counter: 'key', credentials: token }, () =>
        options.uploadGuestOf(token),
      ),
  };
}
