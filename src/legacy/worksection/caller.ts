import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import { UnauthenticatedError } from '../../errors.ts';
import type { LegacyOptions } from '../api.ts';

/** How far the clock of a client may be off, in seconds. */
const CLOCK_S = 300;

export interface Signed {
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
export async function callerOf(
  { authenticate, signerOf }: LegacyOptions,
  request: IncomingMessage,
  { action, fixed }: Signed,
): Promise<Caller> {
  const { scheme, credentials } = authorizationIn(request);
  if (scheme === 'admin') return signed(await signerOf(request, provedByTime(action, credentials)));
  if (credentials && (scheme === '' || scheme === 'bearer'))
    return { viewer: await authenticate(request, credentials), isSigned: false };
  return signed(await signerOf(request, provedByHash(request.url ?? '', fixed)));
}

/** Whether the request is signed by `Authorization: Admin`, which covers its action. */
export const isSignedByTime = (request: IncomingMessage): boolean => authorizationIn(request).scheme === 'admin';

function authorizationIn({ headers }: IncomingMessage): { scheme: string; credentials: string } {
  const [first = '', second, ...rest] = (headers.authorization ?? '').trim().split(/\s+/);
  if (rest.length > 0) return { scheme: '', credentials: '' };
  return second === undefined
    ? { scheme: '', credentials: first }
    : { scheme: first.toLowerCase(), credentials: second };
}

const signed = (viewer: Viewer): Caller => ({ viewer, isSigned: true });

/** `UNIXTIME_HEX`, where the second is the HMAC-SHA-256 of `action:UNIXTIME` under the key. */
function provedByTime(action: string, credentials: string): (key: string) => boolean {
  const [, time = '', mac = ''] = /^(\d{1,12})_([\da-f]{64})$/i.exec(credentials) ?? [];
  if (!mac || Math.abs(Number(time) - Date.now() / 1000) > CLOCK_S) throw new UnauthenticatedError();
  const given = Buffer.from(mac, 'hex');
  return (key) => timingSafeEqual(createHmac('sha256', key).update(`${action}:${time}`).digest(), given);
}

/**
 * `hash` is the MD5 of the query without it, and the key. Some clients take the query as it is sent, some as it was
 * before it was encoded. That MD5 is no HMAC cannot be mended from here: see the decision on these keys.
 */
function provedByHash(url: string, fixed: Signed['fixed']): (key: string) => boolean {
  const pairs = url.split('?').slice(1).join('?').split('&').filter(Boolean);
  const hash = pairs.find((pair) => pair.startsWith('hash='))?.slice('hash='.length) ?? '';
  if (!/^[\da-f]{32}$/i.test(hash)) throw new UnauthenticatedError();
  const given = Buffer.from(hash, 'hex');
  const texts = signedTexts(pairs.filter((pair) => !pair.startsWith('hash=')).join('&'), fixed);
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
function signedTexts(query: string, fixed: Signed['fixed']): string[] {
  if (fixed) return [new URLSearchParams(fixed).toString()];
  if (!new URLSearchParams(query).has('action')) throw new UnauthenticatedError();
  return [...new Set([query, decoded(query), decoded(query.replaceAll('+', ' '))])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
