import type { Context } from '../context.ts';
import { Attachment, File, type FileOrigin, type FileStatus, User } from '../database/entities/index.ts';
import { insertRows } from '../database/insert-rows.ts';
import type { Row } from '../database/rows.ts';
import { searchKey } from '../database/search-key.ts';
import { type AttacheError, NotFoundError } from '../errors.ts';
import type { TransactionContext } from '../events/in-transaction.ts';
import type { FileAccess } from '../files/load-files.ts';
import { timeOrderedUuid } from '../time-ordered-uuid.ts';
import type { ReceivedFile } from '../uploads/receive.ts';
import { lockTemporaryQuota, reserveTemporaryQuota, type TemporaryQuota } from '../uploads/temporary-quota.ts';
import { addTemporaryUsage, billedBytes } from '../uploads/temporary-usage.ts';
import { contentTypeFailure, quotaFailure } from '../uploads/upload-grant.ts';
import { lockTokenQuota } from '../uploads/upload-token-limits.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { attachmentRow, countAttachment, repointAttachment } from './create-attachment.ts';
import { lockVersions } from './lock-versions.ts';
import { addUsage, type ProjectUsage, remainingQuota, reserveQuota, trackUsage } from './quota.ts';

/** The columns of a new version that the client chooses. */
export interface VersionOptions {
  /** Whether everyone who may see the attachable sees the file; true unless given. */
  available?: boolean | undefined;
  /** The review status; null, for no review, unless given. */
  status?: FileStatus | null | undefined;
  /** `TASK_PANEL` unless given. */
  createdFrom?: FileOrigin | undefined;
}

/** The outcome of one received file: its row and attachments, or the quota that it exceeds. */
export type AddOutcome =
  | { file: Row<File>; attachments: Row<Attachment>[]; previous?: Row<File> }
  | { failure: AttacheError };

/** Received files whose bytes are committed to the storage, and have no rows yet. */
export interface NewVersions {
  received: readonly ReceivedFile[];
  /** The blob keys, in the order of `received`. */
  keys: readonly string[];
  options: VersionOptions;
  /**
   * Whether an upload has reserved their temporary bytes already; then these are not checked again.
   */
  isReserved: boolean;
}

/**
 * Adds each file as the first version of a file of its own, attached to the target if there is one.
 * A file that exceeds a quota fails alone. The outcomes are in the order of the files.
 */
export async function addFirstVersions(
  ctx: TransactionContext,
  { received, keys, options, isReserved }: NewVersions,
  target: AttachableAccess | undefined,
): Promise<AddOutcome[]> {
  const token = await lockTokenQuota(ctx, isReserved);
  const quota = await remainingQuota(ctx, target?.projectId === undefined ? [] : [target.projectId]);
  const temporary = await temporaryQuotaFor(ctx, !target, isReserved);
  const failures = received.map(({ content }) => {
    const refusal = contentTypeFailure(ctx, content) ?? token?.failureOf(content);
    if (refusal) return refusal;
    const failure = reserveQuota(quota, content) ?? reserveTemporaryQuota(temporary, content);
    if (failure) return quotaFailure(ctx, failure);
    token?.subtract(content);
    return undefined;
  });
  const first = { version: 1, hasPrimary: target !== undefined };
  const versions = received.map((file, index) =>
    fileRow(ctx, file, { ...first, versionGroup: timeOrderedUuid(ctx.now()), blobKey: keys[index] as string }, options),
  );
  // Inserted without the unit of work, which would take most of the time of an upload of many small
  // files.
  const files = await insertRows(
    ctx.em,
    File,
    versions.filter((_, index) => !failures[index]),
  );
  const attachments = target
    ? await insertRows(
        ctx.em,
        Attachment,
        files.map((file) => attachmentRow(ctx, file, target, { isPrimary: true, canBePrimary: true })),
      )
    : [];
  for (const row of attachments) countAttachment(ctx, row);
  await token?.settle(files);
  if (target?.projectId !== undefined) await addUsage(ctx.em, target.projectId, totalUsage(files));
  if (!target) await addTemporaryUsage(ctx.em, ctx.viewer.userId, totalBilledBytes(files));
  let next = 0;
  return failures.map((failure) => {
    if (failure) return { failure };
    const outcome = { file: files[next] as Row<File>, attachments: attachments.slice(next, next + 1) };
    next += 1;
    return outcome;
  });
}

/**
 * Adds the files as the next versions of the parent's file, in their order, and points its
 * attachments to the last. A file that exceeds a quota fails alone. Throws `NotFoundError` when the
 * parent was removed meanwhile.
 */
export async function addNextVersions(
  ctx: TransactionContext,
  { received, keys, options, isReserved }: NewVersions,
  { file: parent }: FileAccess,
): Promise<AddOutcome[]> {
  const { versionGroup } = parent;
  // Concurrent uploads get different numbers: the second waits here until the first is committed.
  await lockVersions(ctx, [versionGroup]);
  const last = await ctx.em.findOne(File, { versionGroup, isNewest: true });
  if (!last) throw new NotFoundError([`File:${parent.id}`]);
  let newest = last;
  const attachments = await ctx.em.find(Attachment, { file: newest.id });
  const quota = await remainingQuota(
    ctx,
    attachments.flatMap((row) => row.projectId ?? []),
  );
  const temporary = await temporaryQuotaFor(ctx, attachments.length === 0, isReserved);
  return trackUsage(ctx.em, [versionGroup], async () => {
    const outcomes: AddOutcome[] = [];
    for (const [index, file] of received.entries()) {
      const failure = reserveQuota(quota, file.content, 0) ?? reserveTemporaryQuota(temporary, file.content);
      if (failure) {
        outcomes.push({ failure });
        continue;
      }
      const previous = newest;
      previous.isNewest = false;
      const { version, hasPrimary } = previous;
      const identity = { versionGroup, version: version + 1, hasPrimary, blobKey: keys[index] as string };
      const by = ctx.em.getReference(User, ctx.viewer.userId);
      newest = ctx.em.create(File, { ...fileRow(ctx, file, identity, options), createdBy: by, updatedBy: by });
      for (const row of attachments) repointAttachment(ctx, row, newest);
      outcomes.push({ file: newest, attachments, previous });
    }
    return outcomes;
  });
}

/**
 * The quota of files that are attached to nothing, locked; unlimited for others, and for reserved
 * bytes.
 */
async function temporaryQuotaFor(
  ctx: TransactionContext,
  isUnattached: boolean,
  isReserved: boolean,
): Promise<TemporaryQuota> {
  return isUnattached && !isReserved ? lockTemporaryQuota(ctx) : { bytes: Number.POSITIVE_INFINITY, reason: '' };
}

const totalUsage = (files: readonly Row<File>[]): ProjectUsage => ({
  bytes: files.reduce((sum, file) => sum + file.size, 0),
  files: files.length,
});

const totalBilledBytes = (files: readonly Row<File>[]): number =>
  files.reduce((sum, { size }) => sum + billedBytes(size), 0);

function fileRow(
  ctx: Context,
  file: ReceivedFile,
  identity: Pick<Row<File>, 'versionGroup' | 'version' | 'hasPrimary' | 'blobKey'>,
  { available = true, status = null, createdFrom = 'TASK_PANEL' }: VersionOptions,
): Omit<Row<File>, 'id'> {
  const by = { id: ctx.viewer.userId };
  const at = ctx.now();
  return {
    ...identity,
    isNewest: true,
    ...file.content,
    nameKey: searchKey(file.content.name),
    available,
    status,
    createdFrom,
    uploadTokenId: ctx.uploadGrant?.tokenId ?? null,
    createdBy: by,
    createdAt: at,
    updatedBy: by,
    updatedAt: at,
  };
}
