import type { KeyScope, ProjectRole, ShareType } from '../database/entities/index.ts';

/**
 * All policy, and nothing else: pure functions over what the caller has looked up. Each answers one question.
 * What may not be seen is told as not found by whoever asked.
 */

/** The user behind the credentials, and what the key may be used for. */
export interface Viewer {
  userId: number;
  isAdmin: boolean;
  scope: KeyScope;
  /** Which key; none when the server acts by itself. */
  keyId?: number;
}

/** A key with the scope READ changes nothing, whoever owns it. */
export function canWrite(viewer: Viewer): boolean {
  return viewer.scope !== 'READ';
}

/** Users and API keys of others, quotas. */
export function canAdminister(viewer: Viewer): boolean {
  return viewer.isAdmin && viewer.scope === 'ADMIN';
}

// Users and their API keys.

/** Own name, title and pictures; all of everybody for administrators. */
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

/** That it exists, never the key itself. */
export function canSeeKey(viewer: Viewer, key: Pick<KeyFacts, 'userId'>): boolean {
  return viewer.userId === key.userId || canAdminister(viewer);
}

/** To make or revoke it: a key that was stolen neither gains by it nor takes away what it could not do itself. */
export function canManageKey(viewer: Viewer, key: KeyFacts): boolean {
  const isCovered = power[key.scope] <= power[viewer.scope];
  return canWrite(viewer) && isCovered && (viewer.userId === key.userId || canAdminister(viewer));
}

// Projects, their tasks and comments. `role` is the viewer's own in the project, if any.

export function canSeeProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return viewer.isAdmin || role !== undefined;
}

/** Editors see what is not yet available; whether they may change it depends on their key. */
export function isEditorOfProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return viewer.isAdmin || role === 'EDITOR' || role === 'OWNER';
}

/** To create and change tasks and comments in it, and to attach files to it and detach them. */
export function canEditProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return canWrite(viewer) && isEditorOfProject(viewer, role);
}

/** To change and delete the project itself, and to say who its members are. */
export function canManageProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return canWrite(viewer) && (viewer.isAdmin || role === 'OWNER');
}

/** To change or delete what was said: its author while still an editor, and who manages the project. */
export function canChangeComment(
  viewer: Viewer,
  createdBy: number,
  project: { canEdit: boolean; canManage: boolean },
): boolean {
  return project.canManage || (project.canEdit && createdBy === viewer.userId);
}

// Contacts, opportunities and cases.

export interface EntityFacts {
  createdBy: number;
  isPrivate: boolean;
  /** What everybody may do, unless it is private. */
  shareType: ShareType;
  /** What the access list says of the viewer. */
  access: 'READ' | 'READ_WRITE' | undefined;
}

export function canSeeEntity(viewer: Viewer, entity: EntityFacts): boolean {
  const isOwn = viewer.isAdmin || entity.createdBy === viewer.userId;
  return isOwn || entity.access !== undefined || (!entity.isPrivate && entity.shareType !== 'NONE');
}

export function isEditorOfEntity(viewer: Viewer, entity: EntityFacts): boolean {
  const isOwn = viewer.isAdmin || entity.createdBy === viewer.userId;
  return isOwn || entity.access === 'READ_WRITE' || (!entity.isPrivate && entity.shareType === 'READ_WRITE');
}

/** To change it, and to attach files to it and detach them. */
export function canEditEntity(viewer: Viewer, entity: EntityFacts): boolean {
  return canWrite(viewer) && isEditorOfEntity(viewer, entity);
}

/** To delete it, and to say who may see it. */
export function canManageEntity(viewer: Viewer, entity: EntityFacts): boolean {
  return canWrite(viewer) && (viewer.isAdmin || entity.createdBy === viewer.userId);
}

// Files. `through` is what the viewer may do by way of what a file hangs on: EDIT by editing the place that the file
// belongs to, SEE by seeing any place, HIDDEN when all places are hidden, NOTHING when there is none. Hanging a file somewhere gives nobody a right over it.

export interface FileFacts {
  createdBy: number;
  available: boolean;
}

export type Through = 'NOTHING' | 'HIDDEN' | 'SEE' | 'EDIT';

/** An unavailable file is for its uploader and for editors alone. */
export function canSeeFile(viewer: Viewer, file: FileFacts, through: Through): boolean {
  const isOwn = viewer.isAdmin || file.createdBy === viewer.userId;
  return isOwn || through === 'EDIT' || (through === 'SEE' && file.available);
}

/**
 * To hear of what happened to a file, for one who sees where it happened. What is not available is known to insiders
 * alone; others hear when it appears to them, or is gone.
 */
export function canHear(
  viewer: Viewer,
  isEditor: boolean,
  event: { audience: 'EVERYBODY' | 'INSIDERS' | 'OTHERS'; uploaderId: number; isHome: boolean },
): boolean {
  if (event.audience === 'EVERYBODY') return true;
  const file = { createdBy: event.uploaderId, available: false };
  return canSeeFile(viewer, file, isEditor && event.isHome ? 'EDIT' : 'SEE') === (event.audience === 'INSIDERS');
}

/** To give it another name, availability or next version. Its uploader may, unless it is now on what the uploader may not see. */
export function canChangeFile(viewer: Viewer, file: FileFacts, through: Through): boolean {
  const isOwn = file.createdBy === viewer.userId && through !== 'HIDDEN';
  return canWrite(viewer) && (viewer.isAdmin || isOwn || through === 'EDIT');
}

/** To approve it or send it back: not for its uploader alone. */
export function canReviewFile(viewer: Viewer, through: Through): boolean {
  return canWrite(viewer) && (viewer.isAdmin || through === 'EDIT');
}

/** To remove it everywhere at once: its uploader, with the same exception, or one who may edit everything it hangs on. */
export function canRemoveFile(viewer: Viewer, file: FileFacts, through: Through, editsEverything: boolean): boolean {
  const isOwn = file.createdBy === viewer.userId && through !== 'HIDDEN';
  return canWrite(viewer) && (viewer.isAdmin || isOwn || editsEverything);
}
