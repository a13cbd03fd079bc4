import type { Client } from '../context.ts';
import type { createKeyLookup } from './authenticate-key.ts';
import type { TokenLookup } from './jwt/token-lookup.ts';
import type { Viewer } from './permissions.ts';

/**
 * Returns the viewer of credentials: of a token, when the server accepts any, or else of a key.
 * Throws `UnauthenticatedError`, and as `TokenLookup`.
 */
export function createCredentialsLookup(
  keyLookup: ReturnType<typeof createKeyLookup>,
  tokenLookup: TokenLookup | undefined,
): (credentials: string | undefined, client: Client | undefined) => Promise<Viewer> {
  return async (credentials, client) =>
    (credentials && (await tokenLookup?.(credentials, client))) || keyLookup(credentials);
}
