import { randomUUID } from 'node:crypto';
import { canChangeFile, canReviewFile, UNATTACHED } from '../auth/permissions.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import {
  type AttachableRef,
  Attachment,
  File,
  type FileOrigin,
  type FileStatus,
  User,
} from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { insertRows, type Row, rowsWhere } from '../database/rows.ts';
import { searchKey } from '../database/search-key.ts';
import { forUpdate } from '../database/sql.ts';
import { type AttacheError, BadUserInputError, ConflictError, ForbiddenError, NotFoundError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type Topic, topicOf } from '../events/topic.ts';
import { type FileAccess, getFileAccess, loadFileAccess, permissionFactsOf } from '../files/load-files.ts';
import { countAddedFiles } from '../uploads/limits.ts';
import type { ReceivedFile } from '../uploads/receive.ts';
import {
  addTemporaryUsage,
  assertWithinTemporaryQuota,
  billedBytes,
  lockTemporaryQuota,
  reserveTemporaryQuota,
  type TemporaryQuota,
} from '../uploads/temporary-quota.ts';
import { announce, assertSessionToken } from '../uploads/upload-session.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { authorizeEdit, lockForEdit } from '../workspace/authorize.ts';
import { lockVersions } from './lock-versions.ts';
import { addUsage, type ProjectUsage, remainingQuota, reserveQuota, trackUsage } from './quota.ts';

/** How files are added. */
export interface AddOptions {
  /** What they hang on; nothing yet, when not given. */
  on?: AttachableRef | undefined;
  /** Any version of a file: what is added becomes its next versions, in the order given, wherever it hangs. */
  parentId?: number | undefined;
  available?: boolean | undefined;
  status?: FileStatus | null | undefined;
  createdFrom?: FileOrigin | undefined;
  /** Announces them when the session is finished rather than at once. */
  sessionToken?: string | undefined;
}

/** What became of one received file: it is kept, and where it hangs; or it did not fit. */
export type AddOutcome =
  | { file: Row<File>; attachments: Row<Attachment>[]; previous?: Row<File> }
  | { failure: AttacheError };

export interface AddResult {
  /** In the order of the files. */
  outcomes: AddOutcome[];
  /** The last number of each topic that tells of them; empty when it is told later. */
  written: ReadonlyMap<Topic, number>;
}

/**
 * Stores received files: each is kept or fails by itself, by the quota of the project, or by what
 * the viewer may keep unattached; anything else that goes wrong keeps none. What an upload has
 * reserved, `isReserved`, is not asked for again. When it answers, bytes, rows and events are safe
 * from a power cut; then, and only then, those who listen are told. Throws `NotFoundError`, `ForbiddenError`,
 * `BadUserInputError`, `InsufficientStorage`, and `TooLarge` for more files than one request may add.
 */
export async function addFiles(
  ctx: Context,
  received: readonly ReceivedFile[],
  options: AddOptions = {},
  { isReserved = false } = {},
): Promise<AddResult> {
  countAddedFiles(ctx, received.length);
  if (received.length > 0 && !isReserved) await assertWithinTemporaryQuota(ctx);
  const keys = await Promise.all(received.map((file) => file.commit()));
  return inTransaction(ctx, async (tx) => {
    const { target, parent } = await lockForAdd(tx, options);
    await assertStillStored(tx.em, received, keys);
    const adding: Adding = { received, keys, options, isReserved };
    const outcomes = parent ? await addNextVersions(tx, adding, parent) : await addFirstVersions(tx, adding, target);
    const kept = outcomes.filter((outcome) => 'file' in outcome);
    await announce(tx, kept, options.sessionToken);
    tx.onCommit(() => {
      for (const [index, outcome] of outcomes.entries()) if ('file' in outcome) received[index]?.markPersisted();
    });
    return { outcomes, written: tx.written };
  });
}

/** Where files may be added: what they hang on, or the version that they follow. */
export interface AddTarget {
  target: AttachableAccess | undefined;
  parent: FileAccess | undefined;
}

/**
 * Asserts the rights that `addFiles` needs, for transports that ask before they read the first byte. Nothing is locked:
 * `addFiles` asserts them again in its transaction. Throws `NotFoundError`, `ForbiddenError`, `BadUserInputError`.
 */
export async function authorizeAdd(ctx: Context, options: AddOptions): Promise<AddTarget> {
  return assertCanAdd(ctx, options, options.on && (await authorizeEdit(ctx, options.on)));
}

/** Asserts the same, and keeps the target from being deleted until the transaction ends. */
async function lockForAdd(tx: TransactionContext, options: AddOptions): Promise<AddTarget> {
  return assertCanAdd(tx, options, options.on && (await lockForEdit(tx, options.on)));
}

async function assertCanAdd(
  ctx: Context,
  { parentId, status, sessionToken }: AddOptions,
  target: AttachableAccess | undefined,
): Promise<AddTarget> {
  assertWriteScope(ctx.viewer);
  if (sessionToken !== undefined) assertSessionToken(sessionToken);
  const parent = parentId === undefined ? undefined : await getFileAccess(ctx, parentId);
  const newest = parent && (await newestVersionOf(ctx, parent));
  if (status === 'APPROVED' && !canApprove(ctx, target, newest)) {
    throw new ForbiddenError(
      'What is uploaded as APPROVED has to hang on something that you may edit. Upload it as PENDING.',
    );
  }
  if (!parent) return { target, parent };
  if (!newest || !canChangeFile(ctx.viewer, permissionFactsOf(newest.file), newest.rights)) {
    throw new ForbiddenError(`You may see File:${parentId}, but not add a version to it.`);
  }
  if (target && !parent.places.some((place) => topicOf(place.ref) === topicOf(target.ref))) {
    throw new BadUserInputError(
      `File:${parentId} does not hang on ${topicOf(target.ref)}. Attach it there first, or leave out the parent.`,
    );
  }
  return { target, parent };
}

interface Adding {
  received: readonly ReceivedFile[];
  keys: string[];
  options: AddOptions;
  isReserved: boolean;
}

/** What files that are attached to nothing may take; no limit for others. */
async function unattachedQuota(
  ctx: TransactionContext,
  isUnattached: boolean,
  isReserved: boolean,
): Promise<TemporaryQuota> {
  return isUnattached && !isReserved ? lockTemporaryQuota(ctx) : { bytes: Number.POSITIVE_INFINITY, reason: '' };
}

/**
 * The newest version, as far as the viewer sees it. It is the one that a next version takes the place of, so its rights
 * count, whichever version is named as the parent.
 */
async function newestVersionOf(ctx: Context, parent: FileAccess): Promise<FileAccess | undefined> {
  if (parent.file.isNewest) return parent;
  const [newest] = await rowsWhere(ctx.em, File, 't.version_group = ? and t.is_newest = ?', [
    parent.file.versionGroup,
    true,
  ]);
  return newest && (await loadFileAccess(ctx, [newest.id])).get(newest.id);
}

/** What is new belongs to the place that it is uploaded to; a next version, to the home of its file. */
function canApprove(
  { viewer }: Context,
  target: AttachableAccess | undefined,
  newest: FileAccess | undefined,
): boolean {
  if (newest) return canReviewFile(viewer, permissionFactsOf(newest.file), newest.rights);
  const own = { createdBy: viewer.userId, available: true };
  return canReviewFile(viewer, own, { ...UNATTACHED, primary: target ? 'EDITED' : 'NONE' });
}

async function addFirstVersions(
  ctx: TransactionContext,
  { received, keys, options, isReserved }: Adding,
  target: AttachableAccess | undefined,
): Promise<AddOutcome[]> {
  const room = await remainingQuota(ctx, target?.projectId === undefined ? [] : [target.projectId]);
  const unattached = await unattachedQuota(ctx, !target, isReserved);
  const failures = received.map(
    ({ content: facts }) => reserveQuota(room, facts) ?? reserveTemporaryQuota(unattached, facts),
  );
  const versions = received.map((file, index) =>
    fileRow(ctx, file, { versionGroup: randomUUID(), version: 1, blobKey: keys[index] as string }, options),
  );
  // Small files are many: they are written past the unit of work, which would take most of the time of an upload.
  const files = await insertRows(
    ctx.em,
    File,
    versions.filter((_, index) => !failures[index]),
  );
  const hung = target
    ? await insertRows(
        ctx.em,
        Attachment,
        files.map((file) => attachmentRow(ctx, file, target, { isPrimary: true, canBePrimary: true })),
      )
    : [];
  for (const row of hung) countAdded(ctx, row);
  if (target?.projectId !== undefined) await addUsage(ctx.em, target.projectId, usageOf(files));
  if (!target) await addTemporaryUsage(ctx.em, ctx.viewer.userId, chargeOfAll(files));
  let next = 0;
  return failures.map((failure) => {
    if (failure) return { failure };
    const outcome = { file: files[next] as Row<File>, attachments: hung.slice(next, next + 1) };
    next += 1;
    return outcome;
  });
}

const usageOf = (files: readonly Row<File>[]): ProjectUsage => ({
  bytes: files.reduce((sum, file) => sum + file.size, 0),
  files: files.length,
});

const chargeOfAll = (files: readonly Row<File>[]): number =>
  files.reduce((sum, { size }) => sum + billedBytes(size), 0);

async function addNextVersions(
  ctx: TransactionContext,
  { received, keys, options, isReserved }: Adding,
  { file: { versionGroup } }: FileAccess,
): Promise<AddOutcome[]> {
  // Two at once get different numbers: the second waits here until the first is done.
  await lockVersions(ctx, [versionGroup]);
  const last = await ctx.em.findOne(File, { versionGroup, isNewest: true });
  if (!last) throw new NotFoundError([`File:${options.parentId}`]);
  let newest = last;
  const attachments = await ctx.em.find(Attachment, { file: newest.id });
  const room = await remainingQuota(
    ctx,
    attachments.flatMap((row) => row.projectId ?? []),
  );
  const unattached = await unattachedQuota(ctx, attachments.length === 0, isReserved);
  return trackUsage(ctx.em, [versionGroup], async () => {
    const outcomes: AddOutcome[] = [];
    for (const [index, file] of received.entries()) {
      const failure = reserveQuota(room, file.content, 0) ?? reserveTemporaryQuota(unattached, file.content);
      if (failure) {
        outcomes.push({ failure });
        continue;
      }
      const previous = newest;
      previous.isNewest = false;
      const place = { versionGroup, version: previous.version + 1, blobKey: keys[index] as string };
      const by = ctx.em.getReference(User, ctx.viewer.userId);
      newest = ctx.em.create(File, { ...fileRow(ctx, file, place, options), createdBy: by, updatedBy: by });
      for (const row of attachments) repointAttachment(ctx, row, newest);
      outcomes.push({ file: newest, attachments, previous });
    }
    return outcomes;
  });
}

function fileRow(
  ctx: Context,
  file: ReceivedFile,
  place: { versionGroup: string; version: number; blobKey: string },
  { available = true, status = null, createdFrom = 'TASK_PANEL' }: AddOptions,
): Omit<Row<File>, 'id'> {
  const by = { id: ctx.viewer.userId };
  const at = ctx.now();
  return {
    ...place,
    isNewest: true,
    ...file.content,
    nameKey: searchKey(file.content.name),
    available,
    status,
    createdFrom,
    createdBy: by,
    createdAt: at,
    updatedBy: by,
    updatedAt: at,
  };
}

/** Adds the row that joins a file to an attachable; it exists once the unit of work is flushed. */
export function createAttachment(
  ctx: TransactionContext,
  file: File,
  target: AttachableAccess,
  primary: PrimaryFlags,
): Attachment {
  const attachedBy = ctx.em.getReference(User, ctx.viewer.userId);
  const row = attachmentRow(ctx, file, target, primary);
  countAdded(ctx, row);
  return ctx.em.create(Attachment, { ...row, file, attachedBy });
}

const countAdded = (ctx: TransactionContext, row: Omit<Row<Attachment>, 'id'>): void =>
  ctx.countAttached(row, { files: 1, drafts: row.available ? 0 : 1 });

type PrimaryFlags = Pick<Attachment, 'isPrimary' | 'canBePrimary'>;

function attachmentRow(
  ctx: Context,
  file: Row<File>,
  { ref, projectId, taskId }: AttachableAccess,
  primary: PrimaryFlags,
): Omit<Row<Attachment>, 'id'> {
  return {
    file: { id: file.id },
    onType: ref.type,
    onId: ref.id,
    available: file.available,
    ...primary,
    projectId: projectId ?? null,
    taskId: taskId ?? null,
    createdAt: file.createdAt,
    nameKey: file.nameKey,
    size: file.size,
    attachedBy: { id: ctx.viewer.userId },
    attachedAt: ctx.now(),
  };
}

/** Makes what is attached another version of the file, or the same under another name; the orders of listings follow. */
export function repointAttachment(ctx: TransactionContext, row: Attachment, file: File): void {
  if (row.available !== file.available) ctx.countAttached(row, { files: 0, drafts: file.available ? -1 : 1 });
  const { available, createdAt, nameKey, size } = file;
  ctx.em.assign(row, { file, available, createdAt, nameKey, size });
}

/**
 * One uploaded part may serve two places of a request, and the file made of it first may be gone again, bytes and
 * all, before the second is made. Inside the transaction no removal can come between.
 */
async function assertStillStored(em: EntityManager, received: readonly ReceivedFile[], keys: string[]): Promise<void> {
  const shared = keys.filter((_, index) => received[index]?.isPersisted);
  for (const blobKey of new Set(shared)) {
    // Locked, so that whoever removes it waits, and then sees that its bytes are needed here.
    if ((await em.find(File, { blobKey }, { ...forUpdate, orderBy: { id: 'asc' } })).length === 0) {
      throw new ConflictError('A file of this request was removed before its second use. Upload it again.');
    }
  }
}
