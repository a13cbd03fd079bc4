import type { FileAction } from '../file-actions.ts';
import type { FileListState } from '../use-file-list.ts';

/** What the dialogs of actions tell the view that shows the files. */
export type ChangedFiles = Pick<FileListState, 'insert' | 'drop'>;

export interface FileDialogProps {
  files: FileAction['files'];
  list: ChangedFiles;
  onClose(): void;
}
