import { hash } from 'node:crypto';
import type { ShareGrant } from '../auth/guest.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { ShareLink } from '../database/entities/index.ts';
import { forUpdate } from '../database/sql.ts';
import { transact } from '../database/transaction.ts';
import { ForbiddenError, UnauthenticatedError } from '../errors.ts';
import { type SharedSubject, URL_SECONDS } from './shared-file-url.ts';

/**
 * The downloads of share links with a limit. A download is one request for the content of a file,
 * or for the ZIP of all files. Requests for ranges of the file with the same URL from the same
 * address continue it for an hour: players and resumed downloads make many of them. Links without a
 * limit write nothing.
 */

/** A request for shared content. */
export interface SharedDownload {
  subject: SharedSubject;
  /** In the URL. */
  signature: string;
  /** Whether the request is for a range, and so may continue a download. */
  isRange: boolean;
}

/**
 * Counts a download of a link with a limit, before its first byte is sent. The row of the link is
 * locked, so that servers cannot exceed the limit together. Throws `ForbiddenError` when no
 * download is left, and `UnauthenticatedError` when the link was revoked meanwhile.
 */
export async function countDownload(
  request: RequestContext,
  { shareLinkId, downloadsLeft }: ShareGrant,
  { subject, signature, isRange }: SharedDownload,
): Promise<void> {
  if (downloadsLeft === null) return;
  const ctx = contextOf(request);
  const of = hash('sha256', JSON.stringify([ctx.client?.address, subject, signature]), 'hex');
  await transact(ctx.em.fork(), async (em) => {
    const link = await em.findOne(ShareLink, { id: shareLinkId }, forUpdate);
    if (!link || link.revokedAt) throw new UnauthenticatedError('This share link has ended.');
    if (isRange && (await isContinued({ ...ctx, em }, shareLinkId, of))) return;
    if (link.usedDownloads >= (link.maxDownloads ?? Number.POSITIVE_INFINITY)) throw noDownloadLeft();
    link.usedDownloads += 1;
    await em.flush();
    await em.execute(
      `insert into share_downloads (share_link_id, hash, expires_at) values (?, ?, ?)
       on conflict (share_link_id, hash) do update set expires_at = excluded.expires_at`,
      [shareLinkId, of, new Date(ctx.now().getTime() + URL_SECONDS * 1000)],
    );
  });
}

async function isContinued({ em, now }: Context, shareLinkId: number, of: string): Promise<boolean> {
  const sql = 'select hash from share_downloads where share_link_id = ? and hash = ? and expires_at > ?';
  return (await em.execute<unknown[]>(sql, [shareLinkId, of, now()])).length > 0;
}

/** Throws `ForbiddenError` when a link has no download left: then it shows no thumbnails either. */
export function assertDownloadLeft({ downloadsLeft }: ShareGrant): void {
  if (downloadsLeft === 0) throw noDownloadLeft();
}

const noDownloadLeft = () =>
  new ForbiddenError('The files of this share link were downloaded as often as it permits. Ask for a new one.');
