import type { ShareType } from '../../database/entities/index.ts';
import { canWrite, type Viewer } from './viewer.ts';

/** Contacts, opportunities and cases. */

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

/** Seeing it, its files and its history. */
export function canSeeEntity(viewer: Viewer, entity: EntityFacts): boolean {
  const isOwn = viewer.isAdmin || entity.createdBy === viewer.userId;
  return isOwn || entity.access !== undefined || isPublicEntity(entity);
}

/** Editors see what is not yet available; whether they may change it depends on their key. */
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
