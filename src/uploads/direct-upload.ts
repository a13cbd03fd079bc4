import { createHash } from 'node:crypto';
import type { AddOptions } from '../attachments/add-files.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { ResumableUpload } from '../database/entities/index.ts';
import {
  BadUserInputError,
  ChecksumMismatchError,
  ConflictError,
  NotFoundError,
  PayloadTooLargeError,
} from '../errors.ts';
import type { DirectUploads } from '../storage/storage.ts';
import type { Claim } from './receive.ts';
import { completeUpload } from './resumable/complete.ts';
import { createUpload } from './resumable/create-upload.ts';
import { findUpload } from './resumable/find-upload.ts';
import { acquireUploadLock } from './resumable/upload-lock.ts';

/**
 * Within how many milliseconds a client begins to send. What an upload reserves is held for so
 * long, however it ends: its URL cannot be revoked, and bytes may still arrive.
 */
const URL_TTL_MS = 15 * 60_000;

/** An upload whose bytes the client sends to the object store itself, with `PUT`. */
export interface DirectUpload {
  upload: ResumableUpload;
  /** Presigned, for `PUT`. */
  url: string;
  /** Headers that the `PUT` has to have. */
  headers: Record<string, string>;
  /** When the URL expires. */
  expiresAt: Date;
}

/** A direct upload as the client declares it. */
export interface DirectInput {
  claim: Claim;
  /** In bytes. The content has to have exactly this size. */
  size: number;
  /** In hex. The content has to have this hash. */
  sha256: string;
  options: AddOptions;
}

/**
 * Creates an upload whose bytes do not pass through this server. Throws what `createUpload` throws,
 * `BadUserInputError` where files are stored in a folder, and `PayloadTooLargeError` for more than
 * the store accepts in one request.
 */
export async function createDirectUpload(
  request: RequestContext,
  { claim, size, sha256, options }: DirectInput,
): Promise<DirectUpload> {
  const ctx = contextOf(request);
  assertWriteScope(ctx.viewer);
  const direct = directUploadsOf(ctx);
  if (!/^[0-9a-f]{64}$/i.test(sha256))
    throw new BadUserInputError('`sha256` is the SHA-256 of the content, as 64 hexadecimal digits.');
  if (size > direct.maxSize)
    throw new PayloadTooLargeError(
      `The store accepts at most ${direct.maxSize} bytes at once. Upload larger files by tus.`,
      direct.maxSize,
    );
  const hash = sha256.toLowerCase();
  // The URL does not outlive the upload: bytes that are sent later would have no row.
  const expiresAt = new Date(ctx.now().getTime() + Math.min(URL_TTL_MS, ctx.limits.unfinishedMs));
  const declared = { length: size, claim, metadata: '', options, sha256: hash, urlExpiresAt: expiresAt };
  const upload = await createUpload(ctx, declared);
  const seconds = Math.max(1, Math.ceil((expiresAt.getTime() - ctx.now().getTime()) / 1000));
  const { url, headers } = await direct.presignedUrl(upload.blobKey, { size, sha256: hash, seconds });
  return { upload, url, headers, expiresAt };
}

/**
 * Completes a direct upload: makes a file of the bytes that the client sent to the store, once,
 * however often it is called. Throws `NotFoundError`; `ConflictError` while nothing was sent, and
 * for an upload that was refused before; `ForbiddenError` for a read-only key; `BadUserInputError`
 * or `ChecksumMismatchError` for content other than declared, which is deleted and may be sent
 * again.
 */
export async function completeDirectUpload(request: RequestContext, id: string): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  assertWriteScope(ctx.viewer);
  const direct = directUploadsOf(ctx);
  const upload = await findAcceptable(ctx, id);
  if (upload.received !== upload.length) await acceptLocked(ctx, direct, id);
  const finished = await completeUpload(ctx, id);
  if (!finished.file) throw new NotFoundError([id], 'The file of this upload was removed.');
  await direct.remove(upload.blobKey);
  return finished;
}

/** Throws what `findUpload` throws, and `ConflictError` for an upload that was refused before. */
async function findAcceptable(ctx: Context, id: string): Promise<ResumableUpload> {
  const upload = await findUpload(ctx, id);
  if (upload.sha256 === null) throw new NotFoundError([id]);
  if (upload.refusal !== null)
    throw new ConflictError(`This upload was refused: ${upload.refusal} Whatever is sent, it stays so.`);
  return upload;
}

/**
 * Accepts the bytes under the upload's lock: the staged bytes can still change, so a second request
 * may not copy them over those that the first has accepted.
 */
async function acceptLocked(ctx: Context, direct: DirectUploads, id: string): Promise<void> {
  await using lock = await acquireUploadLock(ctx, id);
  const upload = await findAcceptable(ctx, id);
  if (upload.received === upload.length) return;
  await accept(ctx, direct, upload);
  const received = upload.length as number;
  const updated = await ctx.em.nativeUpdate(ResumableUpload, { id, lease: lock.lease }, { received });
  if (updated === 0) throw new ConflictError('This upload was taken over by another request.');
}

/** Moves the sent bytes to where clients cannot write, if their size and hash are as declared. */
async function accept(ctx: Context, direct: DirectUploads, upload: ResumableUpload): Promise<void> {
  const { blobKey, length } = upload;
  const sent = await direct.stat(blobKey);
  if (!sent)
    throw new ConflictError(
      'No bytes were uploaded yet. Send the bytes to `uploadUrl` first, then complete the upload.',
    );
  const isAsDeclared = sent.size === length && (sent.sha256 === undefined || sent.sha256 === upload.sha256);
  if (isAsDeclared) await direct.accept(blobKey);
  // A hash that the store did not verify is computed now that the client can no longer change the
  // bytes.
  if (isAsDeclared && (sent.sha256 !== undefined || (await hashOf(ctx, upload)) === upload.sha256)) return;
  await discardBytes(ctx, direct, upload);
  if (sent.size !== length)
    throw new BadUserInputError(`${sent.size} bytes were uploaded, and ${length} were declared.`);
  throw new ChecksumMismatchError();
}

async function discardBytes(ctx: Context, direct: DirectUploads, { blobKey }: ResumableUpload): Promise<void> {
  await ctx.storage.delete(blobKey);
  await direct.remove(blobKey);
}

async function hashOf({ storage }: Context, { blobKey, length }: ResumableUpload): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of storage.readUnfinished(blobKey, length as number)) hash.update(chunk);
  return hash.digest('hex');
}

function directUploadsOf({ storage }: Context): DirectUploads {
  if (storage.direct) return storage.direct;
  throw new BadUserInputError('This server stores files in a folder, not in S3: upload them by multipart or by tus.');
}
