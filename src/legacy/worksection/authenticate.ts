import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import { UnauthenticatedError } from '../../errors.ts';
import type { LegacyOptions } from '../api.ts';

/** How far the clock of a client may be off, in seconds. */
const CLOCK_SKEW_SECONDS = 300;

export interface SignedParameters {
  action: string;
  /** Of an address that says by itself what is asked for: that is what has to be signed. */
  fixed?: Readonly<Record<string, string>> | undefined;
}

export interface Caller {
  viewer: Viewer;
  /** Whether the key was not sent, but used to sign the action: then that action runs, or none. */
  isSigned: boolean;
}

/**
 * Who calls, by one of three: `Authorization: Admin`, another `Authorization` with a plain key, or `hash` in the query.
 * Throws `UnauthenticatedError`.
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

/** Whether the request is signed by `Authorization: Admin`, which covers its action. */
export const hasHmacSignature = (request: IncomingMessage): boolean => parseAuthorization(request).scheme === 'admin';

function parseAuthorization({ headers }: IncomingMessage): { scheme: string; credentials: string } {
  const [first = '', second, ...rest] = (headers.authorization ?? '').trim().split(/\s+/);
  if (rest.length > 0) return { scheme: '', credentials: '' };
  return second === undefined
    ? { scheme: '', credentials: first }
    : { scheme: first.toLowerCase(), credentials: second };
}

const signedCaller = (viewer: Viewer): Caller => ({ viewer, isSigned: true });

/** `UNIXTIME_HEX`, where the second is the HMAC-SHA-256 of `action:UNIXTIME` under the key. */
function verifyHmac(action: string, credentials: string): (key: string) => boolean {
  const [, time = '', mac = ''] = /^(\d{1,12})_([\da-f]{64})$/i.exec(credentials) ?? [];
  if (!mac || Math.abs(Number(time) - Date.now() / 1000) > CLOCK_SKEW_SECONDS) throw new UnauthenticatedError();
  const given = Buffer.from(mac, 'hex');
  return (key) => timingSafeEqual(createHmac('sha256', key).update(`${action}:${time}`).digest(), given);
}

/**
 * `hash` is the MD5 of the query without it, and the key. Some clients take the query as it is sent, some as it was
 * before it was encoded. That MD5 is no HMAC cannot be mended from here: see the decision on these keys.
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

/** What the hash may be of. One that says neither what is to be done nor with which file would be a key to everything. */
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
