import { type Endpoints, ProviderEndpoints } from '../../auth/jwt/provider-endpoints.ts';
import type { Config } from '../../config.ts';
import type { Log } from '../../context.ts';

/** How the page signs people in at one issuer. Everybody may read it. */
interface ProviderSettings {
  name: string;
  clientId: string;
  scope: string;
  token: 'access' | 'id';
  params: Readonly<Record<string, string>>;
  /** Null while the issuer cannot be reached. */
  endpoints: Endpoints | null;
}

/** The settings of the page, and the origins that it sends requests to because of them. */
export interface SignInSettings {
  providers: ProviderSettings[];
  origins: string[];
}

/** Returns the function that reads the current settings, or undefined where none are needed. */
export function signInSettings(
  { jwtProviders }: Pick<Config, 'jwtProviders'>,
  log: Log,
): (() => Promise<SignInSettings>) | undefined {
  const offered = jwtProviders.flatMap((provider) =>
    provider.client ? [{ client: provider.client, source: new ProviderEndpoints(provider, log) }] : [],
  );
  if (offered.length === 0) return undefined;
  return async () => {
    const providers = await Promise.all(
      offered.map(async ({ client: { name, clientId, scope, token, params }, source }) => {
        return { name, clientId, scope, token, params, endpoints: (await source.current()) ?? null };
      }),
    );
    // The others are opened, and get no requests from the page.
    const urls = providers.flatMap(({ endpoints }) => [endpoints?.token_endpoint, endpoints?.revocation_endpoint]);
    const origins = new Set(urls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin])));
    return { providers, origins: [...origins].sort() };
  };
}

/**
 * A data block for the HTML. It is no script: no policy has to allow it, and nothing in it runs.
 */
export function settingsElement({ providers }: SignInSettings): string {
  // `</script>` in a text would end the element:
  // https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
  const json = JSON.stringify({ providers }).replaceAll('<', '\\u003c');
  return `<script type="application/json" id="settings">${json}</script>`;
}
