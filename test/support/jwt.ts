import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const SECRET = 'the shared secret of the tests: 32 bytes and more';
export const ISSUER = 'https://issuer.test';
/** Settings of a server that accepts tokens signed with the secret. */
export const sharedSecret = {
  AUTH_JWT_SECRET: SECRET,
  AUTH_JWT_ISSUER: ISSUER,
  AUTH_JWT_AUDIENCE: 'attache',
  AUTH_JWT_TRUST_EMAIL: 'true',
};

export interface TokenOptions {
  /** Seconds from now; one hour by default. */
  expiresIn?: number;
  header?: Record<string, unknown>;
  secret?: string;
}

/** A token of a subject, signed with the shared secret. */
export function tokenOf(
  subject: string,
  claims: Record<string, unknown> = {},
  { expiresIn = 3600, header = {}, secret = SECRET }: TokenOptions = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: ISSUER, aud: 'attache', sub: subject, iat: now, exp: now + expiresIn, ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(new TextEncoder().encode(secret));
}

/** A token made of any header, payload and signature. */
export function forge(header: unknown, payload: unknown, signature: string): string {
  const part = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

/** A provider of keys alone, of which a test controls everything. */
export interface KeyServer extends AsyncDisposable {
  issuer: string;
  /** How often the keys were read. */
  reads: number;
  /** What the provider does with requests; `answer` by default. */
  mode: 'answer' | 'fail' | 'stall' | 'flood' | 'nonsense';
  /** Signs a token with the newest key. */
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** Replaces the keys by a new one. */
  rotate(): Promise<void>;
}

/** Settings of a server that accepts the tokens of a provider. */
export const acceptsTokensOf = (issuer: string) => ({ AUTH_JWT_ISSUER: issuer, AUTH_JWT_AUDIENCE: 'attache' });

export async function startKeyServer(): Promise<KeyServer> {
  let kid = 0;
  const newKey = async () => ({ kid: `key-${kid++}`, ...(await generateKeyPair('ES256')) });
  let key = await newKey();
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (provider.mode === 'stall') return;
    if (provider.mode === 'fail') return response.writeHead(500).end();
    if (provider.mode === 'nonsense') return response.end('<html>');
    if (provider.mode === 'flood') return response.end(`{"keys": [], "x": "${'x'.repeat(2 ** 20)}"}`);
    if (request.url === '/.well-known/openid-configuration')
      return response.end(JSON.stringify({ issuer: provider.issuer, jwks_uri: `${provider.issuer}/keys` }));
    provider.reads += 1;
    const jwk = { ...(await exportJWK(key.publicKey)), kid: key.kid, alg: 'ES256', use: 'sig' };
    return response.end(JSON.stringify({ keys: [jwk] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: KeyServer = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reads: 0,
    mode: 'answer',
    sign(claims, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: provider.issuer, aud: 'attache', sub: 'ada', iat: now, exp: now + 3600, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, ...header })
        .sign(key.privateKey);
    },
    async rotate() {
      key = await newKey();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
  return provider;
}
