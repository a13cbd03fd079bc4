import type { FileAction } from '../file-actions.ts';
import type { FileListState } from '../use-file-list.ts';

/** What the dialogs of actions change in the view that shows the files. */
export type ChangedFiles = Pick<FileListState, 'insert' | 'drop'>;

/** The properties of each dialog of an action with files. */
export interface FileDialogProps {
  files: FileAction['files'];
  list: ChangedFiles;
  onClose(): void;
}
