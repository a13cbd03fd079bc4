import { randomBytes } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';
import { type AttachableRef, UploadToken } from '../database/entities/index.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { ForbiddenError, UnauthenticatedError } from '../errors.ts';
import { hashKey, viewerOfKey, viewerOfUser } from './authenticate-key.ts';
import type { Viewer } from './permissions.ts';

/**
 * Guests: bearers of an upload token or of a share link, who are no users. A guest acts with the
 * current rights of the user who created the token, within what the token grants.
 *
 * Guests are denied by default. Their tokens are no API keys, so every transport refuses them unless
 * it asks for a guest; and where a guest is let in, `viewer` is `GUEST_VIEWER`.
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

export type Guest = UploadGuest; // and ShareGuest

/** A new token of 256 random bits. */
export const generateToken = (kind: keyof typeof prefixes): string =>
  `${prefixes[kind]}${randomBytes(32).toString('base64url')}`;

/** Whether credentials have the form of an upload token. */
export const isUploadToken = (credentials: string | undefined): credentials is string =>
  credentials?.startsWith(prefixes.upload) ?? false;

/** Whether credentials have the form of a guest's token. */
export const isGuestToken = isUploadToken;

/**
 * The bearer of an upload token. Throws `UnauthenticatedError` when it is unknown, revoked or
 * expired, or when its creator or the key that created it no longer works, without saying which.
 */
export async function uploadGuestOf(em: EntityManager, token: string, now: Date): Promise<UploadGuest> {
  const [row] = await rowsWhere(em, UploadToken, 't.hash = ? and t.revoked_at is null and t.expires_at > ?', [
    hashKey(token),
    now,
  ]);
  const creator = row && (await creatorOf(em, row, now));
  if (!creator) throw new UnauthenticatedError('This upload token does not work: it has ended. Ask for a new one.');
  return { kind: 'upload', creator: { ...creator, scope: 'WRITE' }, grant: grantOf(row) };
}

/** The current rights of a creator; undefined when the user, or the key, no longer works. */
const creatorOf = (
  em: EntityManager,
  { apiKey, createdBy }: Row<UploadToken>,
  now: Date,
): Promise<Viewer | undefined> => (apiKey ? viewerOfKey(em, apiKey.id, now) : viewerOfUser(em, createdBy.id));

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
