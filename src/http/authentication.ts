import type { IncomingMessage } from 'node:http';
import { accountOf } from '../auth/guest.ts';
import type { Viewer } from '../auth/permissions.ts';
import type { SignInLimiter } from '../auth/sign-in-limiter.ts';
import type { LinkSubject } from '../auth/signed-links.ts';
import type { RequestRates } from '../budget/request-rates.ts';
import type { Client } from '../context.ts';
import { UnauthenticatedError } from '../errors.ts';
import { recordOf } from './requests/observe-requests.ts';
import { counterOf } from './sign-in-counter.ts';

/**
 * Authenticates requests of every transport, and counts them. Each method throws
 * `UnauthenticatedError`, and `RateLimitedError` for an address that failed too often, and for an
 * address, user or key with too many requests.
 */
export interface Authentication {
  /** By an API key or a token: the first valid one, when there are several. */
  authenticate(request: IncomingMessage, key: string | readonly string[] | undefined): Promise<Viewer>;
  /**
   * The same without counting a request, as for the open connection of a user whose rights changed.
   */
  authenticateAgain(request: IncomingMessage, key: string | undefined): Promise<Viewer>;
  /**
   * Counts a request over a connection that is authenticated, or a further one of a batch. Throws
   * `RateLimitedError`.
   */
  countRequest(connection: IncomingMessage, viewer: Viewer): void;
  /** By a signature: the user with a key for which `proves` returns true. */
  signerOf(request: IncomingMessage, proves: (key: string) => boolean): Promise<Viewer>;
  /** By the token of a signed link to a file or an archive. */
  viewerOfLink(request: IncomingMessage, subject: LinkSubject, token: string): Promise<Viewer>;
}

/** The same without requests and rate limits. Each method throws `UnauthenticatedError`. */
export interface AuthenticationOptions {
  /** `client` is named by the audit log where a token changes its user. */
  authenticate(key: string | undefined, client: Client | undefined): Promise<Viewer>;
  signerOf(proves: (key: string) => boolean): Promise<Viewer>;
  viewerOfLink(subject: LinkSubject, token: string): Promise<Viewer>;
}

export interface AuthenticationLimits {
  /** Limits the failed attempts of an address. */
  signIns: SignInLimiter;
  /** Limits all requests. */
  rates: RequestRates;
  /** The address of a client. */
  addressOf(request: IncomingMessage): string;
}

/** Authentication with the limits of clients, over all transports. */
export function limitedAuthentication(
  options: AuthenticationOptions,
  { signIns, rates, addressOf }: AuthenticationLimits,
): Authentication {
  /** Counts a request, signs in, and records who has sent the request, for its line in the log. */
  const counted = async (request: IncomingMessage, signIn: (address: string) => Promise<Viewer>) => {
    const address = addressOf(request);
    rates.countAddress(address);
    const viewer = await signIn(address);
    const known = recordOf(request);
    if (known) known.viewer = viewer;
    rates.countViewer(accountOf(viewer));
    return viewer;
  };
  const byKey = async (
    request: IncomingMessage,
    key: string | readonly string[] | undefined,
    address = addressOf(request),
  ) => {
    const keys = typeof key === 'string' ? [key] : (key ?? []);
    // A request without a key is not a failed attempt.
    if (keys.length === 0) throw new UnauthenticatedError();
    const attempt = { address, counter: counterOf(request, 'key'), credentials: keys.join(' ') };
    const known = recordOf(request);
    const client = known && { address, requestId: known.id };
    return signIns.attempt(attempt, () => authenticateFirst(keys, (one) => options.authenticate(one, client)));
  };
  return {
    authenticate: (request, key) => counted(request, (address) => byKey(request, key, address)),
    authenticateAgain: (request, key) => byKey(request, key),
    countRequest(connection, viewer) {
      rates.countAddress(addressOf(connection));
      rates.countViewer(viewer);
    },
    signerOf: (request, proves) =>
      counted(request, (address) =>
        signIns.attempt({ address, counter: counterOf(request, 'signature'), credentials: undefined }, () =>
          options.signerOf(proves),
        ),
      ),
    viewerOfLink: (request, subject, token) =>
      counted(request, (address) =>
        signIns.attempt({ address, counter: counterOf(request, 'link'), credentials: `${subject} ${token}` }, () =>
          options.viewerOfLink(subject, token),
        ),
      ),
  };
}

async function authenticateFirst(
  keys: readonly string[],
  authenticate: (key: string) => Promise<Viewer>,
): Promise<Viewer> {
  let refusal: UnauthenticatedError | undefined;
  for (const key of keys) {
    try {
      return await authenticate(key);
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new UnauthenticatedError();
}
