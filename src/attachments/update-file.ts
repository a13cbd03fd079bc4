import { changedFields } from '../audit/audit-entry.ts';
import { canChangeFile, canReviewFile } from '../auth/permissions.ts';
import type { RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment, File, type FileStatus, User } from '../database/entities/index.ts';
import { searchKey } from '../database/search-key.ts';
import { ForbiddenError } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { parseFileName } from '../files/file-name.ts';
import { getFileAccess, permissionFactsOf } from '../files/load-files.ts';
import { assertExtension } from '../uploads/limits.ts';
import { pendingAnnouncementsOf } from '../uploads/pending-announcements.ts';
import { repointAttachment } from './create-attachment.ts';
import { emitChange } from './emit-file-events.ts';
import { lockVersions } from './lock-versions.ts';

export { fileOrigins, fileStatuses } from '../database/entities/index.ts';

/** The changes to a file; undefined leaves a property as it is. `status` null ends the review. */
export interface FileUpdate {
  name?: string | undefined;
  status?: FileStatus | null | undefined;
  available?: boolean | undefined;
}

/**
 * Changes one version of a file, and stores by whom and when. Throws `NotFoundError`,
 * `ForbiddenError`, `BadUserInputError`, `UnsupportedMediaTypeError`.
 */
export async function updateFile(ctx: RequestContext, id: number, change: FileUpdate): Promise<File> {
  return inTransaction(ctx, async (tx) => {
    const { em } = tx;
    await lockVersions(tx, [(await getFileAccess(tx, id)).file.versionGroup]);
    const { file: current, rights, attachments: rows } = await getFileAccess(tx, id);
    const before = snapshotOf(current);
    if (!canChangeFile(ctx.viewer, permissionFactsOf(current), rights))
      throw new ForbiddenError(`You may see File:${id}, but not change it.`);
    if (change.status !== undefined && !canReviewFile(ctx.viewer, permissionFactsOf(current), rights)) {
      throw new ForbiddenError(`Only users who may edit what File:${id} belongs to may review it.`);
    }
    const file = await em.findOneOrFail(File, { id });
    const attachments = await inChunks(
      rows.map((row) => row.id),
      (chunk) => em.find(Attachment, { id: { $in: chunk } }),
    );
    if (change.name !== undefined) {
      const name = parseFileName(change.name);
      assertExtension(name, ctx.limits);
      file.name = name;
      file.nameKey = searchKey(file.name);
    }
    if (change.status !== undefined) file.status = change.status;
    if (change.available !== undefined) file.available = change.available;
    const { status, ...others } = change;
    const target = `File:${id}`;
    if (status !== undefined) tx.audit({ action: 'FILE_REVIEWED', target, details: { status } });
    if (changedFields(others)) tx.audit({ action: 'FILE_UPDATED', target, details: { fields: changedFields(others) } });
    file.updatedBy = em.getReference(User, ctx.viewer.userId, { wrapped: true });
    file.updatedAt = ctx.now();
    // A file of an open upload session is announced when the session ends, with its values of that
    // time.
    const pending = new Set((await pendingAnnouncementsOf(tx, attachments)).map((row) => row.attachment.id));
    const primary = attachments.find((row) => row.isPrimary);
    for (const attachment of attachments) {
      if (file.isNewest) repointAttachment(tx, attachment, file);
      if (pending.has(attachment.id)) continue;
      const change = { type: 'FILE_UPDATED', attachment, primary } as const;
      if (file.isNewest) emitChange(tx, change, before, snapshotOf(file));
      else tx.emit({ ...change, file: snapshotOf(file) });
    }
    return file;
  });
}
