import type { Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { type FileChange, type Snapshot, snapshotOf } from '../events/event.ts';
import type { TransactionContext } from '../events/in-transaction.ts';

/** A file that was stored, where it hangs, and the version that it follows. */
export interface StoredFile {
  file: Row<File>;
  attachments: readonly Row<Attachment>[];
  previous?: Row<File>;
}

/** Says that lists show a file now: a new one, or one in the place of the version before, which may be gone meanwhile. */
export function emitAdded(
  tx: TransactionContext,
  where: Omit<FileChange, 'type' | 'file' | 'audience' | 'previousFileId'>,
  previous: { id: number | null; file: Row<File> | undefined },
  file: Row<File>,
): void {
  const after = snapshotOf(file);
  if (previous.id === null) {
    tx.emit({ ...where, type: 'FILE_ADDED', file: after });
    return;
  }
  const change = { ...where, type: 'FILE_VERSION_ADDED', previousFileId: previous.id } as const;
  emitChange(tx, change, previous.file ? snapshotOf(previous.file) : after, after);
}

/**
 * Says that a list now shows `after` in the place of `before`. To those who know only what is available, a file that
 * comes to be so appears, and one that no longer is disappears.
 */
export function emitChange(
  tx: TransactionContext,
  change: Omit<FileChange, 'file' | 'audience'>,
  before: Snapshot,
  after: Snapshot,
): void {
  if (before.available === after.available) {
    tx.emit({ ...change, file: after });
    if (!before.available && before.createdBy !== after.createdBy) emitToFormerUploader(tx, change, before);
    return;
  }
  tx.emit({ ...change, file: after, audience: 'INSIDERS' });
  tx.emit({
    ...change,
    type: after.available ? 'FILE_ADDED' : 'FILE_REMOVED',
    file: after.available ? after : before,
    uploaderId: after.createdBy,
    audience: 'OTHERS',
  });
}

/** Who uploaded a draft that is followed by one of another, and edits nothing here any more, no longer sees it. */
function emitToFormerUploader(
  tx: TransactionContext,
  change: Omit<FileChange, 'file' | 'audience'>,
  before: Snapshot,
): void {
  tx.emit({
    ...change,
    type: 'FILE_REMOVED',
    file: before,
    uploaderId: before.createdBy,
    audience: 'FORMER_UPLOADER',
  });
}
