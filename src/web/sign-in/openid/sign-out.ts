import type { OpenIdCredentials } from './openid-credentials.ts';
import { reachable, redirectUri } from './providers.ts';

/**
 * Ends the session of the provider, by leaving the page for it. Without that, the next sign-in
 * would need no password. https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
export async function signOutOfProvider(credentials: OpenIdCredentials): Promise<void> {
  const provider = reachable(credentials.issuer);
  const { revokeRefreshToken } = await import('./client.ts');
  // Signed out here in any case; the token ends by itself.
  await revokeRefreshToken(credentials).catch(() => {});
  if (!provider?.endpoints.end_session_endpoint) return;
  const url = new URL(provider.endpoints.end_session_endpoint);
  url.searchParams.set('client_id', provider.clientId);
  url.searchParams.set('post_logout_redirect_uri', redirectUri);
  if (credentials.idToken !== undefined) url.searchParams.set('id_token_hint', credentials.idToken);
  location.assign(url);
}
