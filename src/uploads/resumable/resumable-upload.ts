import { randomUUID } from 'node:crypto';
import type { AddOptions, AddTarget } from '../../attachments/add-files.ts';
import { assertWriteScope } from '../../auth/require-scope.ts';
import type { Context } from '../../context.ts';
import { ResumableUpload, User } from '../../database/entities/index.ts';
import type { EntityManager } from '../../database/open.ts';
import { transact } from '../../database/transaction.ts';
import { ConflictError, NotFoundError, PayloadTooLargeError } from '../../errors.ts';
import { cleanName } from '../../files/file-name.ts';
import type { Storage } from '../../storage/storage.ts';
import { authorizeUpload } from '../authorize-upload.ts';
import { assertExtension, assertFileSize, countUpload } from '../limits.ts';
import type { Claim } from '../receive.ts';
import { assertReservable, deleteUpload, reserveLength, reserveUpload } from '../reservation.ts';
import { isFinal, PARTIAL } from './partial-upload.ts';
import { acquireUploadLock, isUnlocked, lockExpired } from './upload-lock.ts';

/** An upload that comes in several requests: what is said of it before its first byte. */
export interface NewUpload {
  /** How many bytes it will have; null if that is told later. */
  length: number | null;
  claim: Claim;
  /** What was said of it as the client wrote it. */
  metadata: string;
  /** How it is added when it is finished. */
  options: AddOptions;
  /** What all of it hashes to, in hex, if the client says so. */
  sha256?: string | undefined;
  /** Whether it is one of several that are joined: it becomes no file by itself, and hangs on nothing. */
  isPartial?: boolean;
}

/** What an upload may say of itself, in characters: each waits in the database until it expires. */
const MAX_METADATA = 4096;
const MAX_CONTENT_TYPE = 255;

/**
 * Begins an upload that comes in several requests. What can be refused is refused before a byte is sent: throws what
 * `authorizeUpload` and `assertReservable` do, `PayloadTooLargeError`, `UnsupportedType`.
 */
export async function createUpload(ctx: Context, given: NewUpload): Promise<ResumableUpload> {
  const place = await authorizeUpload(ctx, given.options);
  const name = given.isPartial ? cleanName(given.claim.name) : uploadName(ctx, given);
  assertMetadataLength(given.metadata);
  assertFileSize(given.length ?? 0, ctx.limits);
  countUpload(ctx);
  return transact(ctx.em, async (em) => {
    const tx = { ...ctx, em };
    await assertReservable(tx, { name, bytes: given.length ?? 0, place });
    return insertUpload(tx, { ...given, name, place, concat: given.isPartial ? PARTIAL : null });
  });
}

/** What the file will be called. Throws `UnsupportedType` when none of this name is taken. */
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

export interface InsertedUpload extends Omit<NewUpload, 'isPartial'> {
  name: string;
  place: AddTarget;
  concat: string | null;
}

/** Inside the transaction that asked for room: makes the row, and reserves the room. */
export async function insertUpload(ctx: Context, given: InsertedUpload): Promise<ResumableUpload> {
  const { em } = ctx;
  const { length, claim, metadata, options, sha256, name, place, concat } = given;
  const isExpected = length === 0 || sha256 !== undefined || isFinal({ concat });
  const upload = em.create(ResumableUpload, {
    id: randomUUID(),
    user: em.getReference(User, ctx.viewer.userId),
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
    lease: null,
    leasedUntil: null,
    expiresAt: isExpected ? expiryOf(ctx) : firstExpiryOf(ctx),
  });
  await em.flush();
  await reserveUpload(ctx, upload, place);
  return upload;
}

/**
 * Says how long an upload will be whose length was not known. Throws `PayloadTooLargeError`, `ForbiddenError`,
 * `OverQuota`, and `BadInput` when it was known.
 */
export async function setLength(ctx: Context, id: string, length: number): Promise<void> {
  assertFileSize(length, ctx.limits);
  const upload = await findUpload(ctx, id);
  assertWriteScope(ctx.viewer);
  if (upload.length !== length) await reserveLength(ctx, id, length);
}

/** The viewer's own upload, as it is now. Throws `NotFoundError`, also when it has expired. */
export async function findUpload(ctx: Context, id: string): Promise<ResumableUpload> {
  const found = await ctx.em.findOne(ResumableUpload, { id, user: ctx.viewer.userId }, onWriter);
  if (!found || found.expiresAt <= ctx.now()) throw new NotFoundError([`/uploads/${id}`]);
  return found;
}

/** Where what was just written is seen. */
const onWriter = { refresh: true, connectionType: 'write' } as const;

/**
 * Gives an upload up: its bytes go, unless they are a file's already. Throws `NotFoundError`; `ForbiddenError` for a key that
 * only reads; `ConflictError` for a part of a final upload that is not finished.
 */
export async function terminateUpload(ctx: Context, id: string): Promise<void> {
  await findUpload(ctx, id);
  assertWriteScope(ctx.viewer);
  await using _turn = await acquireUploadLock(ctx, id);
  const upload = await findUpload(ctx, id);
  if (upload.partOf && !upload.isFinished)
    throw new ConflictError(`This upload was joined into /uploads/${upload.partOf.id}. Delete that.`);
  await deleteWithBytes(ctx, upload);
}

/** First the bytes, those of parts as well, then the rows: what a crash leaves is found again. */
export async function deleteWithBytes(
  { em, storage }: { em: EntityManager; storage: Storage },
  upload: Pick<ResumableUpload, 'id' | 'blobKey' | 'isFinished'>,
): Promise<void> {
  if (!upload.isFinished) {
    const parts = await em.find(ResumableUpload, { partOf: upload.id }, { disableIdentityMap: true });
    for (const { blobKey } of [...parts, upload]) await storage.resume(blobKey, 0).discard();
  }
  await storage.direct?.remove(upload.blobKey);
  await deleteUpload(em, upload.id);
}

/** A condition: the upload does not wait to be joined into another, with which it goes. */
const isOnItsOwn = { $or: [{ partOf: null }, { isFinished: true }] };

/** Uploads that are removed together. */
const PIECE = 100;

/** Removes uploads that nobody has gone on with for so long that they are given up. Answers how many had bytes to remove. */
export async function deleteExpiredUploads(
  shelves: { em: EntityManager; storage: Storage },
  now: Date,
): Promise<number> {
  for (let gone = 0; ; ) {
    const expired = await shelves.em.find(
      ResumableUpload,
      { $and: [{ expiresAt: { $lte: now } }, isUnlocked(now), isOnItsOwn] },
      { limit: PIECE, orderBy: { expiresAt: 'asc' }, disableIdentityMap: true },
    );
    for (const upload of expired) {
      // Its last request may have come just in time, and made a file of these bytes since they were looked for.
      if (!(await lockExpired(shelves.em, upload, now))) continue;
      await deleteWithBytes(shelves, upload);
      if (!upload.isFinished) gone += 1;
    }
    if (expired.length < PIECE) return gone;
  }
}

/**
 * How long an upload is waited for of which no byte has come, in milliseconds. It reserves as much as
 * one that is nearly whole, and costs its client nothing. (Bytes that go to the store directly are
 * not seen here.)
 */
const UNBEGUN_MS = 15 * 60_000;

const firstExpiryOf = ({ now, limits }: Pick<Context, 'now' | 'limits'>): Date =>
  new Date(now().getTime() + Math.min(limits.unfinishedMs, UNBEGUN_MS));

/** When an upload expires of which bytes have come, unless more come. */
export const expiryOf = ({ now, limits }: Pick<Context, 'now' | 'limits'>): Date =>
  new Date(now().getTime() + limits.unfinishedMs);
