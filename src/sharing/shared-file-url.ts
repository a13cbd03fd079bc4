import { createHmac, timingSafeEqual } from 'node:crypto';
import { type ShareGrant, type ShareGuest, shareGuestById } from '../auth/guest.ts';
import { contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { UnauthenticatedError } from '../errors.ts';

/** For how many seconds the URL of a shared file works, unless the link ends earlier. */
export const URL_SECONDS = 60 * 60;

/**
 * What a URL of a share link is for: the content of a file, its thumbnail, or all files as a ZIP.
 */
export type SharedSubject = `file ${number}` | `thumbnail ${number}` | 'zip';

/**
 * The path at which the bearer of a share link downloads something, with a signature instead of the
 * token and the password, so that a browser can open it. It grants nothing: the link, and whether
 * it shows the file, are checked at each use.
 */
export function sharedPath(
  request: RequestContext,
  { shareLinkId, expiresAt }: ShareGrant,
  subject: SharedSubject,
): string {
  const { linkSecret, now } = contextOf(request);
  const end = Math.floor(Math.min(now().getTime() + URL_SECONDS * 1000, expiresAt.getTime()) / 1000);
  const mac = macOf(linkSecret, shareLinkId, subject, end).toString('base64url');
  return `/shares/${shareLinkId}/${pathOf(subject)}?token=${end}.${mac}`;
}

function pathOf(subject: SharedSubject): string {
  const [kind, id] = subject.split(' ');
  if (kind === 'file') return `files/${id}`;
  return kind === 'thumbnail' ? `files/${id}/thumbnail` : 'zip';
}

/**
 * The bearer of the share link for which a URL was signed. Throws `UnauthenticatedError` for a URL
 * that has expired or was changed, and when the link has ended.
 */
export async function shareGuestOfUrl(
  { em, secret, now }: { em: EntityManager; secret: Buffer; now: Date },
  { shareLinkId, subject, signature }: { shareLinkId: number; subject: SharedSubject; signature: string },
): Promise<ShareGuest> {
  const [, end, mac = ''] = /^(\d{1,12})\.([\w-]{43})$/.exec(signature) ?? [];
  const expected = macOf(secret, shareLinkId, subject, Number(end));
  const given = Buffer.from(mac, 'base64url');
  const isValid = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isValid || Number(end) * 1000 <= now.getTime())
    throw new UnauthenticatedError('The URL of this file has expired. Open the share link again.');
  return shareGuestById(em, shareLinkId, now);
}

function macOf(secret: Buffer, shareLinkId: number, subject: SharedSubject, end: number): Buffer {
  return createHmac('sha256', secret).update(`share ${shareLinkId} ${subject} until ${end}`).digest();
}
