import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import type { JwtProvider, Log } from '../../context.ts';
import { fetchJson } from './fetch-json.ts';
import { RemoteKeys } from './remote-keys.ts';

/** Returns the function that finds the key of a token of a provider. */
export function keySourceOf({ keys, issuer }: JwtProvider, log: Log): JWTVerifyGetKey {
  switch (keys.kind) {
    case 'secret':
      return async () => keys.secret;
    case 'public-key':
      return async () => keys.key;
    case 'jwks':
      return new RemoteKeys(async () => (await fetchJson(keys.url)) as JSONWebKeySet, keys.url, log).keyOf;
    case 'discovery':
      return new RemoteKeys(() => discoverKeys(keys.url, issuer ?? ''), keys.url, log).keyOf;
  }
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function discoverKeys(url: string, issuer: string): Promise<JSONWebKeySet> {
  const { issuer: found, jwks_uri: jwksUri } = (await fetchJson(url)) as Record<string, unknown>;
  // "The issuer value returned MUST be identical to the Issuer URL".
  if (found !== issuer) throw new Error('The issuer in the document is not the configured one, letter by letter.');
  // Keys are not read over a connection that is less safe than the document with their address.
  if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri) || isDowngrade(url, jwksUri))
    throw new Error('The document has no jwks_uri of the same scheme.');
  return (await fetchJson(jwksUri)) as JSONWebKeySet;
}

/** http is for localhost only, and there it leads to nothing else. */
function isDowngrade(from: string, to: string): boolean {
  const [{ protocol: before, hostname }, next] = [new URL(from), new URL(to)];
  return next.protocol !== 'https:' && (before === 'https:' || next.protocol !== 'http:' || next.hostname !== hostname);
}
