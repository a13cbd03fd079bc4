import { createHash } from 'node:crypto';
import type { AddOptions } from '../attachments/add-files.ts';
import { mustWrite } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import { UnfinishedUpload } from '../database/entities/index.ts';
import { BadInput, ChecksumMismatch, Conflict, NotFound, TooLarge } from '../errors.ts';
import type { DirectUploads } from '../storage/storage.ts';
import type { Claim } from './receive.ts';
import { finishUpload } from './resumable/complete.ts';
import { beginUpload, findUpload } from './resumable/resumable-upload.ts';
import { takeTurn } from './resumable/upload-lock.ts';

/** For how long bytes may be put, in seconds. */
const LINK_S = 3600;

/** An upload whose bytes the client puts into the store itself. */
export interface DirectUpload {
  upload: UnfinishedUpload;
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
 * Begins an upload whose bytes do not pass this server. Rights and limits are asked before. Throws what `beginUpload` does, and
 * `BadInput` where files are kept in a folder, `TooLarge` for what the store does not take at once.
 */
export async function beginDirectUpload(
  ctx: Context,
  { claim, size, sha256, options }: DirectInput,
): Promise<DirectUpload> {
  mustWrite(ctx.viewer);
  const direct = directIn(ctx);
  if (!/^[0-9a-f]{64}$/i.test(sha256))
    throw new BadInput('`sha256` is the SHA-256 of the content, as 64 hexadecimal digits.');
  if (size > direct.maxSize)
    throw new TooLarge(
      `The store takes at most ${direct.maxSize} bytes at once. Upload more than that by tus.`,
      direct.maxSize,
    );
  const hash = sha256.toLowerCase();
  const upload = await beginUpload(ctx, { length: size, claim, metadata: '', options, sha256: hash });
  // What is put there when the upload has expired would belong to nobody.
  const seconds = Math.min(LINK_S, Math.floor(ctx.limits.unfinishedMs / 1000));
  const { url, headers } = await direct.linkTo(upload.blobKey, { size, sha256: hash, seconds });
  return { upload, url, headers, expiresAt: new Date(ctx.now().getTime() + seconds * 1000) };
}

/**
 * Makes a file of what a client put into the store, once, however often it is asked. Throws `NotFound`; `Conflict` while
 * nothing is there; `Forbidden` for a key that only reads; `BadInput` for other bytes than were said: then they are gone, and may be put again.
 */
export async function completeDirectUpload(ctx: Context, id: string): Promise<UnfinishedUpload> {
  mustWrite(ctx.viewer);
  const direct = directIn(ctx);
  const upload = await findUpload(ctx, id);
  if (upload.sha256 === null) throw new NotFound([id]);
  mustWrite(ctx.viewer);
  if (upload.received !== upload.length) await acceptInTurn(ctx, direct, id);
  const finished = await finishUpload(ctx, id);
  if (!finished.file) throw new NotFound([id], 'The file that it became was removed.');
  await direct.remove(upload.blobKey);
  return finished;
}

/** One request at a time: what one has accepted, another may not copy over, as what lies there can change. */
async function acceptInTurn(ctx: Context, direct: DirectUploads, id: string): Promise<void> {
  await using turn = await takeTurn(ctx, id);
  const upload = await findUpload(ctx, id);
  if (upload.received === upload.length) return;
  await accept(ctx, direct, upload);
  const received = upload.length as number;
  const told = await ctx.em.nativeUpdate(UnfinishedUpload, { id, lease: turn.lease }, { received });
  if (told === 0) throw new Conflict('This upload was taken over by another request.');
}

async function accept(ctx: Context, direct: DirectUploads, upload: UnfinishedUpload): Promise<void> {
  const { blobKey, length } = upload;
  const came = await direct.look(blobKey);
  if (!came)
    throw new Conflict('Nothing was put there yet. Send the bytes to `uploadUrl` first, then complete the upload.');
  const isAsSaid = came.size === length && (came.sha256 === undefined || came.sha256 === upload.sha256);
  if (isAsSaid) await direct.accept(blobKey);
  // What the store did not compare is read: only now, when nobody else can change it any more.
  if (isAsSaid && (came.sha256 !== undefined || (await hashOf(ctx, upload)) === upload.sha256)) return;
  await forgetBytes(ctx, direct, upload);
  if (came.size !== length)
    throw new BadInput(`${came.size} bytes were put there, and not the ${length} that were said.`);
  throw new ChecksumMismatch();
}

async function forgetBytes(ctx: Context, direct: DirectUploads, { blobKey }: UnfinishedUpload): Promise<void> {
  await ctx.storage.delete(blobKey);
  await direct.remove(blobKey);
}

async function hashOf({ storage }: Context, { blobKey, length }: UnfinishedUpload): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of storage.readUnfinished(blobKey, length as number)) hash.update(chunk);
  return hash.digest('hex');
}

function directIn({ storage }: Context): DirectUploads {
  if (storage.direct) return storage.direct;
  throw new BadInput(
    'Files are kept in a folder here, and come by way of this server: upload them by multipart or by tus.',
  );
}
