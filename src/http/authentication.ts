import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { SignIn, SignInLimiter } from '../auth/sign-in-limiter.ts';
import { UnauthenticatedError } from '../errors.ts';
import { recordOf } from './requests/observe-requests.ts';

/**
 * Authenticates requests of every transport. Each method throws `UnauthenticatedError`, and
 * `RateLimitedError` for an address that failed too often.
 */
export interface Authentication {
  /** By an API key: the first valid one, when there are several. */
  authenticate(request: IncomingMessage, key: string | readonly string[] | undefined): Promise<Viewer>;
  /** By a signature: the user with a key for which `proves` returns true. */
  signerOf(request: IncomingMessage, proves: (key: string) => boolean): Promise<Viewer>;
  /** By the token of a signed link to a file. */
  viewerOfLink(request: IncomingMessage, fileId: number, token: string): Promise<Viewer>;
}

/** The same without requests and rate limits. Each method throws `UnauthenticatedError`. */
export interface AuthenticationOptions {
  authenticate(key: string | undefined): Promise<Viewer>;
  signerOf(proves: (key: string) => boolean): Promise<Viewer>;
  viewerOfLink(fileId: number, token: string): Promise<Viewer>;
}

/** Limits failed attempts per client address, over all transports. */
export function limitedAuthentication(
  options: AuthenticationOptions,
  limiter: SignInLimiter,
  addressOf: (request: IncomingMessage) => string,
): Authentication {
  const byKey = (request: IncomingMessage, credentials: string | undefined) =>
    ({ address: addressOf(request), counter: 'key', credentials }) as const;
  /** Signs in, and records who has sent the request, for its line in the log. */
  const record = async (request: IncomingMessage, signIn: SignIn, run: () => Promise<Viewer>) => {
    const viewer = await limiter.attempt(signIn, run);
    const known = recordOf(request);
    if (known) known.viewer = viewer;
    return viewer;
  };
  return {
    async authenticate(request, key) {
      const keys = typeof key === 'string' ? [key] : (key ?? []);
      // A request without a key is not a failed attempt.
      if (keys.length === 0) throw new UnauthenticatedError();
      return record(request, byKey(request, keys.join(' ')), () => authenticateFirst(keys, options.authenticate));
    },
    signerOf: (request, proves) => record(request, byKey(request, undefined), () => options.signerOf(proves)),
    viewerOfLink: (request, fileId, token) =>
      record(request, { address: addressOf(request), counter: 'link', credentials: `${fileId} ${token}` }, () =>
        options.viewerOfLink(fileId, token),
      ),
  };
}

async function authenticateFirst(
  keys: readonly string[],
  authenticate: AuthenticationOptions['authenticate'],
): Promise<Viewer> {
  for (const key of keys) {
    try {
      return await authenticate(key);
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
    }
  }
  throw new UnauthenticatedError();
}
