import { canChangeFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { NotFoundError, QuotaExceededError } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import type { Topic } from '../events/topic.ts';
import { findVisibleFiles, loadFileAccess, permissionFactsOf } from '../files/load-files.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { lockForEdit } from '../workspace/authorize.ts';
import { createAttachment } from './add-files.ts';
import { lockVersions } from './lock-versions.ts';
import { primaryAttachmentsOf } from './primary-attachment.ts';
import { filesInProject, remainingQuota, reserveQuota, trackUsage, versionBytesOf } from './quota.ts';

/** Files as they now hang on one attachable, in the order asked for. */
export interface AttachResult {
  files: Row<File>[];
  attachments: Row<Attachment>[];
  /** The last number of each topic that tells of it. */
  written: ReadonlyMap<Topic, number>;
}

/**
 * Hangs stored files on an attachable: all of them, or none and a `NotFoundError` that names every id that the viewer
 * may not see. A file that hangs there already stays as it is and is not told again. An older version stands for its
 * newest. `within` runs in the same transaction, for what has to be true together with it.
 * Throws `NotFoundError`, `ForbiddenError`, `QuotaExceededError`.
 */
export async function attachFiles<T = undefined>(
  ctx: Context,
  on: AttachableRef,
  fileIds: readonly number[],
  within?: (tx: TransactionContext, attached: AttachResult) => Promise<T>,
): Promise<AttachResult & { result: T | undefined }> {
  return inTransaction(ctx, async (tx) => {
    const target = await lockForEdit(tx, on);
    const { files: found, missing } = await findRequestedFiles(tx, fileIds);
    if (missing.length > 0) throw new NotFoundError(missing);
    await lockNewestVersions(tx, found);
    const attached = await attachAll(tx, target, found, await changeableGroups(tx, found));
    return { ...attached, result: await within?.(tx, attached) };
  });
}

/**
 * Hangs the files, which the caller has locked, on the target, and says so of those that did not hang there. A file
 * without a home finds one there, if it is among those of the version groups `mayHouse`.
 */
export async function attachAll(
  ctx: TransactionContext,
  target: AttachableAccess,
  files: readonly Row<File>[],
  eligibleGroups: ReadonlySet<string>,
): Promise<AttachResult> {
  const newest = await newestVersionsOf(ctx, files);
  const { type: onType, id: onId } = target.ref;
  const there = await inChunks(
    newest.map((file) => file.id),
    (some) => ctx.em.find(Attachment, { onType, onId, file: { $in: some } }),
  );
  const byFile = new Map(there.map((row) => [row.file.id, row]));
  const primaries = await primaryAttachmentsOf(
    ctx,
    newest.map((file) => file.id),
  );
  await assertFitsProject(ctx, target, newest);
  const versionGroups = newest.map((file) => file.versionGroup);
  const attachments = await trackUsage(ctx.em, versionGroups, async () =>
    newest.map((file) => {
      const canBePrimary = eligibleGroups.has(file.versionGroup);
      return (
        byFile.get(file.id) ??
        createAttachment(ctx, file, target, { canBePrimary, isPrimary: canBePrimary && !primaries.has(file.id) })
      );
    }),
  );
  for (const [index, file] of newest.entries()) {
    const attachment = attachments[index] as Attachment;
    const primary = attachment.isPrimary ? attachment : primaries.get(file.id);
    if (!there.includes(attachment))
      ctx.emit({ type: 'FILE_ADDED', attachment, primary: primary, file: snapshotOf(file) });
  }
  return { files: newest, attachments, written: ctx.written };
}

/** The files, each once, in the order asked for; and the ids of those that the viewer may not see. */
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

/** The version groups of those files that the viewer may change. What is attached is the newest version: its rights count. */
export async function changeableGroups(ctx: Context, files: readonly Row<File>[]): Promise<Set<string>> {
  const newest = await newestVersionsOf(ctx, files);
  const seen = await loadFileAccess(
    ctx,
    newest.map((file) => file.id),
  );
  const edited = [...seen.values()].filter(({ file, rights: access }) =>
    canChangeFile(ctx.viewer, permissionFactsOf(file), access),
  );
  return new Set(edited.map(({ file }) => file.versionGroup));
}

/**
 * Who sees an old version may still not have the newest, which is the one that hangs. From here on nobody else changes
 * which that is. Throws `NotFoundError`.
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

/** The newest version of each file, which is the one that hangs on things; in the same order, each once. Throws `NotFoundError` when one is gone. */
export async function newestVersionsOf(ctx: Context, files: readonly Row<File>[]): Promise<File[]> {
  const versionGroups = [...new Set(files.map((file) => file.versionGroup))];
  const versions = await inChunks(versionGroups, (some) =>
    ctx.em.find(File, { versionGroup: { $in: some }, isNewest: true }, { refresh: true }),
  );
  const byGroup = new Map(versions.map((file) => [file.versionGroup, file]));
  const gone = files.filter((file) => !byGroup.has(file.versionGroup)).map((file) => `File:${file.id}`);
  if (gone.length > 0) throw new NotFoundError(gone);
  return versionGroups.map((versionGroup) => byGroup.get(versionGroup) as File);
}

/** What comes new into a project has to fit into it; what hangs somewhere in it already is counted. */
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
  const coming = files.filter((file) => !counted.has(file.id));
  if (coming.length === 0) return;
  const bytes = await versionBytesOf(
    ctx.em,
    coming.map((file) => file.versionGroup),
  );
  const room = await remainingQuota(ctx, [projectId]);
  for (const file of coming) {
    const failure = reserveQuota(room, { name: file.name, size: bytes.get(file.versionGroup) ?? file.size });
    if (failure) throw new QuotaExceededError(`Nothing was attached to Project:${projectId}: ${failure.message}`);
  }
}
