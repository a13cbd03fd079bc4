import type { Context } from '../context.ts';
import { Attachment, type File, User } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { TransactionContext } from '../events/in-transaction.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { attachables } from '../workspace/attachables/index.ts';

/**
 * Whether an attachment is the primary one of its file, and whether it can become it; see
 * `primary-attachment.ts`.
 */
export type PrimaryFlags = Pick<Attachment, 'isPrimary' | 'canBePrimary'>;

/**
 * Adds the attachment of a file to an attachable. It is inserted when the unit of work is flushed.
 */
export function createAttachment(
  ctx: TransactionContext,
  file: File,
  target: AttachableAccess,
  primary: PrimaryFlags,
): Attachment {
  const attachedBy = ctx.em.getReference(User, ctx.viewer.userId);
  const row = attachmentRow(ctx, file, target, primary);
  countAttachment(ctx, row);
  return ctx.em.create(Attachment, { ...row, file, attachedBy });
}

/** Adds a new attachment to the stored file counts of its attachable. */
export const countAttachment = (ctx: TransactionContext, row: Omit<Row<Attachment>, 'id'>): void =>
  ctx.countAttached(row, { files: 1, drafts: row.available ? 0 : 1 });

/** The row of a new attachment. It copies the columns of the file by which listings are sorted. */
export function attachmentRow(
  ctx: Context,
  file: Row<File>,
  { ref, row, projectId, taskId }: AttachableAccess,
  primary: PrimaryFlags,
): Omit<Row<Attachment>, 'id'> {
  return {
    file: { id: file.id },
    onType: ref.type,
    onId: ref.id,
    available: file.available,
    ...primary,
    isPublic: attachables[ref.type].isPublic?.(row) ?? false,
    projectId: projectId ?? null,
    taskId: taskId ?? null,
    createdAt: file.createdAt,
    nameKey: file.nameKey,
    size: file.size,
    attachedBy: { id: ctx.viewer.userId },
    attachedAt: ctx.now(),
  };
}

/**
 * Points an attachment to another version of its file, or to the same after a change, and copies
 * the columns by which listings are sorted.
 */
export function repointAttachment(ctx: TransactionContext, row: Attachment, file: File): void {
  if (row.available !== file.available) ctx.countAttached(row, { files: 0, drafts: file.available ? -1 : 1 });
  const { available, createdAt, nameKey, size } = file;
  ctx.em.assign(row, { file, available, createdAt, nameKey, size });
}
