import { createHmac, timingSafeEqual } from 'node:crypto';
import { User } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { BadInput, Unauthenticated } from '../errors.ts';
import type { Viewer } from './permissions.ts';

/** The longest that a link may work: a week, in seconds. */
export const LONGEST_LINK = 7 * 24 * 60 * 60;

/** What signs the links of all servers on one database. Made with its tables, and never shown. */
export async function linkSecretOf(em: EntityManager): Promise<Buffer> {
  const rows: { value: string }[] = await em.execute(`select value from secrets where name = 'links'`);
  if (!rows[0]) throw new Error('There is no secret for links: the database was not migrated.');
  return Buffer.from(rows[0].value, 'hex');
}

/**
 * A token for one file, with which anybody reads it as the user who made it, for so many seconds: 1 to `LONGEST_LINK`, or `BadInput`.
 * It gives no right to anything: whether the user may see the file is asked whenever it is used.
 */
export function signLink(secret: Buffer, { userId }: Viewer, fileId: number, seconds: number, now: Date): string {
  if (!(seconds >= 1 && seconds <= LONGEST_LINK))
    throw new BadInput(`A link works for 1 to ${LONGEST_LINK} seconds, which is a week.`);
  const expires = Math.floor(now.getTime() / 1000) + seconds;
  return `${userId}.${expires}.${macOf(secret, fileId, userId, expires).toString('base64url')}`;
}

/**
 * As whom a token lets read the file: its user as it is now, who may do nothing but read. Throws `Unauthenticated` for a
 * token that has expired, was changed, or is of another file, without saying which.
 */
export async function viewerOfLink(
  { em, secret, now }: { em: EntityManager; secret: Buffer; now: Date },
  fileId: number,
  token: string,
): Promise<Viewer> {
  const [, userId, expires, mac = ''] = /^(\d{1,15})\.(\d{1,12})\.([\w-]{43})$/.exec(token) ?? [];
  const expected = macOf(secret, fileId, Number(userId), Number(expires));
  const given = Buffer.from(mac, 'base64url');
  const isGood = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isGood || Number(expires) * 1000 <= now.getTime()) throw new Unauthenticated(REFUSED);
  const user = await em.findOne(User, { id: Number(userId) });
  if (!user) throw new Unauthenticated(REFUSED);
  return { userId: user.id, isAdmin: user.isAdmin, scope: 'READ' };
}

const REFUSED = 'This link does not work: it has expired, or is not as it was made. Ask for a new one.';

function macOf(secret: Buffer, fileId: number, userId: number, expires: number): Buffer {
  return createHmac('sha256', secret).update(`file ${fileId} user ${userId} until ${expires}`).digest();
}
