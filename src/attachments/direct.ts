import { createHash } from 'node:crypto';
import { mustWrite } from '../auth/ask.ts';
import type { Context } from '../context.ts';
import { UnfinishedUpload } from '../database/entities/index.ts';
import { BadInput, ChecksumMismatch, Conflict, NotFound } from '../errors.ts';
import type { DirectUploads } from '../storage/storage.ts';
import type { AddOptions } from './add.ts';
import { finishUpload } from './finish.ts';
import type { Claim } from './receive.ts';
import { beginUpload, findUpload } from './unfinished.ts';

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
 * `BadInput` where files are kept in a folder.
 */
export async function beginDirectUpload(
  ctx: Context,
  { claim, size, sha256, options }: DirectInput,
): Promise<DirectUpload> {
  mustWrite(ctx.viewer);
  const direct = directIn(ctx);
  if (!/^[0-9a-f]{64}$/i.test(sha256))
    throw new BadInput('`sha256` is the SHA-256 of the content, as 64 hexadecimal digits.');
  const hash = sha256.toLowerCase();
  const upload = await beginUpload(ctx, { length: size, claim, metadata: '', options, sha256: hash });
  const { url, headers } = await direct.linkTo(upload.blobKey, { size, sha256: hash, seconds: LINK_S });
  return { upload, url, headers, expiresAt: new Date(ctx.now().getTime() + LINK_S * 1000) };
}

/**
 * Makes a file of what a client put into the store, once, however often it is asked. Throws `NotFound`; `Conflict` while
 * nothing is there; `BadInput` for other bytes than were said: then they are gone, and may be put again.
 */
export async function completeDirectUpload(ctx: Context, id: string): Promise<UnfinishedUpload> {
  mustWrite(ctx.viewer);
  const direct = directIn(ctx);
  const upload = await findUpload(ctx, id);
  if (upload.sha256 === null) throw new NotFound([id]);
  if (!upload.isFinished && upload.received !== upload.length) {
    await accept(ctx, direct, upload);
    await ctx.em.nativeUpdate(UnfinishedUpload, { id, isFinished: false }, { received: upload.length as number });
  }
  const finished = await finishUpload(ctx, id);
  if (!finished.file) throw new NotFound([id], 'The file that it became was removed.');
  await direct.remove(upload.blobKey);
  return finished;
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
