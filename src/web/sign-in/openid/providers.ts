import { serverUrl } from '../../api/server-url.ts';

/** An OpenID provider at which people may sign in, from the settings that the server embeds. */
export interface OpenIdProvider {
  name: string;
  clientId: string;
  scope: string;
  /** Which of its tokens the server accepts. */
  token: 'access' | 'id';
  /** Further parameters of the authorization request. */
  params: Record<string, string>;
  /** Null while the server cannot reach the provider. */
  endpoints: Endpoints | null;
}

/** By the names of https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
export interface Endpoints {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint?: string;
  revocation_endpoint?: string;
}

/** Where providers send the browser back to: the page, without a hash. */
export const redirectUri = serverUrl('.');

export const providers: readonly OpenIdProvider[] = readProviders(document);

function readProviders(page: Document): OpenIdProvider[] {
  const settings = page.getElementById('settings')?.textContent;
  return settings ? (JSON.parse(settings) as { providers: OpenIdProvider[] }).providers : [];
}

/** The provider of an issuer, when it can be reached. */
export function reachable(issuer: string): (OpenIdProvider & { endpoints: Endpoints }) | undefined {
  const provider = providers.find(({ endpoints }) => endpoints?.issuer === issuer);
  return provider?.endpoints ? { ...provider, endpoints: provider.endpoints } : undefined;
}

/**
 * Loads the page again if it was loaded while the server could not reach the provider, and now has
 * the endpoints: they come with the page, and its policy allows requests to them.
 */
export async function reloadOnceReachable(issuer: string): Promise<void> {
  if (reachable(issuer)) return;
  const html = await (await fetch(redirectUri)).text();
  const now = readProviders(new DOMParser().parseFromString(html, 'text/html'));
  if (now.some(({ endpoints }) => endpoints?.issuer === issuer)) location.reload();
}
