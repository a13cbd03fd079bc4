import type { ProjectRole } from '../../database/entities/index.ts';
import { canWrite, type Viewer } from './viewer.ts';

/** Projects, their tasks and comments. `role` is the viewer's own in the project, if any. */

/** Seeing it, its tasks and comments, and what is available of their files. */
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
