import { changedFields } from '../audit/audit-entry.ts';
import { canChangeFile, canReviewFile } from '../auth/permissions.ts';
import type { Context, RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment, File, type FileStatus, User } from '../database/entities/index.ts';
import { searchKey } from '../database/search-key.ts';
import { ForbiddenError } from '../errors.ts';
import { type Snapshot, snapshotOf } from '../events/event.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { parseFileName } from '../files/file-name.ts';
import { type FileAccess, getFileAccess, permissionFactsOf } from '../files/load-files.ts';
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
    await lockVersions(tx, [(await getFileAccess(tx, id)).file.versionGroup]);
    const access = await getFileAccess(tx, id);
    const before = snapshotOf(access.file);
    authorizeChange(tx, access, change);
    const file = await tx.em.findOneOrFail(File, { id });
    const attachments = await inChunks(
      access.attachments.map((row) => row.id),
      (chunk) => tx.em.find(Attachment, { id: { $in: chunk } }),
    );
    applyChange(tx, file, change);
    auditChange(tx, file, change);
    await emitFileUpdate(tx, file, before, attachments);
    return file;
  });
}

function authorizeChange({ viewer }: Context, { file, rights }: FileAccess, { status }: FileUpdate): void {
  const facts = permissionFactsOf(file);
  if (!canChangeFile(viewer, facts, rights))
    throw new ForbiddenError(`You may see File:${file.id}, but not change it.`);
  if (status !== undefined && !canReviewFile(viewer, facts, rights))
    throw new ForbiddenError(`Only users who may edit what File:${file.id} belongs to may review it.`);
}

function applyChange({ em, viewer, limits, now }: Context, file: File, { name, status, available }: FileUpdate): void {
  if (name !== undefined) {
    const parsed = parseFileName(name);
    assertExtension(parsed, limits);
    file.name = parsed;
    file.nameKey = searchKey(parsed);
  }
  if (status !== undefined) file.status = status;
  if (available !== undefined) file.available = available;
  file.updatedBy = em.getReference(User, viewer.userId, { wrapped: true });
  file.updatedAt = now();
}

function auditChange(tx: TransactionContext, { id }: File, { status, ...others }: FileUpdate): void {
  const target = `File:${id}`;
  const fields = changedFields(others);
  if (status !== undefined) tx.audit({ action: 'FILE_REVIEWED', target, details: { status } });
  if (fields) tx.audit({ action: 'FILE_UPDATED', target, details: { fields } });
}

/**
 * A file of an open upload session is announced when the session ends, with its values of that
 * time.
 */
async function emitFileUpdate(
  tx: TransactionContext,
  file: File,
  before: Snapshot,
  attachments: readonly Attachment[],
): Promise<void> {
  const pending = new Set((await pendingAnnouncementsOf(tx, attachments)).map((row) => row.attachment.id));
  const primary = attachments.find((row) => row.isPrimary);
  for (const attachment of attachments) {
    if (file.isNewest) repointAttachment(tx, attachment, file);
    if (pending.has(attachment.id)) continue;
    const change = { type: 'FILE_UPDATED', attachment, primary } as const;
    if (file.isNewest) emitChange(tx, change, before, snapshotOf(file));
    else tx.emit({ ...change, file: snapshotOf(file) });
  }
}
