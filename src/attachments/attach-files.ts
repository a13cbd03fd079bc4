import { canChangeFile } from '../auth/permissions.ts';
import type { Context, RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { NotFoundError, QuotaExceededError } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type Topic, topicOf } from '../events/topic.ts';
import { findVisibleFiles, loadFileAccess, permissionFactsOf } from '../files/load-files.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { lockForEdit } from '../workspace/authorize.ts';
import { createAttachment } from './create-attachment.ts';
import { lockVersions } from './lock-versions.ts';
import { primaryAttachmentsOf } from './primary-attachment.ts';
import { filesInProject, remainingQuota, reserveQuota, trackUsage, versionBytesOf } from './quota.ts';

/** Files that are attached to one attachable now, in the order of the request. */
export interface AttachResult {
  files: Row<File>[];
  attachments: Row<Attachment>[];
  /** The number of the last event of each topic that reports them. */
  written: ReadonlyMap<Topic, number>;
}

/**
 * Attaches stored files to an attachable: all of them, or none. A file that is attached there
 * already stays as it is, without an event. The id of an older version attaches the newest.
 * `within` runs in the same transaction. Throws `NotFoundError` with every id that the viewer may
 * not see, `ForbiddenError`, `QuotaExceededError`.
 */
export async function attachFiles<T = undefined>(
  ctx: RequestContext,
  on: AttachableRef,
  fileIds: readonly number[],
  within?: (tx: TransactionContext, attached: AttachResult) => Promise<T>,
): Promise<AttachResult & { result: T | undefined }> {
  return inTransaction(ctx, async (tx) => {
    const target = await lockForEdit(tx, on);
    const { files: found, missing } = await findRequestedFiles(tx, fileIds);
    if (missing.length > 0) throw new NotFoundError(missing);
    await lockNewestVersions(tx, found);
    const attached = await attachLockedFiles(tx, target, found, await changeableGroups(tx, found));
    for (const { id } of attached.added)
      tx.audit({ action: 'FILE_ATTACHED', target: `File:${id}`, details: { on: topicOf(on) } });
    return { ...attached, result: await within?.(tx, attached) };
  });
}

/**
 * Attaches the files, which the caller has locked, to the target, and emits `FILE_ADDED` for those
 * that were not attached there. For version groups in `eligibleGroups` the attachment can be
 * primary, and is when the file has no primary attachment yet. `added` are the files that were not
 * attached there before.
 */
export async function attachLockedFiles(
  ctx: TransactionContext,
  target: AttachableAccess,
  files: readonly Row<File>[],
  eligibleGroups: ReadonlySet<string>,
): Promise<AttachResult & { added: Row<File>[] }> {
  const newest = await newestVersionsOf(ctx, files);
  const { type: onType, id: onId } = target.ref;
  const existing = await inChunks(
    newest.map((file) => file.id),
    (chunk) => ctx.em.find(Attachment, { onType, onId, file: { $in: chunk } }),
  );
  const byFile = new Map(existing.map((row) => [row.file.id, row]));
  const primaries = await primaryAttachmentsOf(
    ctx,
    newest.map((file) => file.id),
  );
  await assertFitsProject(ctx, target, newest);
  const versionGroups = newest.map((file) => file.versionGroup);
  const attachments = await trackUsage(ctx.em, versionGroups, async () =>
    newest.map((file) => {
      const attached = byFile.get(file.id);
      if (attached) return attached;
      const canBePrimary = eligibleGroups.has(file.versionGroup);
      const isPrimary = canBePrimary && !primaries.has(file.id);
      if (isPrimary) file.hasPrimary = true;
      return createAttachment(ctx, file, target, { canBePrimary, isPrimary });
    }),
  );
  for (const [index, file] of newest.entries()) {
    const attachment = attachments[index] as Attachment;
    const primary = attachment.isPrimary ? attachment : primaries.get(file.id);
    if (!existing.includes(attachment)) ctx.emit({ type: 'FILE_ADDED', attachment, primary, file: snapshotOf(file) });
  }
  const added = newest.filter((file) => !byFile.has(file.id));
  return { files: newest, attachments, added, written: ctx.written };
}

/**
 * The files, each once, in the order of the ids; and the ids of those that the viewer may not see.
 */
export async function findRequestedFiles(
  ctx: Context,
  fileIds: readonly number[],
): Promise<{ files: Row<File>[]; missing: string[] }> {
  const ids = [...new Set(fileIds)];
  const found = await findVisibleFiles(ctx, ids);
  return {
    files: ids.flatMap((id) => found.get(id) ?? []),
    missing: ids.filter((id) => !found.has(id)).map((id) => `File:${id}`),
  };
}

/**
 * The version groups of those files that the viewer may change. The newest version is attached, so
 * its rights count.
 */
export async function changeableGroups(ctx: Context, files: readonly Row<File>[]): Promise<Set<string>> {
  const newest = await newestVersionsOf(ctx, files);
  const access = await loadFileAccess(
    ctx,
    newest.map((file) => file.id),
  );
  const changeable = [...access.values()].filter(({ file, rights }) =>
    canChangeFile(ctx.viewer, permissionFactsOf(file), rights),
  );
  return new Set(changeable.map(({ file }) => file.versionGroup));
}

/**
 * Locks the files until the transaction ends, so that their newest versions stay the newest. A
 * viewer who may see an older version may not see the newest, which is the one that is attached:
 * that throws `NotFoundError`.
 */
export async function lockNewestVersions(ctx: TransactionContext, files: readonly Row<File>[]): Promise<void> {
  await lockVersions(
    ctx,
    files.map((file) => file.versionGroup),
  );
  const newest = await newestVersionsOf(ctx, files);
  const visible = await findVisibleFiles(
    ctx,
    newest.map((file) => file.id),
  );
  const hidden = newest.filter((file) => !visible.has(file.id));
  if (hidden.length > 0) throw new NotFoundError(hidden.map((file) => `File:${file.id}`));
}

/**
 * The newest version of each file, which is the one that is attached; in the same order, each once.
 * Throws `NotFoundError` when one was removed.
 */
export async function newestVersionsOf(ctx: Context, files: readonly Row<File>[]): Promise<File[]> {
  const versionGroups = [...new Set(files.map((file) => file.versionGroup))];
  const versions = await inChunks(versionGroups, (chunk) =>
    ctx.em.find(File, { versionGroup: { $in: chunk }, isNewest: true }, { refresh: true }),
  );
  const byGroup = new Map(versions.map((file) => [file.versionGroup, file]));
  const removed = files.filter((file) => !byGroup.has(file.versionGroup)).map((file) => `File:${file.id}`);
  if (removed.length > 0) throw new NotFoundError(removed);
  return versionGroups.map((versionGroup) => byGroup.get(versionGroup) as File);
}

/**
 * Files that are new in a project have to fit into its quota. Those that are attached to something
 * in it are counted already. Throws `QuotaExceededError`.
 */
async function assertFitsProject(
  ctx: Context,
  { projectId }: AttachableAccess,
  files: readonly Row<File>[],
): Promise<void> {
  if (projectId === undefined) return;
  const counted = await filesInProject(
    ctx.em,
    projectId,
    files.map((file) => file.id),
  );
  const added = files.filter((file) => !counted.has(file.id));
  if (added.length === 0) return;
  const bytes = await versionBytesOf(
    ctx.em,
    added.map((file) => file.versionGroup),
  );
  const quota = await remainingQuota(ctx, [projectId]);
  for (const file of added) {
    const failure = reserveQuota(quota, { name: file.name, size: bytes.get(file.versionGroup) ?? file.size });
    if (failure) throw new QuotaExceededError(`Nothing was attached to Project:${projectId}: ${failure.message}`);
  }
}
