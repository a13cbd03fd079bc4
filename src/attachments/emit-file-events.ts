import type { Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { type FileChange, type Snapshot, snapshotOf } from '../events/event.ts';
import type { TransactionContext } from '../events/in-transaction.ts';

/** A file that was stored, its attachments, and the version that it replaces. */
export interface StoredFile {
  file: Row<File>;
  attachments: readonly Row<Attachment>[];
  previous?: Row<File>;
}

/**
 * Emits `FILE_ADDED` for a new file, and `FILE_VERSION_ADDED` for one that replaces the version
 * `previous`. That version may have been removed meanwhile: then only its id is known.
 */
export function emitAdded(
  tx: TransactionContext,
  context: Omit<FileChange, 'type' | 'file' | 'audience' | 'previousFileId'>,
  previous: { id: number | null; file: Row<File> | undefined },
  file: Row<File>,
): void {
  const after = snapshotOf(file);
  if (previous.id === null) {
    tx.emit({ ...context, type: 'FILE_ADDED', file: after });
    return;
  }
  const change = { ...context, type: 'FILE_VERSION_ADDED', previousFileId: previous.id } as const;
  emitChange(tx, change, previous.file ? snapshotOf(previous.file) : after, after);
}

/**
 * Emits that listings show `after` instead of `before`. For users who see only available files, a
 * file that becomes available is added, and one that no longer is available is removed.
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

/**
 * Emits that a draft is removed for its uploader, who no longer sees the file when another's draft
 * replaces it.
 */
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
