import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import { contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { BadUserInputError, UnauthenticatedError } from '../errors.ts';
import type { Topic } from '../events/topic.ts';
import { viewerOfKey } from './authenticate-key.ts';
import type { Viewer } from './permissions.ts';
import { viewerOfUser } from './sign-in-users.ts';

/** The longest lifetime of a link: a week, in seconds. */
const MAX_LINK_SECONDS = 7 * 24 * 60 * 60;

/**
 * What a link reads: a file, the archive of an attachable, as in `archive Task:1`, or that of
 * chosen files, as in `files 1,2`.
 */
export type LinkSubject = `file ${number}` | `archive ${Topic}` | `files ${string}`;

/** How far the clocks of servers may differ, in seconds. */
const CLOCK_SKEW_SECONDS = 300;

/**
 * The key that signs links, derived from a secret in the database and from the operator's, which is
 * not there. So a copy of the database signs none.
 */
export async function deriveLinkSecret(em: EntityManager, operatorSecret: string): Promise<Buffer> {
  const rows: { value: string }[] = await em.execute(`select value from secrets where name = 'links'`);
  if (!rows[0]) throw new Error('The secret for links is missing: the database was not migrated.');
  return Buffer.from(hkdfSync('sha256', Buffer.from(rows[0].value, 'hex'), operatorSecret, 'links', 32));
}

/**
 * A token with which anybody reads one file or one archive, as the user who created it, for
 * `seconds`: 1 to `MAX_LINK_SECONDS`, or `BadUserInputError`. It grants nothing: what that user may
 * see is checked at each use.
 *
 * It ends with the key that it is created with. One that is created with a token of an identity
 * provider does not end with that token: a page shows its images while it gets the next one. It
 * ends when its user may no longer sign in.
 */
export function signLink(request: RequestContext, subject: LinkSubject, seconds: number): string {
  const { linkSecret, viewer, now } = contextOf(request);
  if (!(seconds >= 1 && seconds <= MAX_LINK_SECONDS))
    throw new BadUserInputError(`A signed link is valid for 1 to ${MAX_LINK_SECONDS} seconds (one week).`);
  const owner = ownerOf(viewer);
  const expires = Math.floor(now().getTime() / 1000) + seconds;
  return `${owner}.${expires}.${macOf(linkSecret, subject, owner, expires).toString('base64url')}`;
}

/** What a link ends with: the number of a key, or `u` and the number of a user. */
function ownerOf({ keyId, userId, expiresAt }: Viewer): string {
  if (keyId !== undefined) return String(keyId);
  if (expiresAt === undefined) throw new Error('A link is made with a key or a token.');
  return `u${userId}`;
}

/**
 * The viewer as whom a token reads its subject: the current user of its key, or its user, with the
 * scope READ. Throws `UnauthenticatedError` for a token that has expired, was changed, is for
 * another subject, ends later than any that could have been created, or whose key no longer works
 * or user may no longer sign in, without saying which.
 */
export async function viewerOfLink(
  { em, secret, now }: { em: EntityManager; secret: Buffer; now: Date },
  subject: LinkSubject,
  token: string,
): Promise<Viewer> {
  const [, owner = '', expires, mac = ''] = /^(u?[1-9]\d{0,14})\.(\d{1,12})\.([\w-]{43})$/.exec(token) ?? [];
  const expected = macOf(secret, subject, owner, Number(expires));
  const given = Buffer.from(mac, 'base64url');
  const isValid = given.length === expected.length && timingSafeEqual(given, expected);
  const left = Number(expires) - now.getTime() / 1000;
  if (!isValid || left <= 0 || left > MAX_LINK_SECONDS + CLOCK_SKEW_SECONDS)
    throw new UnauthenticatedError(INVALID_LINK);
  const viewer = owner.startsWith('u')
    ? await viewerOfUser(em, Number(owner.slice(1)), 'READ')
    : await viewerOfKey(em, Number(owner), now);
  if (!viewer) throw new UnauthenticatedError(INVALID_LINK);
  return { ...viewer, scope: 'READ', guest: 'LINK', linkHash: hash('sha256', token, 'base64url') };
}

const INVALID_LINK = 'This link does not work: it has expired, or is not as it was made. Ask for a new one.';

/** The messages of keys and users differ, so that the signature of the one is none of the other. */
function macOf(secret: Buffer, subject: LinkSubject, owner: string, expires: number): Buffer {
  const kind = owner.startsWith('u') ? 'user' : 'key';
  return createHmac('sha256', secret)
    .update(`${subject} ${kind} ${owner.replace('u', '')} until ${expires}`)
    .digest();
}
