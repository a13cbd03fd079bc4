import {
  AuthorizationResponseError,
  type AuthorizationServer,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  None,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
  ResponseBodyError,
  refreshTokenGrantRequest,
  revocationRequest,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import { format, messages } from '../../messages/messages.ts';
import { type Callback, storePending } from './callback.ts';
import type { OpenIdCredentials } from './openid-credentials.ts';
import { type Endpoints, type OpenIdProvider, reachable, redirectUri } from './providers.ts';

/** A token is renewed before it ends: this long, or a third of its lifetime if that is shorter. */
const RENEWAL_MS = 60_000;
/** The longest time of a request to the provider, while all tabs wait for its answer. */
const TIMEOUT_MS = 10_000;
/** Errors of the token endpoint that another attempt would not change. */
const FINAL = ['invalid_grant', 'invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'];

const texts = messages.signIn;
type Reachable = OpenIdProvider & { endpoints: Endpoints };

/** A failure with a text for people. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

/** Leaves the page for the form of the provider. */
export async function startSignIn(provider: Reachable): Promise<void> {
  const [state, nonce, verifier] = [generateRandomState(), generateRandomNonce(), generateRandomCodeVerifier()];
  const { issuer, authorization_endpoint } = provider.endpoints;
  const page = location.pathname.endsWith('/graphql') ? 'graphql' : '';
  storePending({ issuer, state, nonce, verifier, page, hash: location.hash });
  const url = new URL(authorization_endpoint);
  const query = {
    ...provider.params,
    client_id: provider.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: provider.scope,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
}

/** Exchanges the provider's answer for tokens. Rejects with a `SignInError`. */
export async function finishSignIn({ params, pending }: Callback): Promise<OpenIdCredentials> {
  const provider = pending && reachable(pending.issuer);
  if (!pending) throw new SignInError(texts.notBegun);
  if (!provider) throw new SignInError(texts.providerUnreachable);
  const { as, client, options } = oauthOf(provider);
  try {
    const valid = validateAuthResponse(as, client, params, pending.state);
    const response = await authorizationCodeGrantRequest(
      ...([as, client, None(), valid, redirectUri, pending.verifier, options] as const),
    );
    const tokens = await processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: pending.nonce,
      requireIdToken: true,
    });
    return credentialsOf(tokens, provider);
  } catch (error) {
    throw explain(error, provider);
  }
}

/**
 * Gets new tokens. Resolves to undefined when the provider refuses; rejects with a `SignInError`
 * while it does not answer. An answer may have a refresh token, which replaces the former one, and
 * no ID token: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
 */
export async function refreshCredentials(former: OpenIdCredentials): Promise<OpenIdCredentials | undefined> {
  const provider = reachable(former.issuer);
  if (former.refreshToken === undefined) return undefined;
  if (!provider) throw new SignInError(texts.providerUnreachable);
  const { as, client, options } = oauthOf(provider);
  try {
    const response = await refreshTokenGrantRequest(as, client, None(), former.refreshToken, options);
    const tokens = await processRefreshTokenResponse(as, client, response);
    if (provider.token === 'id' && tokens.id_token === undefined)
      return { ...former, renewAt: former.expiresAt, refreshToken: tokens.refresh_token ?? former.refreshToken };
    const { refreshToken, idToken, ...next } = credentialsOf(tokens, provider);
    return { ...next, refreshToken: refreshToken ?? former.refreshToken, idToken: idToken ?? former.idToken };
  } catch (error) {
    if (error instanceof ResponseBodyError && FINAL.includes(error.error)) return undefined;
    throw explain(error, provider);
  }
}

/** Revokes the refresh token, which may outlive the session of the provider. */
export async function revokeRefreshToken({ issuer, refreshToken }: OpenIdCredentials): Promise<void> {
  const provider = reachable(issuer);
  if (!provider?.endpoints.revocation_endpoint || refreshToken === undefined) return;
  const { as, client, options } = oauthOf(provider);
  await revocationRequest(as, client, None(), refreshToken, options);
}

function oauthOf({ endpoints, clientId }: Reachable) {
  const isLocal = new URL(endpoints.token_endpoint).protocol === 'http:';
  // The server accepts such endpoints of an issuer on localhost only.
  return {
    as: endpoints as AuthorizationServer,
    client: { client_id: clientId },
    options: { [allowInsecureRequests]: isLocal, signal: () => AbortSignal.timeout(TIMEOUT_MS) },
  };
}

function credentialsOf(tokens: TokenEndpointResponse, { token: kind, name, endpoints }: Reachable): OpenIdCredentials {
  const token = kind === 'access' ? tokens.access_token : tokens.id_token;
  const claims = token === undefined ? undefined : claimsOf(token);
  if (token === undefined || !claims) throw new SignInError(format(texts.noUsableToken, { name }));
  // By its lifetime: the clock of the browser may differ from that of the provider.
  const given = kind === 'access' ? tokens.expires_in : undefined;
  const lifetimeMs = (given ?? claims.exp - claims.iat) * 1000;
  const expiresAt = Date.now() + lifetimeMs;
  return {
    kind: 'openid',
    issuer: endpoints.issuer,
    token,
    renewAt: expiresAt - Math.min(RENEWAL_MS, lifetimeMs / 3),
    expiresAt,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
  };
}

/** The times of a JSON Web Token; undefined for an opaque token. The server checks the signature. */
function claimsOf(token: string): { exp: number; iat: number } | undefined {
  try {
    const payload = token.split('.')[1] ?? '';
    const { exp, iat } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof exp === 'number' && typeof iat === 'number' ? { exp, iat } : undefined;
  } catch {
    return undefined;
  }
}

/** What a failure means for the person who signs in. */
function explain(error: unknown, { name }: OpenIdProvider): SignInError {
  if (error instanceof SignInError) return error;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const reason = error.error_description ?? error.error;
    return new SignInError(format(texts.providerRefused, { name, reason }));
  }
  // `fetch` rejects with a `TypeError`, also when the provider does not permit this page to call it.
  if (error instanceof TypeError || isTimeout(error) || isTimeout((error as Error).cause))
    return new SignInError(texts.providerUnreachable);
  return new SignInError(format(texts.invalidAnswer, { name, reason: (error as Error).message }), { cause: error });
}

const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';
