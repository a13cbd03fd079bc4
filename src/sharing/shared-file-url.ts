import { createHmac, timingSafeEqual } from 'node:crypto';
import { type ShareGrant, type ShareGuest, shareGuestById } from '../auth/guest.ts';
import { contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { UnauthenticatedError } from '../errors.ts';

/** For how many seconds the URL of a shared file works, unless the link ends earlier. */
const URL_SECONDS = 60 * 60;

/**
 * The path at which the bearer of a share link downloads a file, with a signature instead of the
 * token and the password, so that a browser can open it. It grants nothing: the link, and whether
 * it shows the file, are checked at each use.
 */
export function sharedFilePath(
  request: RequestContext,
  { shareLinkId, expiresAt }: ShareGrant,
  fileId: number,
): string {
  const { linkSecret, now } = contextOf(request);
  const end = Math.floor(Math.min(now().getTime() + URL_SECONDS * 1000, expiresAt.getTime()) / 1000);
  const mac = macOf(linkSecret, shareLinkId, fileId, end).toString('base64url');
  return `/shares/${shareLinkId}/files/${fileId}?token=${end}.${mac}`;
}

/**
 * The bearer of the share link for which the URL of a file was signed. Throws
 * `UnauthenticatedError` for a URL that has expired or was changed, and when the link has ended.
 */
export async function shareGuestOfUrl(
  { em, secret, now }: { em: EntityManager; secret: Buffer; now: Date },
  { shareLinkId, fileId, signature }: { shareLinkId: number; fileId: number; signature: string },
): Promise<ShareGuest> {
  const [, end, mac = ''] = /^(\d{1,12})\.([\w-]{43})$/.exec(signature) ?? [];
  const expected = macOf(secret, shareLinkId, fileId, Number(end));
  const given = Buffer.from(mac, 'base64url');
  const isValid = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isValid || Number(end) * 1000 <= now.getTime())
    throw new UnauthenticatedError('The URL of this file has expired. Open the share link again.');
  return shareGuestById(em, shareLinkId, now);
}

function macOf(secret: Buffer, shareLinkId: number, fileId: number, end: number): Buffer {
  return createHmac('sha256', secret).update(`share ${shareLinkId} file ${fileId} until ${end}`).digest();
}
