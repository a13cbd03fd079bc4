import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { EntityManager } from '../database/open.ts';
import { BadUserInputError, UnauthenticatedError } from '../errors.ts';
import { viewerOfKey } from './authenticate-key.ts';
import type { Viewer } from './permissions.ts';

/** The longest that a link may work: a week, in seconds. */
export const LONGEST_LINK = 7 * 24 * 60 * 60;

/** How far the clocks of servers may differ, in seconds. */
const CLOCK_S = 300;

/**
 * What links are signed with: made of a secret in the database and of the operator's, which is not there. So a copy of
 * the database signs none.
 */
export async function deriveLinkSecret(em: EntityManager, operatorSecret: string): Promise<Buffer> {
  const rows: { value: string }[] = await em.execute(`select value from secrets where name = 'links'`);
  if (!rows[0]) throw new Error('There is no secret for links: the database was not migrated.');
  return Buffer.from(hkdfSync('sha256', Buffer.from(rows[0].value, 'hex'), operatorSecret, 'links', 32));
}

/**
 * A token for one file, with which anybody reads it as the user who made it, for so many seconds: 1 to `LONGEST_LINK`,
 * or `BadUserInputError`. It ends with the key that it is made with, and gives no right to anything: whether the user may see the
 * file is asked whenever it is used.
 */
export function signLink(secret: Buffer, { keyId }: Viewer, fileId: number, seconds: number, now: Date): string {
  if (!(seconds >= 1 && seconds <= LONGEST_LINK))
    throw new BadUserInputError(`A link works for 1 to ${LONGEST_LINK} seconds, which is a week.`);
  if (keyId === undefined) throw new Error('Links are made with a key, and end with it.');
  const expires = Math.floor(now.getTime() / 1000) + seconds;
  return `${keyId}.${expires}.${macOf(secret, fileId, keyId, expires).toString('base64url')}`;
}

/**
 * As whom a token lets read the file: the user of its key as it is now, who may do nothing but read. Throws
 * `UnauthenticatedError` for a token that has expired, was changed, is of another file, ends later than any that was made, or
 * whose key no longer works, without saying which.
 */
export async function viewerOfLink(
  { em, secret, now }: { em: EntityManager; secret: Buffer; now: Date },
  fileId: number,
  token: string,
): Promise<Viewer> {
  const [, keyId, expires, mac = ''] = /^(\d{1,15})\.(\d{1,12})\.([\w-]{43})$/.exec(token) ?? [];
  const expected = macOf(secret, fileId, Number(keyId), Number(expires));
  const given = Buffer.from(mac, 'base64url');
  const isGood = given.length === expected.length && timingSafeEqual(given, expected);
  const left = Number(expires) - now.getTime() / 1000;
  if (!isGood || left <= 0 || left > LONGEST_LINK + CLOCK_S) throw new UnauthenticatedError(REFUSED);
  const viewer = await viewerOfKey(em, Number(keyId), now);
  if (!viewer) throw new UnauthenticatedError(REFUSED);
  return { ...viewer, scope: 'READ' };
}

const REFUSED = 'This link does not work: it has expired, or is not as it was made. Ask for a new one.';

function macOf(secret: Buffer, fileId: number, keyId: number, expires: number): Buffer {
  return createHmac('sha256', secret).update(`file ${fileId} key ${keyId} until ${expires}`).digest();
}
