import type { createKeyLookup } from './authenticate-key.ts';
import type { TokenLookup } from './jwt/token-lookup.ts';

/**
 * Returns the viewer of credentials: of a token, when the server accepts any, or else of a key.
 * Throws `UnauthenticatedError`, and as `TokenLookup`.
 */
export function createCredentialsLookup(
  keyLookup: ReturnType<typeof createKeyLookup>,
  tokenLookup: TokenLookup | undefined,
): ReturnType<typeof createKeyLookup> {
  return async (credentials) => (credentials && (await tokenLookup?.(credentials))) || keyLookup(credentials);
}
