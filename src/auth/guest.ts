import { randomBytes } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';
import { type AttachableRef, ShareLink, UploadToken } from '../database/entities/index.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { ForbiddenError, UnauthenticatedError } from '../errors.ts';
import { hashKey, viewerOfKey } from './authenticate-key.ts';
import type { Viewer } from './permissions.ts';
import { CAN_SIGN_IN, viewerOfUser } from './sign-in-users.ts';

/**
 * Guests: bearers of an upload token or of a share link, who are no users. A guest acts with the
 * current rights of the user who created the token, within what the token grants.
 *
 * Guests are denied by default. Their tokens are no API keys, so every transport refuses them
 * unless it requests a guest; and where a guest is let in, `viewer` is `GUEST_VIEWER`.
 */

const prefixes = { upload: 'upt_', share: 'shr_' } as const;

/** What the bearer of an upload token may do: add new files to one place. */
export interface UploadGrant {
  tokenId: number;
  on: AttachableRef;
  /** Media types such as `application/pdf` or `image/*`; empty for all. */
  contentTypes: readonly string[];
  maxFiles: number;
  maxBytes: number;
  /** As of the beginning of the request. The transaction that adds files counts again. */
  usedFiles: number;
  usedBytes: number;
}

/** The bearer of an upload token. */
export interface UploadGuest {
  kind: 'upload';
  /** The user who created the token, with the current rights; never with the scope ADMIN. */
  creator: Viewer;
  grant: UploadGrant;
}

/** What the bearer of a share link may do: read the files of one place, or one file. */
export interface ShareGrant {
  shareLinkId: number;
  name: string;
  expiresAt: Date;
  /** The place whose files are shared. */
  on: AttachableRef | undefined;
  /** The file whose newest version is shared. */
  versionGroup: string | null;
  /** Downloads that are left, as of the beginning of the request; null without a limit. */
  downloadsLeft: number | null;
}

/** The bearer of a share link. */
export interface ShareGuest {
  kind: 'share';
  /** The user who created the link, with the current rights, and the scope READ. */
  creator: Viewer;
  grant: ShareGrant;
}

export type Guest = UploadGuest | ShareGuest;

/**
 * Whose requests, memory, time and lines of the log a request uses: those who act for one user
 * without being the user share what one user may use, and take nothing from that user.
 */
export const accountOf = (viewer: Viewer): Pick<Viewer, 'userId' | 'keyId'> =>
  viewer.guest === undefined ? viewer : { userId: -viewer.userId };

/** A new token of 256 random bits. */
export const generateToken = (kind: keyof typeof prefixes): string =>
  `${prefixes[kind]}${randomBytes(32).toString('base64url')}`;

/** Whether credentials have the form of an upload token. */
export const isUploadToken = (credentials: string | undefined): credentials is string =>
  credentials?.startsWith(prefixes.upload) ?? false;

/** Whether credentials have the form of the token of a share link. */
export const isShareToken = (credentials: string | undefined): credentials is string =>
  credentials?.startsWith(prefixes.share) ?? false;

/**
 * The bearer of an upload token. Throws `UnauthenticatedError` when it is unknown, revoked or
 * expired, or when its creator or the key that created it no longer works, without saying which.
 */
export async function uploadGuestOf(em: EntityManager, token: string, now: Date): Promise<UploadGuest> {
  const [row] = await rowsWhere(em, UploadToken, `t.hash = ? and ${IS_VALID}`, [hashKey(token), now]);
  const creator = row && (await creatorOf(em, row, now));
  if (!creator) throw new UnauthenticatedError('This upload token does not work: it has ended. Ask for a new one.');
  return {
    kind: 'upload',
    creator: { ...creator, scope: 'WRITE', guest: `UploadToken:${row.id}` },
    grant: grantOf(row),
  };
}

/**
 * The bearer of a share link, and the hash of its password, which the caller has to check. Throws
 * what `uploadGuestOf` throws.
 */
export async function shareGuestOf(
  em: EntityManager,
  token: string,
  now: Date,
): Promise<{ guest: ShareGuest; passwordHash: string | null }> {
  const [row] = await rowsWhere(em, ShareLink, `t.hash = ? and ${IS_VALID}`, [hashKey(token), now]);
  return { guest: await shareGuestIn(em, row, now), passwordHash: row?.passwordHash ?? null };
}

/**
 * The bearer of a share link whose id the server has signed. Throws what `uploadGuestOf` throws.
 */
export async function shareGuestById(em: EntityManager, id: number, now: Date): Promise<ShareGuest> {
  const [row] = await rowsWhere(em, ShareLink, `t.id = ? and ${IS_VALID}`, [id, now]);
  return shareGuestIn(em, row, now);
}

/**
 * Throws `UnauthenticatedError` when an upload token has ended, or its creator, or the key that
 * created it. For the transaction that adds files, and for errors that the end may have caused.
 */
export async function assertUploadTokenWorks(em: EntityManager, id: number, now: Date): Promise<void> {
  const found: unknown[] = await em.execute(
    `select t.id from upload_tokens t join users u on u.id = t.created_by_id
     left join api_keys k on k.id = t.api_key_id
     where t.id = ? and ${IS_VALID} and ${CAN_SIGN_IN}
       and k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [id, now, now],
  );
  if (found.length === 0) throw endedUploadToken();
}

/** The error of an upload token that has ended while a request ran. */
export const endedUploadToken = () => new UnauthenticatedError('This upload token has ended. Ask for a new one.');

const IS_VALID = 't.revoked_at is null and t.expires_at > ?';

/** Throws `UnauthenticatedError` for the viewer of a share link that has ended. */
export async function assertShareLinkWorks(em: EntityManager, { guest }: Viewer, now: Date): Promise<void> {
  const id = guest?.startsWith(SHARE_LINK) ? Number(guest.slice(SHARE_LINK.length)) : undefined;
  if (id !== undefined) await shareGuestById(em, id, now);
}

/** Precedes the id of the link in `Viewer.guest`. */
const SHARE_LINK = 'ShareLink:';

async function shareGuestIn(em: EntityManager, row: Row<ShareLink> | undefined, now: Date): Promise<ShareGuest> {
  const creator = row && (await creatorOf(em, row, now));
  if (!creator) throw new UnauthenticatedError('This share link does not work: it has ended. Ask for a new one.');
  const { id, name, expiresAt, onType, onId, versionGroup, maxDownloads, usedDownloads } = row;
  const on = onType && onId ? { type: onType, id: onId } : undefined;
  const downloadsLeft = maxDownloads == null ? null : Math.max(0, maxDownloads - usedDownloads);
  const grant = { shareLinkId: id, name, expiresAt, on, versionGroup: versionGroup ?? null, downloadsLeft };
  return { kind: 'share', creator: { ...creator, scope: 'READ', guest: `${SHARE_LINK}${id}` }, grant };
}

/** The current rights of a creator; undefined when the user, or the key, no longer works. */
const creatorOf = (
  em: EntityManager,
  { apiKey, createdBy }: Pick<Row<UploadToken>, 'apiKey' | 'createdBy'>,
  now: Date,
): Promise<Viewer | undefined> => (apiKey ? viewerOfKey(em, apiKey.id, now) : viewerOfUser(em, createdBy.id, 'WRITE'));

const grantOf = (row: Row<UploadToken>): UploadGrant => ({
  tokenId: row.id,
  on: { type: row.onType, id: row.onId },
  contentTypes: JSON.parse(row.contentTypes) as string[],
  maxFiles: row.maxFiles,
  maxBytes: row.maxBytes,
  usedFiles: row.usedFiles,
  usedBytes: row.usedBytes,
});

const refuse = (): never => {
  throw new ForbiddenError('An upload token or a share link does not permit this.');
};

/**
 * The viewer of a guest's request: to read any of its members throws `ForbiddenError`. Code that
 * was not written for guests decides nothing for them, and fails instead.
 */
export const GUEST_VIEWER: Viewer = Object.defineProperties({} as Viewer, {
  userId: { enumerable: true, get: refuse },
  isAdmin: { enumerable: true, get: refuse },
  scope: { enumerable: true, get: refuse },
  keyId: { enumerable: true, get: refuse },
});
