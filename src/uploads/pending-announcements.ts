import { emitAdded } from '../attachments/emit-file-events.ts';
import { primaryAttachmentsOf } from '../attachments/primary-attachment.ts';
import { inChunks } from '../database/chunks.ts';
import { type Attachment, File, PendingAnnouncement } from '../database/entities/index.ts';
import type { FilterQuery } from '../database/sql.ts';
import type { TransactionContext } from '../events/in-transaction.ts';

/**
 * Announcements that wait for the end of an upload session. Each is a row, so that it survives a
 * restart.
 */

/** The pending announcements of these attachments in all sessions, oldest first. */
export async function pendingAnnouncementsOf(
  tx: TransactionContext,
  attachments: readonly Pick<Attachment, 'id'>[],
): Promise<PendingAnnouncement[]> {
  const ids = attachments.map((attachment) => attachment.id);
  const pending = await inChunks(ids, (chunk) => findPending(tx, { attachment: { $in: chunk } }));
  return pending.sort((a, b) => a.id - b.id);
}

/**
 * Emits the pending announcements of these attachments before their sessions end, because a later
 * event follows.
 */
export async function emitPendingOf(
  tx: TransactionContext,
  attachments: readonly Pick<Attachment, 'id'>[],
): Promise<void> {
  const pending = await pendingAnnouncementsOf(tx, attachments);
  if (pending.length === 0) return;
  await emitPending(tx, pending);
  await inChunks(
    pending.map((row) => row.id),
    (chunk) => tx.em.nativeDelete(PendingAnnouncement, { id: { $in: chunk } }),
  );
}

/** The pending announcements that fulfil the condition, oldest first, with their rows loaded. */
export function findPending(
  { em }: TransactionContext,
  where: FilterQuery<PendingAnnouncement>,
): Promise<PendingAnnouncement[]> {
  return em.find(PendingAnnouncement, where, {
    orderBy: { id: 'asc' },
    populate: ['attachment.file', 'file', 'session'],
  });
}

/**
 * Emits the events of announcements, for the users who uploaded the files. The caller deletes the
 * rows.
 */
export async function emitPending(tx: TransactionContext, pending: readonly PendingAnnouncement[]): Promise<void> {
  const replaced = await inChunks(
    pending.flatMap((row) => row.previousFileId ?? []),
    (chunk) => tx.em.find(File, { id: { $in: chunk } }),
  );
  const primaries = await primaryAttachmentsOf(
    tx,
    pending.map((row) => row.attachment.unwrap().file.id),
  );
  for (const row of pending) {
    const attachment = row.attachment.unwrap();
    const newest = attachment.file.unwrap();
    const file = row.file?.unwrap() ?? newest;
    const { token: session } = row.session.unwrap();
    const context = { attachment, primary: primaries.get(newest.id), actorId: file.createdBy.id, session };
    const previous = replaced.find(({ id }) => id === row.previousFileId);
    emitAdded(tx, context, { id: row.previousFileId ?? null, file: previous }, file);
  }
}
