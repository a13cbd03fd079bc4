import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import { UnauthenticatedError } from '../../errors.ts';
import type { LegacyOptions } from '../api.ts';

/** By how many seconds the clock of a client may differ from the server's. */
const CLOCK_SKEW_SECONDS = 300;

export interface SignedParameters {
  action: string;
  /** The parameters that the path stands for, as in `/download/1`: the hash covers these. */
  fixed?: Readonly<Record<string, string>> | undefined;
}

export interface Caller {
  viewer: Viewer;
  /** Whether the key signed the action instead of being sent: no other action may run then. */
  isSigned: boolean;
}

/**
 * Authenticates by `Authorization: Admin` with an HMAC, by another `Authorization` with a plain
 * key, or by `hash` in the query. Throws `UnauthenticatedError`.
 */
export async function authenticateCaller(
  { authenticate, authenticateSignature: signerOf }: LegacyOptions,
  request: IncomingMessage,
  { action, fixed }: SignedParameters,
): Promise<Caller> {
  const { scheme, credentials } = parseAuthorization(request);
  if (scheme === 'admin') return signedCaller(await signerOf(request, verifyHmac(action, credentials)));
  if (credentials && (scheme === '' || scheme === 'bearer'))
    return { viewer: await authenticate(request, credentials), isSigned: false };
  return signedCaller(await signerOf(request, verifyHash(request.url ?? '', fixed)));
}

/** Whether the request has `Authorization: Admin`, whose HMAC covers the action. */
export const hasHmacSignature = (request: IncomingMessage): boolean => parseAuthorization(request).scheme === 'admin';

function parseAuthorization({ headers }: IncomingMessage): { scheme: string; credentials: string } {
  const [first = '', second, ...rest] = (headers.authorization ?? '').trim().split(/\s+/);
  if (rest.length > 0) return { scheme: '', credentials: '' };
  return second === undefined
    ? { scheme: '', credentials: first }
    : { scheme: first.toLowerCase(), credentials: second };
}

const signedCaller = (viewer: Viewer): Caller => ({ viewer, isSigned: true });

/** `UNIXTIME_HEX`, where `HEX` is the HMAC-SHA-256 of `action:UNIXTIME` with the key. */
function verifyHmac(action: string, credentials: string): (key: string) => boolean {
  const [, time = '', mac = ''] = /^(\d{1,12})_([\da-f]{64})$/i.exec(credentials) ?? [];
  if (!mac || Math.abs(Number(time) - Date.now() / 1000) > CLOCK_SKEW_SECONDS) throw new UnauthenticatedError();
  const given = Buffer.from(mac, 'hex');
  return (key) => timingSafeEqual(createHmac('sha256', key).update(`${action}:${time}`).digest(), given);
}

/**
 * `hash` is the MD5 of the query without `hash`, followed by the key:
 * https://worksection.com/en/faq/api-start.html Some clients hash the query as it is sent, some
 * before they encode it. Existing clients compute MD5, so it cannot be an HMAC: see the decision on
 * keys that sign.
 */
function verifyHash(url: string, fixed: SignedParameters['fixed']): (key: string) => boolean {
  const pairs = url.split('?').slice(1).join('?').split('&').filter(Boolean);
  const hash = pairs.find((pair) => pair.startsWith('hash='))?.slice('hash='.length) ?? '';
  if (!/^[\da-f]{32}$/i.test(hash)) throw new UnauthenticatedError();
  const given = Buffer.from(hash, 'hex');
  const texts = signedQueries(pairs.filter((pair) => !pair.startsWith('hash=')).join('&'), fixed);
  return (key) =>
    texts
      .map((text) =>
        timingSafeEqual(
          createHash('md5')
            .update(text + key)
            .digest(),
          given,
        ),
      )
      .includes(true);
}

/**
 * The texts that the hash may cover. A hash without an action would allow every action, so it is
 * invalid.
 */
function signedQueries(query: string, fixed: SignedParameters['fixed']): string[] {
  if (fixed) return [new URLSearchParams(fixed).toString()];
  if (!new URLSearchParams(query).has('action')) throw new UnauthenticatedError();
  return [...new Set([query, decodeOrKeep(query), decodeOrKeep(query.replaceAll('+', ' '))])];
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
