import type { AuditEntry } from '../audit/audit-entry.ts';
import { canChangeFile, canReviewFile, UNATTACHED } from '../auth/permissions.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import { type Client, type Context, contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { forUpdate } from '../database/sql.ts';
import { BadUserInputError, ConflictError, ForbiddenError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type Topic, topicOf } from '../events/topic.ts';
import { type FileAccess, getFileAccess, loadFileAccess, permissionFactsOf } from '../files/load-files.ts';
import { countAddedFiles } from '../uploads/limits.ts';
import type { ReceivedFile } from '../uploads/receive.ts';
import { assertWithinTemporaryQuota } from '../uploads/temporary-quota.ts';
import { assertWithinGrant } from '../uploads/upload-grant.ts';
import { announce, assertSessionToken } from '../uploads/upload-session.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { authorizeEdit, lockForEdit } from '../workspace/authorize.ts';
import {
  type AddOutcome,
  addFirstVersions,
  addNextVersions,
  type NewVersions,
  type VersionOptions,
} from './add-versions.ts';

/** How files are added. Resumable uploads store it as JSON. */
export interface AddOptions extends VersionOptions {
  /** What the files are attached to; undefined for files that are attached later. */
  on?: AttachableRef | undefined;
  /**
   * The id of any version of a file. The files become its next versions, in their order, wherever
   * it is attached.
   */
  parentId?: number | undefined;
  /** Defers the events until the session of this token is finished. */
  sessionToken?: string | undefined;
}

export interface AddResult {
  /** In the order of the files. */
  outcomes: AddOutcome[];
  /**
   * The number of the last event of each topic that reports them; empty when a session defers the
   * events.
   */
  written: ReadonlyMap<Topic, number>;
}

/**
 * Stores received files. A file that exceeds the quota of the project, or that of the viewer's
 * unattached files, fails alone; any other error stores none. With `isReserved`, an upload has
 * reserved the temporary bytes already. When it resolves, bytes, rows and events are safe from a
 * power cut, and subscribers are notified only then. Throws `NotFoundError`, `ForbiddenError`,
 * `BadUserInputError`, `ConflictError`, `RateLimitedError`, `QuotaExceededError`,
 * `InsufficientStorageError`, and `PayloadTooLargeError` for more files than one request may add.
 */
export async function addFiles(
  ctx: Context,
  received: readonly ReceivedFile[],
  options: AddOptions = {},
  { isReserved = false } = {},
): Promise<AddResult> {
  const keys = await prepareToAdd(ctx, received, { isReserved });
  return inTransaction(ctx, (tx) => insertFiles(tx, { received, keys, isReserved }, options));
}

/**
 * Counts files that will be added, and commits their bytes to the storage, before the transaction
 * begins. Returns their blob keys. Throws `PayloadTooLargeError` for more files than one request
 * may add, and `QuotaExceededError`.
 */
export async function prepareToAdd(
  ctx: Context,
  received: readonly ReceivedFile[],
  { isReserved = false } = {},
): Promise<string[]> {
  countAddedFiles(ctx, received.length);
  if (received.length > 0 && !isReserved) await assertWithinTemporaryQuota(ctx);
  return Promise.all(received.map((file) => file.commit()));
}

/** Received files whose bytes are committed to the storage. */
export interface PreparedFiles {
  received: readonly ReceivedFile[];
  /** The blob keys, in the order of `received`. */
  keys: readonly string[];
  /** See `addFiles`. */
  isReserved?: boolean;
  /** The client of each file; that of the transaction unless given. */
  clients?: readonly (Client | undefined)[];
}

/** The part of `addFiles` that runs in the transaction. */
export async function insertFiles(
  tx: TransactionContext,
  { received, keys, isReserved = false, clients }: PreparedFiles,
  options: AddOptions,
): Promise<AddResult> {
  const { target, parent } = await lockForAdd(tx, options);
  await assertStillStored(tx.em, received, keys);
  const added: NewVersions = { received, keys, options, isReserved };
  const outcomes = parent ? await addNextVersions(tx, added, parent) : await addFirstVersions(tx, added, target);
  const stored = outcomes.filter((outcome) => 'file' in outcome);
  const pending = outcomes.flatMap((outcome, index) => ('file' in outcome && received[index]?.pending) || []);
  if (pending.length > 0) await tx.storage.rows?.insert(tx.em, pending);
  await announce(tx, stored, options.sessionToken);
  for (const [index, outcome] of outcomes.entries()) {
    if (!('file' in outcome)) continue;
    tx.audit(uploadEntry(outcome.file, outcome.previous, options.on), clients?.[index]);
  }
  tx.onCommit(() => {
    for (const [index, outcome] of outcomes.entries()) if ('file' in outcome) received[index]?.markPersisted();
  });
  return { outcomes, written: tx.written };
}

const uploadEntry = (file: Row<File>, previous: Row<File> | undefined, on: AttachableRef | undefined): AuditEntry =>
  previous
    ? { action: 'FILE_VERSION_UPLOADED', target: `File:${file.id}`, details: { previous: `File:${previous.id}` } }
    : { action: 'FILE_UPLOADED', target: `File:${file.id}`, ...(on ? { details: { on: topicOf(on) } } : {}) };

/**
 * Where files are added: the attachable, or the version that they follow; neither for unattached
 * files.
 */
export interface AddTarget {
  target: AttachableAccess | undefined;
  parent: FileAccess | undefined;
}

/**
 * Asserts the rights that `addFiles` needs, for transports that check them before they read the
 * first byte. Nothing is locked: `addFiles` asserts them again in its transaction. Throws
 * `NotFoundError`, `ForbiddenError`, `BadUserInputError`.
 */
export async function authorizeAdd(request: RequestContext, options: AddOptions): Promise<AddTarget> {
  const ctx = contextOf(request);
  assertWithinGrant(ctx, options);
  return assertCanAdd(ctx, options, options.on && (await authorizeEdit(ctx, options.on)));
}

/** Asserts the same, and keeps the target from being deleted until the transaction ends. */
async function lockForAdd(tx: TransactionContext, options: AddOptions): Promise<AddTarget> {
  assertWithinGrant(tx, options);
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
      'A file uploaded as APPROVED has to be attached to something that you may edit. Upload it as PENDING.',
    );
  }
  if (!parent) return { target, parent };
  if (!newest || !canChangeFile(ctx.viewer, permissionFactsOf(newest.file), newest.rights)) {
    throw new ForbiddenError(`You may see File:${parentId}, but not add a version to it.`);
  }
  if (target && !parent.places.some((place) => topicOf(place.ref) === topicOf(target.ref))) {
    throw new BadUserInputError(
      `File:${parentId} is not attached to ${topicOf(target.ref)}. Attach it there first, or leave out the parent.`,
    );
  }
  return { target, parent };
}

/**
 * The newest version of the parent's file; undefined when the viewer may not see it. A next version
 * replaces it in listings, so its rights count, whichever version is named as the parent.
 */
async function newestVersionOf(ctx: Context, parent: FileAccess): Promise<FileAccess | undefined> {
  if (parent.file.isNewest) return parent;
  const [newest] = await rowsWhere(ctx.em, File, 't.version_group = ? and t.is_newest = ?', [
    parent.file.versionGroup,
    true,
  ]);
  return newest && (await loadFileAccess(ctx, [newest.id])).get(newest.id);
}

/** A new file has its primary attachment on the target; a next version keeps that of its file. */
function canApprove(
  { viewer }: Context,
  target: AttachableAccess | undefined,
  newest: FileAccess | undefined,
): boolean {
  if (newest) return canReviewFile(viewer, permissionFactsOf(newest.file), newest.rights);
  const own = { createdBy: viewer.userId, available: true };
  return canReviewFile(viewer, own, { ...UNATTACHED, primary: target ? 'EDITED' : 'NONE' });
}

/**
 * One uploaded part may serve two mutations of a request, and its first file may be removed, with
 * its bytes, before the second mutation runs. Inside the transaction no removal can come in
 * between. Throws `ConflictError`.
 */
async function assertStillStored(
  em: EntityManager,
  received: readonly ReceivedFile[],
  keys: readonly string[],
): Promise<void> {
  const shared = keys.filter((_, index) => received[index]?.isPersisted);
  for (const blobKey of new Set(shared)) {
    // Locked: a concurrent removal waits, and then finds that the bytes are still needed.
    if ((await em.find(File, { blobKey }, { ...forUpdate, orderBy: { id: 'asc' } })).length === 0) {
      throw new ConflictError('A file of this request was removed before its second use. Upload it again.');
    }
  }
}
