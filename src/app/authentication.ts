import { createCredentialsLookup } from '../auth/authenticate.ts';
import { createKeyLookup } from '../auth/authenticate-key.ts';
import { shareGuestOf, uploadGuestOf } from '../auth/guest.ts';
import { createTokenLookup, type TokenLookupOptions } from '../auth/jwt/token-lookup.ts';
import type { KeyUsage } from '../auth/key-usage.ts';
import { viewerOfLink } from '../auth/signed-links.ts';
import { createSignerLookup } from '../auth/signing-keys.ts';
import type { AuthenticationOptions } from '../http/authentication.ts';
import type { GuestAuthenticationOptions } from '../http/guest-authentication.ts';
import { shareGuestOfUrl } from '../sharing/shared-file-url.ts';

export interface AuthenticationSources extends TokenLookupOptions {
  /** Records which keys are used. */
  keyUsage: KeyUsage;
  linkSecret: Buffer;
  keyEncryptionKey: Buffer;
}

/** Looks up who is behind each kind of credentials: keys, tokens, signatures, links of guests. */
export function createAuthentication(
  sources: AuthenticationSources,
): AuthenticationOptions & GuestAuthenticationOptions {
  const { em, now, providers, keyUsage, linkSecret: secret } = sources;
  const tokenLookup = providers.length > 0 ? createTokenLookup(sources) : undefined;
  const credentialsOf = createCredentialsLookup(createKeyLookup(em, now), tokenLookup);
  const signerOf = createSignerLookup(em, sources.keyEncryptionKey, now);
  return {
    authenticate: async (credentials, client) => keyUsage.note(await credentialsOf(credentials, client)),
    signerOf: async (verifies) => keyUsage.note(await signerOf(verifies)),
    viewerOfLink: async (subject, token) =>
      keyUsage.note(await viewerOfLink({ em: em(), secret, now: now() }, subject, token)),
    uploadGuestOf: (token) => uploadGuestOf(em(), token, now()),
    shareGuestOf: (token) => shareGuestOf(em(), token, now()),
    shareGuestOfUrl: (url) => shareGuestOfUrl({ em: em(), secret, now: now() }, url),
  };
}
