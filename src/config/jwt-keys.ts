import { createPublicKey, type KeyObject } from 'node:crypto';

/** Where the keys of tokens come from. */
export type JwtKeys =
  /** From the issuer, by OpenID Connect Discovery. */
  | { kind: 'discovery'; url: string }
  | { kind: 'jwks'; url: string }
  /** Never print it. */
  | { kind: 'secret'; secret: Uint8Array }
  | { kind: 'public-key'; key: KeyObject };

/** What a setting gives of these, as text. */
export interface KeyTexts {
  issuer?: string | undefined;
  jwksUrl?: string | undefined;
  secret?: string | undefined;
  publicKey?: string | undefined;
}

const HMAC = ['HS256', 'HS384', 'HS512'];
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const EC: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };
const EDWARDS = ['EdDSA', 'Ed25519'];
const ASYMMETRIC = [...RSA, ...Object.values(EC), ...EDWARDS];

/** https://www.rfc-editor.org/rfc/rfc7518#section-3.2: as long as the hash. */
const MIN_SECRET_BYTES = 32;
/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2048;

/** The name of a setting in messages: a variable, or the member of an entry. */
type NameOf = (variable: string, member: string) => string;

interface FoundKeys {
  keys?: JwtKeys;
  /** The algorithms that the keys can be used with. */
  possible: readonly string[];
  problems: string[];
}

/**
 * The keys of an issuer, and the algorithms that they may be used with. A public key is never the
 * secret of an HMAC: anybody could sign with it.
 * https://www.rfc-editor.org/rfc/rfc8725#section-2.1
 */
export function jwtKeysOf(
  texts: KeyTexts,
  requested: readonly string[] | undefined,
  where: string | undefined,
): { keys: JwtKeys | undefined; accepted: readonly string[]; problems: string[] } {
  const name: NameOf = (variable, member) => (where ? `${where}.${member}` : variable);
  const given = [
    ...(texts.jwksUrl === undefined ? [] : [name('AUTH_JWKS_URL', 'jwksUrl')]),
    ...(texts.secret === undefined ? [] : [name('AUTH_JWT_SECRET', 'secret')]),
    ...(texts.publicKey === undefined ? [] : [name('AUTH_JWT_PUBLIC_KEY', 'publicKey')]),
  ];
  const found = findKeys(texts, name, where);
  const { keys, possible } = found;
  const problems = given.length > 1 ? [`${given.join(' and ')} exclude each other: keep one of them`] : [];
  problems.push(...found.problems);
  const refused = requested?.filter((algorithm) => !possible.includes(algorithm)) ?? [];
  if (refused.length > 0 && keys && possible.length > 0) {
    problems.push(
      `${name('AUTH_JWT_ALGORITHMS', 'algorithms')} has ${refused.join(', ')}; ` +
        `with these keys, possible are ${possible.join(', ')}`,
    );
  }
  if (requested?.length === 0) problems.push(`${name('AUTH_JWT_ALGORITHMS', 'algorithms')} must name an algorithm`);
  return { keys, accepted: requested ?? (possible === HMAC ? ['HS256'] : possible), problems };
}

function findKeys(
  { issuer, jwksUrl, secret, publicKey }: KeyTexts,
  name: NameOf,
  where: string | undefined,
): FoundKeys {
  if (jwksUrl !== undefined) return jwksKeys(jwksUrl, issuer, name);
  if (secret !== undefined) return secretKeys(secret, name);
  if (publicKey !== undefined) return publicKeys(publicKey, name);
  const possible = ASYMMETRIC;
  if (issuer === undefined)
    return {
      possible,
      problems: [`${where ?? 'AUTH_JWT_ISSUER'} needs an issuer, a JWKS URL, a secret or a public key`],
    };
  if (!isSecureUrl(issuer)) return { possible, problems: [`${name('AUTH_JWT_ISSUER', 'issuer')} ${NOT_SECURE}`] };
  return { keys: { kind: 'discovery', url: discoveryUrl(issuer) }, possible, problems: [] };
}

function jwksKeys(url: string, issuer: string | undefined, name: NameOf): FoundKeys {
  const setting = name('AUTH_JWKS_URL', 'jwksUrl');
  const problems = isSecureUrl(url) ? [] : [`${setting} ${NOT_SECURE}`];
  // A provider may publish the keys of several issuers in one document.
  if (issuer === undefined)
    problems.push(`${name('AUTH_JWT_ISSUER', 'issuer')} must be set beside ${setting}, as tokens have it in "iss"`);
  return { keys: { kind: 'jwks', url }, possible: ASYMMETRIC, problems };
}

function secretKeys(text: string, name: NameOf): FoundKeys {
  const secret = new TextEncoder().encode(text);
  const isLong = secret.length >= MIN_SECRET_BYTES;
  const problem = `${name('AUTH_JWT_SECRET', 'secret')} must have at least ${MIN_SECRET_BYTES} bytes`;
  return { keys: { kind: 'secret', secret }, possible: HMAC, problems: isLong ? [] : [problem] };
}

function publicKeys(text: string, name: NameOf): FoundKeys {
  const key = parsePublicKey(text);
  const possible = key ? algorithmsOf(key) : [];
  const problems = possible.length === 0 ? [`${name('AUTH_JWT_PUBLIC_KEY', 'publicKey')} ${NOT_A_KEY}`] : [];
  return key ? { keys: { kind: 'public-key', key }, possible, problems } : { possible, problems };
}

const NOT_SECURE = 'must be an https URL; http is for localhost only';
const NOT_A_KEY = `must be a public key in PEM, "-----BEGIN PUBLIC KEY-----": RSA of ${MIN_RSA_BITS} bits or more, EC or Ed25519`;

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** Whether what is read from a URL cannot be changed on its way here. */
export function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username || password) return false;
  return protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.includes(hostname));
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest */
export const discoveryUrl = (issuer: string): string => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

/** In an environment variable, lines may be separated by `\n` in two characters. */
function parsePublicKey(text: string): KeyObject | undefined {
  const pem = text.replaceAll('\\n', '\n');
  // A private key would be read as its public half: it does not belong on this server.
  if (!/^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function algorithmsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string[] {
  if (type === 'rsa') return (details?.modulusLength ?? 0) >= MIN_RSA_BITS ? RSA : [];
  if (type === 'ed25519') return EDWARDS;
  const algorithm = type === 'ec' ? EC[details?.namedCurve ?? ''] : undefined;
  return algorithm ? [algorithm] : [];
}
