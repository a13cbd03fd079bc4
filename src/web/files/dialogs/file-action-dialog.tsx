import type { FileAction } from '../file-actions.ts';
import type { ChangedFiles } from './file-dialog-props.ts';
import { DetachDialog, RemoveDialog } from './removal-dialogs.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { AttachDialog, MoveDialog } from './target-dialogs.tsx';

interface FileActionDialogProps {
  action: FileAction;
  /** The place of the list, for actions that take a file away from it. */
  placeId: string | undefined;
  list: ChangedFiles;
  onClose(): void;
}

/** The dialog of an action with files. */
export function FileActionDialog({ action, placeId = '', list, onClose }: FileActionDialogProps) {
  const props = { files: action.files, list, onClose };
  switch (action.kind) {
    case 'rename':
      return <RenameDialog {...props} />;
    case 'review':
      return <ReviewDialog {...props} />;
    case 'move':
      return <MoveDialog {...props} placeId={placeId} />;
    case 'attach':
      return <AttachDialog {...props} placeId={placeId} />;
    case 'detach':
      return <DetachDialog {...props} placeId={placeId} />;
    case 'remove':
      return <RemoveDialog {...props} />;
  }
}
