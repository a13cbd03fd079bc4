import { randomUUID } from 'node:crypto';
import type { AddOptions, AddTarget } from '../../attachments/add-files.ts';
import { assertWriteScope } from '../../auth/require-scope.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import type { EntityManager } from '../../database/database.ts';
import { ResumableUpload, UploadToken, User } from '../../database/entities/index.ts';
import { transact } from '../../database/transaction.ts';
import { BadUserInputError, ConflictError, NotFoundError, PayloadTooLargeError } from '../../errors.ts';
import { cleanName } from '../../files/file-name.ts';
import type { Storage } from '../../storage/storage.ts';
import { authorizeUpload } from '../authorize-upload.ts';
import { createUploadOnce } from '../idempotency.ts';
import { assertExtension, assertFileSize, countUpload } from '../limits.ts';
import type { Claim } from '../receive.ts';
import { assertReservable, deleteUpload, reserveLength, reserveUpload } from '../reservation.ts';
import { assertDeclaredType, ownerOf } from '../upload-grant.ts';
import { reserveWithToken } from '../upload-token-limits.ts';
import { isFinal, PARTIAL } from './partial-upload.ts';
import { acquireUploadLock, isUnlocked, lockExpired } from './upload-lock.ts';

/**
 * Resumable uploads: files whose bytes are sent in several requests, by tus
 * (https://tus.io/protocols/resumable-upload) or directly to the object store. Each is a row of
 * `resumable_uploads` and bytes under its key in the storage.
 *
 * 1. **Created** (`createUpload`): rights, limits, quota and free space are checked before a byte
 *    is sent. One transaction inserts the row and reserves the length in the quotas of the projects
 *    and of the user.
 * 2. **Appended to** (`appendToUpload`; `writeChunks` for the parts of a final upload,
 *    `completeDirectUpload` for direct uploads). One request at a time holds the lock
 *    (`upload-lock.ts`). On one server it is a map in memory; between servers a lease in the row,
 *    of 4 seconds, renewed every second. Each write to the row names the lease, so that a request
 *    that lost it changes nothing. Every 16 MiB, and at the end of a request, a checkpoint syncs
 *    the bytes and then sets `received`: bytes beyond it are overwritten by the next request.
 * 3. **Completed** (`completeUpload`), under the same lock:
 *    a. inspect: the type, hash and dimensions are stored in `facts`;
 *    b. move: the bytes are committed under `blobKey`, without a copy;
 *    c. add: one transaction inserts the file, its attachments and events, releases the
 *       reservation, and sets `file` and `isFinished`. The row stays until it expires, so that a
 *       client that lost the response finds its file.
 * 4. **Terminated or expired** (`terminateUpload`, `deleteExpiredUploads`): first the bytes are
 *    deleted, unless they are a file's, then the row with its reservation. An upload expires
 *    `unfinishedMs` after its last checkpoint, and one without any byte after 15 minutes.
 *
 * What a crash, of a server or by a power cut, leaves:
 *
 * - in 1: nothing, since the transaction is rolled back;
 * - in 2: the bytes up to the last checkpoint. The lease ends by itself, and the client continues
 *   at `received`;
 * - in 3, before or after a: the bytes. The next request for the upload begins with a again, or
 *   with b when `facts` is set;
 * - in 3, after b: committed bytes and `facts`. Moving them again has no effect, and c follows. The
 *   sweep does not delete them, because the row names their key;
 * - in 3, after c: the file. The next request finds `isFinished`, so that it is added once;
 * - in 4: a row without bytes. The next termination, or the check for expired uploads, deletes it.
 */

/** A resumable upload as the client declares it before its first byte. */
export interface NewUpload {
  /** In bytes; null if the client sets it later. */
  length: number | null;
  claim: Claim;
  /** The header `Upload-Metadata`, as the client sent it; empty for a direct upload. */
  metadata: string;
  /** How the file is added when the upload is completed. */
  options: AddOptions;
  /** The SHA-256 that the client declares for a direct upload, in hex. */
  sha256?: string | undefined;
  /** Whether it will be joined into a final upload: it becomes no file by itself. */
  isPartial?: boolean;
  /** Creates the upload once for this key; see `createUploadOnce`. */
  idempotencyKey?: string | undefined;
}

/** In characters. The metadata and content type are stored until the upload expires. */
const MAX_METADATA = 4096;
const MAX_CONTENT_TYPE = 255;

/**
 * Creates a resumable upload, and refuses what can be refused before a byte is sent. Throws what
 * `authorizeUpload`, `assertReservable` and `createUploadOnce` throw, `PayloadTooLargeError`,
 * `UnsupportedMediaTypeError`.
 */
export async function createUpload(request: RequestContext, input: NewUpload): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const destination = await authorizeUpload(ctx, input.options);
  const name = input.isPartial ? cleanName(input.claim.name) : uploadName(ctx, input);
  assertMetadataLength(input.metadata);
  assertFileSize(input.length ?? 0, ctx.limits);
  if (ctx.uploadGrant) assertPlainUpload(ctx, input);
  countUpload(ctx);
  return transact(ctx.em, async (em) => {
    const tx = { ...ctx, em };
    const create = async () => {
      await reserveWithToken(tx, name, input.length ?? 0);
      await assertReservable(tx, { name, bytes: input.length ?? 0, destination });
      return insertUpload(tx, { ...input, name, destination, concat: input.isPartial ? PARTIAL : null });
    };
    const { idempotencyKey: key, metadata, length } = input;
    if (key === undefined) return create();
    const find = (id: string) => findRepeated(tx, id);
    return createUploadOnce(tx, { key, request: ['tus', metadata, length] }, { find, create });
  });
}

/** The upload of a repeated request; null when it has expired. */
async function findRepeated(ctx: Context, id: string): Promise<ResumableUpload | null> {
  const found = await ctx.em.findOne(ResumableUpload, { id, ...ownerOf(ctx), expiresAt: { $gt: ctx.now() } });
  if (found?.isFinished && !found.file)
    throw new ConflictError('The file of the upload with this idempotency key was removed since. Use a new key.');
  return found;
}

/**
 * Asserts that a guest's upload can be counted when it is created: it declares its length, and is
 * not joined from others. Throws `BadUserInputError`, `UnsupportedMediaTypeError`.
 */
function assertPlainUpload(ctx: Context, { claim, length, isPartial }: NewUpload): void {
  if (length === null || isPartial)
    throw new BadUserInputError(
      'With an upload token, send Upload-Length, and neither Upload-Concat nor a later length.',
    );
  assertDeclaredType(ctx, claim);
}

/**
 * The clean name of the file. Throws `UnsupportedMediaTypeError` for one whose extension is
 * refused.
 */
export function uploadName({ limits }: Pick<Context, 'limits'>, { claim }: Pick<NewUpload, 'claim'>): string {
  const name = cleanName(claim.name);
  assertExtension(name, limits);
  return name;
}

/** Throws `PayloadTooLargeError`. */
export function assertMetadataLength(metadata: string): void {
  if (metadata.length > MAX_METADATA)
    throw new PayloadTooLargeError(
      `The metadata of an upload may have at most ${MAX_METADATA} characters.`,
      MAX_METADATA,
    );
}

/** A checked upload: what `insertUpload` writes. */
export interface InsertedUpload extends Omit<NewUpload, 'isPartial' | 'idempotencyKey'> {
  name: string;
  destination: AddTarget;
  /** As in the column: `partial`, the header of a final upload, or null. */
  concat: string | null;
}

/** Inserts the row and reserves its length, in the transaction that called `assertReservable`. */
export async function insertUpload(request: RequestContext, input: InsertedUpload): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const { em } = ctx;
  const { length, claim, metadata, options, sha256, name, destination, concat } = input;
  const needsNoBytes = length === 0 || sha256 !== undefined || isFinal({ concat });
  const upload = em.create(ResumableUpload, {
    id: randomUUID(),
    user: em.getReference(User, ctx.viewer.userId),
    uploadToken: ctx.uploadGrant ? em.getReference(UploadToken, ctx.uploadGrant.tokenId) : null,
    length,
    received: 0,
    reserved: length ?? 0,
    name,
    contentType: claim.contentType.slice(0, MAX_CONTENT_TYPE),
    metadata,
    concat,
    partOf: null,
    position: null,
    options: JSON.stringify(options),
    blobKey: ctx.storage.newKey(),
    facts: null,
    sha256: sha256 ?? null,
    file: null,
    isFinished: false,
    startedAt: ctx.now().getTime(),
    lease: null,
    leasedUntil: null,
    expiresAt: needsNoBytes ? expiryOf(ctx) : emptyExpiryOf(ctx),
  });
  await em.flush();
  await reserveUpload(ctx, upload, destination);
  return upload;
}

/**
 * Sets the length of an upload whose length was not known. Throws `NotFoundError`,
 * `PayloadTooLargeError`, `ForbiddenError`, `QuotaExceededError`, and `BadUserInputError` when
 * another length is known.
 */
export async function setLength(ctx: RequestContext, id: string, length: number): Promise<void> {
  assertFileSize(length, ctx.limits);
  const upload = await findUpload(ctx, id);
  assertWriteScope(ctx.viewer);
  if (upload.length !== length) await reserveLength(ctx, id, length);
}

/**
 * The viewer's upload, or that of the guest's token, as it is now. Nobody continues an upload of
 * the other kind. Throws `NotFoundError`, also when it has expired.
 */
export async function findUpload(request: RequestContext, id: string): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const found = await ctx.em.findOne(ResumableUpload, { id, ...ownerOf(ctx) }, fromWriter);
  if (!found || found.expiresAt <= ctx.now()) throw new NotFoundError([`/uploads/${id}`]);
  return found;
}

/** Reads from the connection that writes, so that what was just written is read. */
export const fromWriter = { refresh: true, connectionType: 'write' } as const;

/** Which uploads `terminateUpload` deletes, and how it deletes a row. */
export interface Termination {
  /** The upload, as it is now. Throws for one that the viewer may not delete. */
  find(ctx: Context, id: string): Promise<ResumableUpload>;
  deleteRow(ctx: Context, upload: ResumableUpload): Promise<void>;
}

const ofOwner: Termination = { find: findUpload, deleteRow: ({ em }, { id }) => deleteUpload(em, id) };

/**
 * Deletes an upload, and its bytes unless a file has them. A request that still sends to it is
 * interrupted. Throws `NotFoundError`, `ForbiddenError` for a read-only key, and `ConflictError`
 * for a part of an unfinished final upload.
 */
export async function terminateUpload(
  request: RequestContext,
  id: string,
  { find, deleteRow }: Termination = ofOwner,
): Promise<void> {
  const ctx = contextOf(request);
  await find(ctx, id);
  assertWriteScope(ctx.viewer);
  await using _lock = await acquireUploadLock(ctx, id);
  const upload = await find(ctx, id);
  if (upload.partOf && !upload.isFinished)
    throw new ConflictError(`This upload was joined into /uploads/${upload.partOf.id}. Delete that.`);
  await deleteWithBytes(ctx, upload, () => deleteRow(ctx, upload));
}

/**
 * Deletes the bytes, those of parts as well, and then the rows: after a crash in between, the rows
 * are found again. The caller holds the lock.
 */
export async function deleteWithBytes(
  { em, storage }: { em: EntityManager; storage: Storage },
  upload: Pick<ResumableUpload, 'id' | 'blobKey' | 'isFinished'>,
  deleteRow = () => deleteUpload(em, upload.id),
): Promise<void> {
  if (!upload.isFinished) {
    const parts = await em.find(ResumableUpload, { partOf: upload.id }, { disableIdentityMap: true });
    for (const { blobKey } of [...parts, upload]) await storage.resume(blobKey, 0).discard();
  }
  await storage.removePartial(upload.blobKey); // a server that crashed may have copied the bytes
  await storage.direct?.remove(upload.blobKey);
  await deleteRow();
}

/**
 * A condition: the upload is not a part of an unfinished final upload, with which it is deleted.
 */
const isIndependent = { $or: [{ partOf: null }, { isFinished: true }] };

/** Expired uploads that one statement reads. */
const BATCH_SIZE = 100;

/**
 * Deletes the uploads that have expired and are not locked. Returns how many of them were
 * unfinished.
 */
export async function deleteExpiredUploads(
  stores: { em: EntityManager; storage: Storage },
  now: Date,
): Promise<number> {
  for (let deleted = 0; ; ) {
    const expired = await stores.em.find(
      ResumableUpload,
      { $and: [{ expiresAt: { $lte: now } }, isUnlocked(now), isIndependent] },
      { limit: BATCH_SIZE, orderBy: { expiresAt: 'asc' }, disableIdentityMap: true },
    );
    for (const upload of expired) {
      // A last request may have extended or completed the upload since it was read.
      if (!(await lockExpired(stores.em, upload, now))) continue;
      await deleteWithBytes(stores, upload);
      if (!upload.isFinished) deleted += 1;
    }
    if (expired.length < BATCH_SIZE) return deleted;
  }
}

/**
 * After how many milliseconds an upload without any byte expires. It reserves its whole length, and
 * costs its client nothing. Direct uploads are exempt, because their bytes do not pass through this
 * server.
 */
const EMPTY_UPLOAD_MS = 15 * 60_000;

/** When an upload expires that has received no byte. */
const emptyExpiryOf = ({ now, limits }: Pick<Context, 'now' | 'limits'>): Date =>
  new Date(now().getTime() + Math.min(limits.unfinishedMs, EMPTY_UPLOAD_MS));

/** When an upload expires that receives bytes now, unless it receives more. */
export const expiryOf = ({ now, limits }: Pick<Context, 'now' | 'limits'>): Date =>
  new Date(now().getTime() + limits.unfinishedMs);
