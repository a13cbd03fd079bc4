import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import type { JwtProvider, Log } from '../../context.ts';
import { discover, isSafeEndpoint } from './discovery.ts';
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

async function discoverKeys(url: string, issuer: string): Promise<JSONWebKeySet> {
  const { jwks_uri: jwksUri } = await discover(url, issuer);
  if (!isSafeEndpoint(url, jwksUri)) throw new Error('The document has no jwks_uri of the same scheme.');
  return (await fetchJson(jwksUri)) as JSONWebKeySet;
}
