import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { silenced } from './silenced.ts';

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** A real OpenID provider, which accepts every login without a password. */
export interface OpenIdProvider extends AsyncDisposable {
  issuer: string;
  /** Signs an account in by the authorization code flow with PKCE. */
  signIn(account: string): Promise<Tokens>;
  refresh(tokens: Tokens): Promise<Tokens>;
  /** Replaces the signing key. Earlier sign-ins and refresh tokens are forgotten. */
  rotateKeys(): Promise<void>;
}

export interface ProviderOptions {
  /** Seconds that an access token is valid; one hour by default. */
  lifetime?: number;
  /** The same for an ID token. */
  idLifetime?: number;
  /** The pages to which it may send browsers back. */
  redirectUris?: string[];
  /** Whether it signs in by forms of its own, instead of the `login_hint`. */
  hasForms?: boolean;
}

/** Settings of a server that accepts the access tokens of the provider. */
export const acceptsAccountsOf = (issuer: string) => ({
  AUTH_JWT_ISSUER: issuer,
  AUTH_JWT_AUDIENCE: 'attache',
  AUTH_JWT_PROJECT_ROLES: '{"staff": {"Project:1": "EDITOR"}}',
  AUTH_JWT_CLOCK_TOLERANCE_SECONDS: '0',
});

export const CLIENT_ID = 'the-web-app';
const CALLBACK = 'http://127.0.0.1:9/callback';

/** Starts a provider on a free port, or on the port of an issuer that was stopped. */
export async function startOpenIdProvider(
  { lifetime = 3600, idLifetime = 3600, redirectUris = [CALLBACK], hasForms = false }: ProviderOptions = {},
  port = 0,
): Promise<OpenIdProvider> {
  let handle: RequestListener = () => {};
  const server = createServer((request, response) => handle(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rotateKeys = async () => {
    handle = await silenced(() => createHandler(issuer, { lifetime, idLifetime, redirectUris, hasForms }));
  };
  await rotateKeys();
  const tokensFor = async (form: Record<string, string>): Promise<Tokens> => {
    const body = new URLSearchParams({ client_id: CLIENT_ID, ...form });
    const response = await fetch(`${issuer}/token`, { method: 'POST', body });
    const answer = await response.json();
    if (response.status !== 200) throw new Error(`The provider answered ${JSON.stringify(answer)}.`);
    return answer;
  };
  return {
    issuer,
    rotateKeys,
    async signIn(account) {
      const verifier = randomBytes(32).toString('base64url');
      const code = await authorize(authorizationUrl(issuer, account, verifier, CALLBACK));
      return tokensFor({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: CALLBACK });
    },
    refresh: ({ refresh_token }) => tokensFor({ grant_type: 'refresh_token', refresh_token }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function authorizationUrl(issuer: string, account: string, verifier: string, redirectUri: string): string {
  const query = {
    client_id: CLIENT_ID,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: account,
  };
  return `${issuer}/auth?${new URLSearchParams(query)}`;
}

async function createHandler(
  issuer: string,
  { lifetime, idLifetime, redirectUris, hasForms }: Required<ProviderOptions>,
) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: randomBytes(4).toString('hex'), alg: 'RS256', use: 'sig' };
  const provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: CLIENT_ID,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: redirectUris,
        post_logout_redirect_uris: redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    ttl: {
      Interaction: 3600,
      Grant: 86_400,
      Session: 86_400,
      RefreshToken: 86_400,
      IdToken: idLifetime,
      AccessToken: lifetime,
    },
    cookies: { keys: ['the tests'] },
    clientBasedCORS: () => true,
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: (_context, token) => {
      const accountId = 'accountId' in token ? String(token.accountId) : '';
      return { name: accountId, email: `${accountId}@example.com`, email_verified: true, groups: ['staff'] };
    },
    issueRefreshToken: async () => true,
    ...(!hasForms && { interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/sign-in/${uid}` } }),
    features: {
      devInteractions: { enabled: hasForms },
      revocation: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'https://attache.test',
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'files',
          audience: 'attache',
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetime,
        }),
      },
    },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId as string,
        accountId: oidc.session?.accountId as string,
      });
      grant.addOIDCScope('openid');
      grant.addResourceScope('https://attache.test', 'files');
      await grant.save();
      return grant;
    },
  });
  const respond = provider.callback();
  return (async (request, response) => {
    if (!request.url?.startsWith('/sign-in/')) return respond(request, response);
    const { params } = await provider.interactionDetails(request, response);
    await provider.interactionFinished(request, response, {
      login: { accountId: String(params.login_hint) },
      consent: {},
    });
  }) satisfies RequestListener;
}

/** Follows the redirects of the provider with its cookies, as a browser does. Returns the code. */
async function authorize(start: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let hop = 0; hop < 10; hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url);
    if (url.href.startsWith(CALLBACK)) return url.searchParams.get('code') as string;
  }
  throw new Error(`The provider redirects without end, last to ${url}`);
}
