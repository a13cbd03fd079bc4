import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { JwtProvider } from '../../context.ts';
import type { KeyScope } from '../../database/entities/index.ts';
import { UnauthenticatedError } from '../../errors.ts';

/**
 * The most characters of a subject: https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
const MAX_SUBJECT = 255;
const MAX_NAME = 200;
const MAX_URL = 2000;
/** The last moment that a `Date` can hold. */
const MAX_TIME_MS = 8.64e15;

/** What a verified token says of its bearer. */
export interface Identity {
  /**
   * The issuer and the subject identify the user; the issuer is empty for the one without a name.
   */
  issuer: string;
  subject: string;
  /** Undefined fields are not in the token, or not usable: the user keeps what is known. */
  displayName: string | undefined;
  /** In lower case, and verified. */
  email: string | undefined;
  avatarUrl: string | undefined;
  groups: ReadonlySet<string>;
  /** The widest scope of the token; undefined when it does not say. */
  scope: KeyScope | undefined;
  /** In seconds since 1970. */
  issuedAt: number;
  /** When the token ends here, in milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Reads the claims of a verified token. Throws `UnauthenticatedError` for one without a usable
 * subject, and for one without a scope of this server when the provider's tokens need one.
 */
export function identityOf(payload: JWTPayload, provider: JwtProvider, now: Date): Identity {
  const { claims, trustEmail, clockToleranceSeconds } = provider;
  const { sub: subject, exp = 0, iat = 0 } = payload;
  // PostgreSQL stores no text with a NUL, and people could not distinguish such subjects.
  if (typeof subject !== 'string' || subject === '' || subject.length > MAX_SUBJECT || hasControlCharacters(subject))
    throw new UnauthenticatedError('The token has no subject, "sub", that this server accepts.');
  const isVerified = trustEmail || payload.email_verified === true || payload.email_verified === 'true';
  const seconds = now.getTime() / 1000;
  return {
    issuer: provider.issuer ?? '',
    subject,
    displayName: nameIn(claimOf(payload, claims.name)),
    email: isVerified ? emailIn(claimOf(payload, claims.email)) : undefined,
    avatarUrl: urlIn(claimOf(payload, claims.avatar)),
    groups: new Set(textsIn(claimOf(payload, claims.groups))),
    scope: scopeIn(payload, provider.scopePrefix),
    // A token from the future would keep all later ones from being newer.
    issuedAt: Math.floor(Math.min(iat, seconds)),
    expiresAt: Math.min((exp + clockToleranceSeconds) * 1000, MAX_TIME_MS),
  };
}

/** The claim of a name, or, when there is none, at a path through objects: `realm_access.roles`. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/**
 * The widest of the scopes with the prefix, which providers put into `scope` or `scp`.
 * https://www.rfc-editor.org/rfc/rfc8693#section-4.2
 */
function scopeIn(payload: JWTPayload, prefix: string | undefined): KeyScope | undefined {
  if (prefix === undefined) return undefined;
  const given = [payload.scope, payload.scp].flatMap((claim) =>
    typeof claim === 'string' ? claim.split(' ') : textsIn(claim),
  );
  const widest = (['ADMIN', 'WRITE', 'READ'] as const).find((one) => given.includes(prefix + one.toLowerCase()));
  if (!widest) throw new UnauthenticatedError(`The token has none of the scopes that begin with "${prefix}".`);
  return widest;
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function nameIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.slice(0, MAX_NAME).toWellFormed().replace(CONTROL_CHARACTERS, ' ').trim() || undefined;
}

function emailIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 254) return undefined;
  return z.email().safeParse(value.trim().toLowerCase()).data;
}

function urlIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_URL || !URL.canParse(value)) return undefined;
  const { protocol, href } = new URL(value);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

const CONTROL_CHARACTERS = /\p{Cc}/gu;
const hasControlCharacters = (text: string): boolean => /\p{Cc}/u.test(text) || !text.isWellFormed();
