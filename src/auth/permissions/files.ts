import { canWrite, type Viewer } from './viewer.ts';

/** Files. A file belongs to the place of its primary attachment, or to none. */

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
