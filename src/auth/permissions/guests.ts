import { canWrite, type Viewer } from './viewer.ts';

/** Upload tokens and share links, which give rights to guests. */

interface Place {
  type: string;
  id: number;
}

/** What an upload chooses besides its content. */
export interface UploadChoices {
  on?: Place | undefined;
  parentId?: number | undefined;
  sessionToken?: string | undefined;
  status?: string | null | undefined;
  available?: boolean | undefined;
}

/**
 * What the bearer of an upload token may upload: new files to the place of the token, which all who
 * see the place see, without a review. Anything else could reveal or change what the token does not
 * grant.
 */
export function canUploadWithToken(grant: { on: Place }, upload: UploadChoices): boolean {
  const { on, parentId, sessionToken, status, available = true } = upload;
  const isThere = on?.type === grant.on.type && on.id === grant.on.id;
  return isThere && available && [parentId, sessionToken, status].every((option) => option == null);
}

/** Seeing upload tokens and share links of a place: those who edit it, and the creator. */
export function canSeeGuestToken(viewer: Viewer, createdBy: number, place: { isEditor: boolean } | undefined): boolean {
  return viewer.isAdmin || viewer.userId === createdBy || (place?.isEditor ?? false);
}

/** Revoking them: the creator, and those who decide who sees the place. */
export function canRevokeGuestToken(
  viewer: Viewer,
  createdBy: number,
  place: { canManage: boolean } | undefined,
): boolean {
  return canWrite(viewer) && (viewer.isAdmin || viewer.userId === createdBy || (place?.canManage ?? false));
}
