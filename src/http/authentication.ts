import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { SignInLimiter } from '../auth/sign-in-limiter.ts';
import { UnauthenticatedError } from '../errors.ts';

/** Finds out who sent a request, whichever transport it came over. Each throws `UnauthenticatedError` and `RateLimitedError`. */
export interface Authentication {
  /** By a key, or by the first of several that is one. */
  authenticate(request: IncomingMessage, key: string | readonly string[] | undefined): Promise<Viewer>;
  /** By a signature, which `proves` compares with that of a key. */
  signerOf(request: IncomingMessage, proves: (key: string) => boolean): Promise<Viewer>;
  /** By a signed link. */
  viewerOfLink(request: IncomingMessage, fileId: number, token: string): Promise<Viewer>;
}

export interface AuthenticationOptions {
  /** Whose key it is; throws `UnauthenticatedError`. */
  authenticate(key: string | undefined): Promise<Viewer>;
  /** Whose key proves a signature; throws `UnauthenticatedError`. */
  signerOf(proves: (key: string) => boolean): Promise<Viewer>;
  /** As whom a signed link lets read a file; throws `UnauthenticatedError`. */
  viewerOfLink(fileId: number, token: string): Promise<Viewer>;
}

/** Slows down addresses that fail again and again, for all transports together. */
export function limitedAuthentication(
  options: AuthenticationOptions,
  limiter: SignInLimiter,
  addressOf: (request: IncomingMessage) => string,
): Authentication {
  const byKey = (request: IncomingMessage, credentials: string | undefined) =>
    ({ address: addressOf(request), counter: 'key', credentials }) as const;
  return {
    async authenticate(request, key) {
      const keys = typeof key === 'string' ? [key] : (key ?? []);
      // Nothing was tried.
      if (keys.length === 0) throw new UnauthenticatedError();
      return limiter.attempt(byKey(request, keys.join(' ')), () => firstOf(keys, options.authenticate));
    },
    signerOf: (request, proves) => limiter.attempt(byKey(request, undefined), () => options.signerOf(proves)),
    viewerOfLink: (request, fileId, token) =>
      limiter.attempt({ address: addressOf(request), counter: 'link', credentials: `${fileId} ${token}` }, () =>
        options.viewerOfLink(fileId, token),
      ),
  };
}

async function firstOf(keys: readonly string[], authenticate: AuthenticationOptions['authenticate']): Promise<Viewer> {
  for (const key of keys) {
    try {
      return await authenticate(key);
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
    }
  }
  throw new UnauthenticatedError();
}
