import type { Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { type Happening, type Snapshot, snapshotOf } from '../events/event.ts';
import type { Inside } from '../events/in-transaction.ts';
import { announcePending } from '../uploads/upload-session.ts';

/** A file that was stored, where it hangs, and the version that it follows. */
export interface Stored {
  file: Row<File>;
  attachments: readonly Row<Attachment>[];
  previous?: Row<File>;
}

/**
 * Says that files appeared, or got their next versions. What waited to be announced in a session, and is followed by
 * this, is announced before it.
 */
export async function announce(inside: Inside, stored: readonly Stored[]): Promise<void> {
  await announcePending(
    inside,
    stored.flatMap(({ attachments, previous }) => (previous ? attachments : [])),
  );
  for (const { file, attachments, previous } of stored) {
    const home = attachments.find((row) => row.isHome);
    for (const attachment of attachments) {
      tellAdded(inside, { attachment, home }, { id: previous?.id ?? null, file: previous }, file);
    }
  }
}

/** Says that lists show a file now: a new one, or one in the place of the version before, which may be gone meanwhile. */
export function tellAdded(
  inside: Inside,
  where: Omit<Happening, 'type' | 'file' | 'audience' | 'previousFileId'>,
  previous: { id: number | null; file: Row<File> | undefined },
  file: Row<File>,
): void {
  const after = snapshotOf(file);
  if (previous.id === null) {
    inside.tell({ ...where, type: 'FILE_ADDED', file: after });
    return;
  }
  const change = { ...where, type: 'FILE_VERSION_ADDED', previousFileId: previous.id } as const;
  tellChange(inside, change, previous.file ? snapshotOf(previous.file) : after, after);
}

/**
 * Says that a list now shows `after` in the place of `before`. To those who know only what is available, a file that
 * comes to be so appears, and one that no longer is disappears.
 */
export function tellChange(
  inside: Inside,
  change: Omit<Happening, 'file' | 'audience'>,
  before: Snapshot,
  after: Snapshot,
): void {
  if (before.available === after.available) {
    inside.tell({ ...change, file: after });
    if (!before.available && before.createdBy !== after.createdBy) tellFormerUploader(inside, change, before);
    return;
  }
  inside.tell({ ...change, file: after, audience: 'INSIDERS' });
  inside.tell({
    ...change,
    type: after.available ? 'FILE_ADDED' : 'FILE_REMOVED',
    file: after.available ? after : before,
    uploaderId: after.createdBy,
    audience: 'OTHERS',
  });
}

/** Who uploaded a draft that is followed by one of another, and edits nothing here any more, no longer sees it. */
function tellFormerUploader(inside: Inside, change: Omit<Happening, 'file' | 'audience'>, before: Snapshot): void {
  inside.tell({
    ...change,
    type: 'FILE_REMOVED',
    file: before,
    uploaderId: before.createdBy,
    audience: 'FORMER_UPLOADER',
  });
}
