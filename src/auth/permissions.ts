/**
 * All policy, and nothing else: pure functions over what the caller has looked up. Each answers one question;
 * what may not be seen is answered as not found by whoever asked.
 */

/** The user behind the credentials. */
export interface Viewer {
  userId: number;
  isAdmin: boolean;
}

/** What a member may do in a project: a VIEWER reads, an EDITOR attaches and removes, an OWNER manages it. */
export type ProjectRole = 'VIEWER' | 'EDITOR' | 'OWNER';

/** Tasks and comments follow their project. `role` is the viewer's own there, if any. */
export function canSeeProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return viewer.isAdmin || role !== undefined;
}

/** To create tasks in it, attach to it, its tasks and comments, and detach from them. */
export function canEditProject(viewer: Viewer, role: ProjectRole | undefined): boolean {
  return viewer.isAdmin || role === 'EDITOR' || role === 'OWNER';
}

/** Contacts, opportunities and cases are the whole team's. */
export function canSeeEntities(_viewer: Viewer): boolean {
  return true;
}

export function canEditEntities(_viewer: Viewer): boolean {
  return true;
}

/** A file is seen by its uploader, and by all who see something that it hangs on. */
export function canSeeFile(viewer: Viewer, file: { createdBy: number }, seesAnAttachable: boolean): boolean {
  return viewer.isAdmin || file.createdBy === viewer.userId || seesAnAttachable;
}

/** A file is removed, everywhere at once, by its uploader or by one who may edit everything that it hangs on. */
export function canRemoveFile(viewer: Viewer, file: { createdBy: number }, editsEveryAttachable: boolean): boolean {
  return viewer.isAdmin || file.createdBy === viewer.userId || editsEveryAttachable;
}
