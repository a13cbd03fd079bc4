import type { FileRowFragment } from '../generated/graphql.ts';

/** What can be done with files of a list, besides opening and downloading them. */
export const fileActions = ['rename', 'review', 'move', 'attach', 'detach', 'remove'] as const;
export type FileActionKind = (typeof fileActions)[number];

export interface FileAction {
  kind: FileActionKind;
  files: readonly FileRowFragment[];
}

/** The place that a list of files belongs to. */
export interface ListedPlace {
  id: string;
  viewerCanAttach: boolean;
}

/** The actions that the server would permit with all of these files, in the order of a menu. */
export function permittedActions(files: readonly FileRowFragment[], place: ListedPlace | undefined): FileActionKind[] {
  const canAttach = place?.viewerCanAttach ?? false;
  const permitted: Record<FileActionKind, boolean> = {
    rename: files.length === 1 && files.every((file) => file.canEdit),
    review: files.every((file) => file.canReview),
    move: canAttach,
    attach: canAttach || files.every((file) => file.canEdit),
    detach: canAttach,
    remove: files.every((file) => file.canRemove),
  };
  return files.length === 0 ? [] : fileActions.filter((kind) => permitted[kind]);
}
