import type { IncomingMessage } from 'node:http';
import { accountOf, type Guest, type ShareGuest, type UploadGuest } from '../auth/guest.ts';
import { assertPassword, CheckedPasswords } from '../auth/password.ts';
import { SignInLimiter } from '../auth/sign-in-limiter.ts';
import type { Log } from '../context.ts';
import { BadUserInputError, UnauthenticatedError } from '../errors.ts';
import type { SharedSubject } from '../sharing/shared-file-url.ts';
import type { AuthenticationLimits } from './authentication.ts';
import { recordOf } from './requests/observe-requests.ts';
import { counterOf } from './sign-in-counter.ts';

/**
 * Authenticates guests, for the transports that admit them: GraphQL over HTTP, `/uploads`, and the
 * downloads of share links. All others call `Authentication`, which knows no tokens of guests. Each
 * method throws `UnauthenticatedError`, and `RateLimitedError` for an address that failed too
 * often.
 */
export interface GuestAuthentication {
  /** By an upload token. */
  uploadGuestOf(request: IncomingMessage, token: string): Promise<UploadGuest>;
  /** By the token of a share link, and its password in the header `Share-Password`. */
  shareGuestOf(request: IncomingMessage, token: string): Promise<ShareGuest>;
  /** By the signature in a URL of a share link. */
  shareGuestOfUrl(request: IncomingMessage, url: SharedUrl): Promise<ShareGuest>;
}

/** The parts of a URL of a share link. */
export interface SharedUrl {
  shareLinkId: number;
  subject: SharedSubject;
  signature: string;
}

/** The same without requests and rate limits. Each method throws `UnauthenticatedError`. */
export interface GuestAuthenticationOptions {
  uploadGuestOf(token: string): Promise<UploadGuest>;
  /** Does not check the password. */
  shareGuestOf(token: string): Promise<{ guest: ShareGuest; passwordHash: string | null }>;
  shareGuestOfUrl(url: SharedUrl): Promise<ShareGuest>;
}

/**
 * Limits failed attempts per client address. They are counted apart from those of users: a form
 * whose token has ended blocks no sign-in.
 */
export function limitedGuestAuthentication(
  options: GuestAuthenticationOptions,
  { log, rates, addressOf }: Omit<AuthenticationLimits, 'signIns'> & { log: Log },
): GuestAuthentication {
  const limiter = new SignInLimiter(log);
  const checked = new CheckedPasswords();
  const byToken = async <Found>(request: IncomingMessage, token: string, signIn: () => Promise<Found>) => {
    const address = addressOf(request);
    rates.countAddress(address);
    return limiter.attempt({ address, counter: counterOf(request, 'key'), credentials: token }, signIn);
  };
  /** Counts a request, and records who has sent it, for its line in the log. */
  const counted = <Found extends Guest>(request: IncomingMessage, guest: Found): Found => {
    const known = recordOf(request);
    if (known) known.viewer = guest.creator;
    rates.countViewer(accountOf(guest.creator));
    return guest;
  };
  return {
    uploadGuestOf: async (request, token) =>
      counted(request, await byToken(request, token, () => options.uploadGuestOf(token))),
    async shareGuestOf(request, token) {
      const { guest, passwordHash } = await byToken(request, token, () => options.shareGuestOf(token));
      if (passwordHash === null) return counted(request, guest);
      const password = passwordIn(request);
      // A request without a password is not a failed attempt.
      if (password === undefined)
        throw new UnauthenticatedError('This share link has a password. Send it in the header Share-Password.');
      const counter = counterOf(request, `share link ${guest.grant.shareLinkId}`);
      const credentials = `${token} ${password}`;
      const check = () => assertPassword(password, passwordHash);
      // Checked once: a hash takes a tenth of a second, and a page sends many requests.
      await checked.once(`${credentials} ${passwordHash}`, () =>
        limiter.attempt({ address: addressOf(request), counter, credentials }, check),
      );
      return counted(request, guest);
    },
    async shareGuestOfUrl(request, url) {
      const address = addressOf(request);
      rates.countAddress(address);
      const attempt = { address, counter: counterOf(request, 'link'), credentials: Object.values(url).join(' ') };
      return counted(request, await limiter.attempt(attempt, () => options.shareGuestOfUrl(url)));
    },
  };
}

/** Headers have no characters beyond Latin-1, so it is encoded. Throws `BadUserInputError`. */
function passwordIn({ headers }: IncomingMessage): string | undefined {
  const value = headers['share-password'];
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    throw new BadUserInputError('Share-Password is percent-encoded UTF-8: write "%25" for "%".');
  }
}
