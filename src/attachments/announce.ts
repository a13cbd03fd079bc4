import { type Attachment, File } from '../database/entities/index.ts';
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
  const waiting = await takePending(
    inside,
    stored.flatMap(({ attachments }) => attachments),
  );
  const ids = [...waiting.values()].filter((id) => id !== null);
  const known = ids.length > 0 ? await inside.em.find(File, { id: { $in: ids } }) : [];
  for (const { previous } of stored) if (previous) known.push(previous);
  for (const { file, attachments, previous } of stored) {
    const after = snapshotOf(file);
    const home = attachments.find((row) => row.isHome);
    for (const attachment of attachments) {
      // What followed one that waited follows, for those who listen, the last that they were told of.
      const last = waiting.get(attachment.id);
      waiting.delete(attachment.id);
      const previousFileId = last === undefined ? (previous?.id ?? null) : last;
      tellAdded(inside, { attachment, home }, { previousFileId, known }, after);
    }
  }
}

/** Says that lists show a file now: a new one, or one in the place of the version that was told of before. */
export function tellAdded(
  inside: Inside,
  where: Omit<Happening, 'type' | 'file' | 'audience' | 'previousFileId'>,
  { previousFileId, known }: { previousFileId: number | null; known: readonly File[] },
  after: Snapshot,
): void {
  if (previousFileId === null) {
    inside.tell({ ...where, type: 'FILE_ADDED', file: after });
    return;
  }
  // It may have been removed meanwhile.
  const previous = known.find((file) => file.id === previousFileId);
  const change = { ...where, type: 'FILE_VERSION_ADDED', previousFileId } as const;
  tellChange(inside, change, previous ? snapshotOf(previous) : after, after);
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
