import { createHash } from 'node:crypto';
import type { AddOptions } from '../attachments/add-files.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
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
import { createUpload, findUpload } from './resumable/resumable-upload.ts';
import { acquireUploadLock } from './resumable/upload-lock.ts';

/** For how long bytes may be put, in seconds. */
const LINK_S = 3600;

/** An upload whose bytes the client puts into the store itself. */
export interface DirectUpload {
  upload: ResumableUpload;
  url: string;
  /** They have to come with the bytes. */
  headers: Record<string, string>;
  /** When bytes can no longer be put there. */
  expiresAt: Date;
}

export interface DirectInput {
  claim: Claim;
  /** In bytes; what comes has to have just so many. */
  size: number;
  /** In hex; what comes has to hash to it. */
  sha256: string;
  options: AddOptions;
}

/**
 * Begins an upload whose bytes do not pass this server. Rights and limits are asked before. Throws what `createUpload` does, and
 * `BadUserInputError` where files are kept in a folder, `PayloadTooLargeError` for what the store does not take at once.
 */
export async function createDirectUpload(
  ctx: Context,
  { claim, size, sha256, options }: DirectInput,
): Promise<DirectUpload> {
  assertWriteScope(ctx.viewer);
  const direct = directUploadsOf(ctx);
  if (!/^[0-9a-f]{64}$/i.test(sha256))
    throw new BadUserInputError('`sha256` is the SHA-256 of the content, as 64 hexadecimal digits.');
  if (size > direct.maxSize)
    throw new PayloadTooLargeError(
      `The store takes at most ${direct.maxSize} bytes at once. Upload more than that by tus.`,
      direct.maxSize,
    );
  const hash = sha256.toLowerCase();
  const upload = await createUpload(ctx, { length: size, claim, metadata: '', options, sha256: hash });
  // What is put there when the upload has expired would belong to nobody.
  const seconds = Math.min(LINK_S, Math.floor(ctx.limits.unfinishedMs / 1000));
  const { url, headers } = await direct.presignedUrl(upload.blobKey, { size, sha256: hash, seconds });
  return { upload, url, headers, expiresAt: new Date(ctx.now().getTime() + seconds * 1000) };
}

/**
 * Makes a file of what a client put into the store, once, however often it is asked. Throws `NotFoundError`; `ConflictError` while
 * nothing is there; `ForbiddenError` for a key that only reads; `BadUserInputError` for other bytes than were said: then they are gone, and may be put again.
 */
export async function completeDirectUpload(ctx: Context, id: string): Promise<ResumableUpload> {
  assertWriteScope(ctx.viewer);
  const direct = directUploadsOf(ctx);
  const upload = await findUpload(ctx, id);
  if (upload.sha256 === null) throw new NotFoundError([id]);
  assertWriteScope(ctx.viewer);
  if (upload.received !== upload.length) await acceptLocked(ctx, direct, id);
  const finished = await completeUpload(ctx, id);
  if (!finished.file) throw new NotFoundError([id], 'The file that it became was removed.');
  await direct.remove(upload.blobKey);
  return finished;
}

/** One request at a time: what one has accepted, another may not copy over, as what lies there can change. */
async function acceptLocked(ctx: Context, direct: DirectUploads, id: string): Promise<void> {
  await using turn = await acquireUploadLock(ctx, id);
  const upload = await findUpload(ctx, id);
  if (upload.received === upload.length) return;
  await accept(ctx, direct, upload);
  const received = upload.length as number;
  const told = await ctx.em.nativeUpdate(ResumableUpload, { id, lease: turn.lease }, { received });
  if (told === 0) throw new ConflictError('This upload was taken over by another request.');
}

async function accept(ctx: Context, direct: DirectUploads, upload: ResumableUpload): Promise<void> {
  const { blobKey, length } = upload;
  const came = await direct.stat(blobKey);
  if (!came)
    throw new ConflictError(
      'Nothing was put there yet. Send the bytes to `uploadUrl` first, then complete the upload.',
    );
  const isAsSaid = came.size === length && (came.sha256 === undefined || came.sha256 === upload.sha256);
  if (isAsSaid) await direct.accept(blobKey);
  // What the store did not compare is read: only now, when nobody else can change it any more.
  if (isAsSaid && (came.sha256 !== undefined || (await hashOf(ctx, upload)) === upload.sha256)) return;
  await discardBytes(ctx, direct, upload);
  if (came.size !== length)
    throw new BadUserInputError(`${came.size} bytes were put there, and not the ${length} that were said.`);
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
  throw new BadUserInputError(
    'Files are kept in a folder here, and come by way of this server: upload them by multipart or by tus.',
  );
}
