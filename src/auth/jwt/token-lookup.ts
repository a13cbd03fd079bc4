import { hash } from 'node:crypto';
import type { JWTVerifyGetKey } from 'jose';
import type { Client, JwtProvider, Log } from '../../context.ts';
import type { EntityManager } from '../../database/database.ts';
import { UnauthenticatedError } from '../../errors.ts';
import type { Viewer } from '../permissions.ts';
import { createSignInUserLookup } from '../sign-in-users.ts';
import { type Identity, identityOf } from './claims.ts';
import { keySourceOf } from './key-source.ts';
import { parseToken, type UnverifiedToken } from './parse-token.ts';
import { isAdminBy, userOfIdentity } from './sync-identity.ts';
import { type VerifiedToken, VerifiedTokens } from './verified-tokens.ts';
import { verifyToken } from './verify-token.ts';

export interface TokenLookupOptions {
  providers: readonly JwtProvider[];
  em(): EntityManager;
  now(): Date;
  log: Log;
  /** Called after a token has changed the rights of its user. */
  onAccessChange(): void;
}

/**
 * Returns the viewer of a JSON Web Token; undefined for credentials that are none. Throws
 * `UnauthenticatedError`, `TokenExpiredError` and `IdentityProviderUnavailableError`.
 */
export type TokenLookup = (credentials: string, client: Client | undefined) => Promise<Viewer> | undefined;

/**
 * Creates the lookup for tokens of the providers. A token that was verified recently costs one
 * statement, as a key does, which concurrent calls share.
 */
export function createTokenLookup(options: TokenLookupOptions): TokenLookup {
  const { providers, em, now, log } = options;
  const sources = providers.map((provider) => ({ provider, keyOf: keySourceOf(provider, log) }));
  const verified = new VerifiedTokens();
  const pending = new Map<string, Promise<VerifiedToken>>();
  const userOf = createSignInUserLookup(em);

  const verify = async ({ token, parsed: { issuer }, client }: Sent): Promise<VerifiedToken> => {
    const source = sourceFor(sources, issuer);
    if (!source) throw new UnauthenticatedError('The token is of an issuer that this server does not accept.');
    const { provider, keyOf } = source;
    const identity = identityOf(await verifyToken(token, provider, { keyOf, now: now(), log }), provider, now());
    const userId = await userOfIdentity(em(), provider, identity, { ...options, now: now(), client });
    return { userId, scope: scopeOf(provider, identity), expiresAt: identity.expiresAt };
  };

  /** Concurrent requests with one token, as of a page that loads, share its verification. */
  const verifyOnce = (sent: Sent, digest: string): Promise<VerifiedToken> => {
    const running = pending.get(digest) ?? verify(sent).finally(() => pending.delete(digest));
    pending.set(digest, running);
    return running;
  };

  const viewerOf = async (sent: Sent): Promise<Viewer> => {
    const digest = hash('sha256', sent.token, 'base64');
    let found = verified.get(digest, now());
    if (!found) {
      found = await verifyOnce(sent, digest);
      verified.add(digest, found, now());
    }
    const { userId, scope, expiresAt } = found;
    const user = await userOf(userId);
    if (!user) throw new UnauthenticatedError();
    return { userId, isAdmin: user.isAdmin, scope, expiresAt: new Date(expiresAt) };
  };

  return (token, client) => {
    const parsed = parseToken(token);
    return parsed && viewerOf({ token, parsed, client });
  };
}

/** A token of a request. */
interface Sent {
  token: string;
  parsed: UnverifiedToken;
  client: Client | undefined;
}

interface Source {
  provider: JwtProvider;
  keyOf: JWTVerifyGetKey;
}

/** The provider with the name of the issuer, or else the one without a name. */
const sourceFor = (sources: readonly Source[], issuer: unknown): Source | undefined =>
  sources.find(({ provider }) => provider.issuer !== undefined && provider.issuer === issuer) ??
  sources.find(({ provider }) => provider.issuer === undefined);

/** A token administers when a group permits it, or a scope: not because its user could. */
const scopeOf = (provider: JwtProvider, identity: Identity) =>
  identity.scope ?? (isAdminBy(provider, identity) ? 'ADMIN' : 'WRITE');
