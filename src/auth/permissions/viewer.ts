import type { KeyScope } from '../../database/entities/index.ts';

/** The user behind the credentials, and what the key may be used for. */
export interface Viewer {
  userId: number;
  isAdmin: boolean;
  scope: KeyScope;
  /** Which key; none for a token of an identity provider, and when the server acts by itself. */
  keyId?: number;
  /**
   * Of somebody who acts with the rights of the user and is not known: the upload token or share
   * link, as in `UploadToken:1`, or `LINK` for a signed link.
   */
  guest?: string;
  /** Which signed link, if it is one: a hash of its token. */
  linkHash?: string;
  /** When the token of an identity provider ends; undefined for a key, whose row says so. */
  expiresAt?: Date;
}

/** A key with the scope READ changes nothing, also that of an administrator. */
export function canWrite(viewer: Viewer): boolean {
  return viewer.scope !== 'READ';
}

/** Users and API keys of others, quotas. */
export function canAdminister(viewer: Viewer): boolean {
  return viewer.isAdmin && viewer.scope === 'ADMIN';
}
