import type { KeyScope } from '../../database/entities/index.ts';
import { canAdminister, canWrite, type Viewer } from './viewer.ts';

/** Users, their API keys and their unfinished uploads. */

/** Their own name, title and pictures; for administrators, every field of every user. */
export function canChangeUser(viewer: Viewer, userId: number): boolean {
  return canWrite(viewer) && (viewer.userId === userId || canAdminister(viewer));
}

/** `sharesProject`: whether the two are members of one project. */
export function canSeeEmail(viewer: Viewer, userId: number, sharesProject: boolean): boolean {
  return viewer.isAdmin || viewer.userId === userId || sharesProject;
}

/** Each scope has all that those before it have. */
const power: Record<KeyScope, number> = { READ: 0, WRITE: 1, ADMIN: 2 };

export interface KeyFacts {
  userId: number;
  scope: KeyScope;
}

/** Seeing that an API key exists, never the key itself. */
export function canSeeKey(viewer: Viewer, key: Pick<KeyFacts, 'userId'>): boolean {
  return viewer.userId === key.userId || canAdminister(viewer);
}

/**
 * Creating or revoking a key: a stolen key can neither widen its own rights nor revoke a key with
 * wider ones.
 */
export function canManageKey(viewer: Viewer, key: KeyFacts): boolean {
  const isCovered = power[key.scope] <= power[viewer.scope];
  return canWrite(viewer) && isCovered && (viewer.userId === key.userId || canAdminister(viewer));
}

/** Seeing and cancelling the unfinished uploads of a user, and seeing the open upload sessions. */
export function canSeeUploadsOf(viewer: Viewer, userId: number): boolean {
  return viewer.userId === userId || canAdminister(viewer);
}
