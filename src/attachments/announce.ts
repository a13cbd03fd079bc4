import type { Attachment, File } from '../database/entities/index.ts';
import type { Inside } from '../events/changing.ts';
import { type Happening, type Snapshot, snapshotOf } from '../events/event.ts';
import { takePending } from './session.ts';

/** A file that was stored, where it hangs, and the version that it follows. */
export interface Stored {
  file: File;
  attachments: readonly Attachment[];
  previous?: File;
}

/** Says that files appeared, or got their next versions. What waited to be announced in a session is announced now. */
export async function announce(inside: Inside, stored: readonly Stored[]): Promise<void> {
  const unheard = await takePending(
    inside,
    stored.flatMap(({ attachments }) => attachments),
  );
  for (const { file, attachments, previous } of stored) {
    const after = snapshotOf(file);
    const home = attachments.find((row) => row.isHome);
    for (const attachment of attachments) {
      if (previous && !unheard.delete(attachment.id)) {
        const change = { type: 'FILE_VERSION_ADDED', attachment, home, previousFileId: previous.id } as const;
        tellChange(inside, change, snapshotOf(previous), after);
      } else inside.tell({ type: 'FILE_ADDED', attachment, home, file: after });
    }
  }
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
