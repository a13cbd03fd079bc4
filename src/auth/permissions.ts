import type { KeyScope, ProjectRole, ShareType } from '../database/entities/index.ts';

/**
 * All policy, and nothing else: pure functions over what the caller has looked up. Each answers one
 * question. Callers report what the viewer may not see as not found.
 */

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

// Users and their API keys.

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

// Projects, their tasks and comments. `role` is the viewer's own in the project, if any.

export function canSeeProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return viewer.isAdmin || role !== undefined;
}

/** Editors see what is not yet available; whether they may change it depends on their key. */
export function isEditorOfProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return viewer.isAdmin || role === 'EDITOR' || role === 'OWNER';
}

/** Creating and changing tasks and comments in it, and attaching and detaching files. */
export function canEditProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return canWrite(viewer) && isEditorOfProject(viewer, role);
}

/** Changing and deleting the project itself, and changing its members. */
export function canManageProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return canWrite(viewer) && (viewer.isAdmin || role === 'OWNER');
}

/**
 * Changing or deleting a comment: its author while still an editor, and those who manage the
 * project.
 */
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
  /** The entry of the viewer on the access list. */
  access: 'READ' | 'READ_WRITE' | undefined;
}

/** Whether every user sees it. */
export function isPublicEntity({ isPrivate, shareType }: Pick<EntityFacts, 'isPrivate' | 'shareType'>): boolean {
  return !isPrivate && shareType !== 'NONE';
}

export function canSeeEntity(viewer: Viewer, entity: EntityFacts): boolean {
  const isOwn = viewer.isAdmin || entity.createdBy === viewer.userId;
  return isOwn || entity.access !== undefined || isPublicEntity(entity);
}

export function isEditorOfEntity(viewer: Viewer, entity: EntityFacts): boolean {
  const isOwn = viewer.isAdmin || entity.createdBy === viewer.userId;
  return isOwn || entity.access === 'READ_WRITE' || (!entity.isPrivate && entity.shareType === 'READ_WRITE');
}

/** Changing it, and attaching and detaching files. */
export function canEditEntity(viewer: Viewer, entity: EntityFacts): boolean {
  return canWrite(viewer) && isEditorOfEntity(viewer, entity);
}

/** Deleting it, and changing who may see it. */
export function canManageEntity(viewer: Viewer, entity: EntityFacts): boolean {
  return canWrite(viewer) && (viewer.isAdmin || entity.createdBy === viewer.userId);
}

// Guests.

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

// Files. A file belongs to the place of its primary attachment, or to none.

export interface FileFacts {
  createdBy: number;
  available: boolean;
}

/**
 * What the viewer may do with the place of the primary attachment. `NONE`: the file has no primary
 * attachment.
 */
export type PrimaryAccess = 'NONE' | 'HIDDEN' | 'SEEN' | 'EDITED';

/** What the viewer may do with the places that a file is attached to, the primary one included. */
export interface FileRights {
  primary: PrimaryAccess;
  /** Whether the viewer sees at least one of them. */
  seesOne: boolean;
  /** Whether at least one of them is hidden from the viewer. */
  hidesOne: boolean;
  /** Whether there is at least one, and the viewer edits every one. */
  editsAll: boolean;
}

/** The places of a file that is attached to nothing. */
export const UNATTACHED: FileRights = { primary: 'NONE', seesOne: false, hidesOne: false, editsAll: false };

type Condition = 'always' | 'never' | 'available where seen' | 'no place hidden' | 'every place edited';
type FileAction = 'see' | 'change' | 'review' | 'remove';
type ActionRules = Readonly<Record<FileAction, Condition>>;

const rules = (see: Condition, change: Condition, review: Condition, remove: Condition): ActionRules => ({
  ...{ see, change, review, remove },
});

/** What users may do with a file of others whose primary place they do not edit. */
const visitor = rules('available where seen', 'never', 'never', 'never');

/**
 * Who may do what with a file, for everybody but administrators, who may do everything. Rights
 * follow the primary attachment alone: everybody who sees a file can attach it to a place of their
 * own, so other attachments add the right to see and no other. Users who no longer see the primary
 * place lose the file, the uploader included: otherwise a former member could change, or remove,
 * what a team relies on.
 */
const fileRights: Readonly<Record<PrimaryAccess, { uploader: ActionRules; other: ActionRules }>> = {
  // In the order of `rules`: see, change, review, remove.
  NONE: {
    uploader: rules('always', 'no place hidden', 'never', 'no place hidden'),
    other: visitor,
  },
  HIDDEN: {
    uploader: visitor,
    other: visitor,
  },
  SEEN: {
    uploader: rules('always', 'always', 'never', 'always'),
    other: visitor,
  },
  EDITED: {
    uploader: rules('always', 'always', 'always', 'always'),
    other: rules('always', 'always', 'always', 'every place edited'),
  },
};

function isAllowed(viewer: Viewer, action: FileAction, file: FileFacts, places: FileRights): boolean {
  if (action !== 'see' && !canWrite(viewer)) return false;
  if (viewer.isAdmin) return true;
  const who = file.createdBy === viewer.userId ? 'uploader' : 'other';
  switch (fileRights[places.primary][who][action]) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'available where seen':
      return file.available && places.seesOne;
    case 'no place hidden':
      return !places.hidesOne;
    case 'every place edited':
      return places.editsAll;
  }
}

/** Seeing a version of a file and reading its content. */
export function canSeeFile(viewer: Viewer, file: FileFacts, places: FileRights): boolean {
  return isAllowed(viewer, 'see', file, places);
}

/** Changing the name or availability of a version, and adding a version after the newest. */
export function canChangeFile(viewer: Viewer, file: FileFacts, places: FileRights): boolean {
  return isAllowed(viewer, 'change', file, places);
}

/** Approving or rejecting it: the uploader may not do this alone. */
export function canReviewFile(viewer: Viewer, file: FileFacts, places: FileRights): boolean {
  return isAllowed(viewer, 'review', file, places);
}

/** Removing it from every place at once. */
export function canRemoveFile(viewer: Viewer, file: FileFacts, places: FileRights): boolean {
  return isAllowed(viewer, 'remove', file, places);
}

/**
 * Receiving an event of a file, for a viewer who sees the place of the event. Events of files that
 * are not available go to insiders alone; others receive one when the file becomes visible to them,
 * or disappears.
 */
export function canReceiveEvent(
  viewer: Viewer,
  isEditor: boolean,
  event: {
    audience: 'EVERYBODY' | 'INSIDERS' | 'OTHERS' | 'FORMER_UPLOADER';
    uploaderId: number;
    isPrimary: boolean;
  },
): boolean {
  const editsIt = viewer.isAdmin || (isEditor && event.isPrimary);
  const isUploader = viewer.userId === event.uploaderId;
  switch (event.audience) {
    case 'EVERYBODY':
      return true;
    case 'INSIDERS':
      return editsIt || isUploader;
    case 'OTHERS':
      return !editsIt && !isUploader;
    case 'FORMER_UPLOADER':
      return !editsIt && isUploader;
  }
}
