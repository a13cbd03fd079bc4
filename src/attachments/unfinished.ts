import { randomUUID } from 'node:crypto';
import { mustWrite } from '../auth/ask.ts';
import type { Context, Limits } from '../context.ts';
import { UnfinishedUpload, User } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { transact } from '../database/transaction.ts';
import { BadInput, Conflict, NotFound, TooLarge } from '../errors.ts';
import type { Storage } from '../storage/storage.ts';
import { type AddOptions, mayAdd } from './add.ts';
import { cleanName } from './name.ts';
import { type Claim, refusedByName } from './receive.ts';
import { isFree, seize, takeTurn } from './turn.ts';

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
}

/**
 * Begins an upload that comes in several requests. What can be refused is refused before a byte is sent: throws what
 * `mayAdd` does, `TooLarge`, `UnsupportedType`.
 */
export async function beginUpload(ctx: Context, { length, claim, metadata, options, sha256 }: NewUpload) {
  await mayAdd(ctx, options);
  const name = cleanName(claim.name);
  const refused = refusedByName(name, ctx.limits);
  if (refused) throw refused;
  mustFit(length ?? 0, ctx.limits);
  return transact(ctx.em, async (em) =>
    em.create(UnfinishedUpload, {
      id: randomUUID(),
      user: em.getReference(User, ctx.viewer.userId),
      length,
      received: 0,
      name,
      contentType: claim.contentType,
      metadata,
      options: JSON.stringify(options),
      blobKey: ctx.storage.newKey(),
      facts: null,
      sha256: sha256 ?? null,
      file: null,
      isFinished: false,
      lease: null,
      leasedUntil: null,
      expiresAt: expiryOf(ctx),
    }),
  );
}

/** Says how long an upload will be whose length was not known. Throws `TooLarge`, `Forbidden`, `BadInput` when it was. */
export async function setLength(ctx: Context, id: string, length: number): Promise<void> {
  mustFit(length, ctx.limits);
  const upload = await findUpload(ctx, id);
  mustWrite(ctx.viewer);
  if (upload.length === length) return;
  if (upload.length !== null || length < upload.received) throw new BadInput('The length of an upload cannot change.');
  // More may have come meanwhile.
  const fits = { id, length: null, received: { $lte: length } };
  const told = await ctx.em.nativeUpdate(UnfinishedUpload, fits, { length });
  if (told === 0) throw new Conflict('Another request changed this upload. Ask how far it is.');
}

/** The viewer's own upload, as it is now. Throws `NotFound`, also when it has expired. */
export async function findUpload(ctx: Context, id: string): Promise<UnfinishedUpload> {
  const found = await ctx.em.findOne(UnfinishedUpload, { id, user: ctx.viewer.userId }, onWriter);
  if (!found || found.expiresAt <= ctx.now()) throw new NotFound([`/uploads/${id}`]);
  return found;
}

/** Where what was just written is seen. */
const onWriter = { refresh: true, connectionType: 'write' } as const;

/** Gives an upload up: its bytes go, unless they are a file's already. Throws `NotFound`, `Forbidden` for a key that only reads. */
export async function removeUpload(ctx: Context, id: string): Promise<void> {
  await findUpload(ctx, id);
  mustWrite(ctx.viewer);
  await using _turn = await takeTurn(ctx, id);
  await forget(ctx, await findUpload(ctx, id));
}

/** First the bytes, then the row: what a crash leaves is found again. */
export async function forget(
  { em, storage }: { em: EntityManager; storage: Storage },
  upload: Pick<UnfinishedUpload, 'id' | 'blobKey' | 'isFinished'>,
): Promise<void> {
  if (!upload.isFinished) await storage.resume(upload.blobKey, 0).discard();
  await storage.direct?.remove(upload.blobKey);
  await em.nativeDelete(UnfinishedUpload, { id: upload.id });
}

/** Uploads that are removed together. */
const PIECE = 100;

/** Removes uploads that nobody has gone on with for so long that they are given up. Answers how many had bytes to remove. */
export async function expireUploads(shelves: { em: EntityManager; storage: Storage }, now: Date): Promise<number> {
  for (let gone = 0; ; ) {
    const expired = await shelves.em.find(
      UnfinishedUpload,
      { expiresAt: { $lte: now }, ...isFree(now) },
      { limit: PIECE, orderBy: { expiresAt: 'asc' }, disableIdentityMap: true },
    );
    for (const upload of expired) {
      // Its last request may have come just in time, and made a file of these bytes since they were looked for.
      if (!(await seize(shelves.em, upload, now))) continue;
      await forget(shelves, upload);
      if (!upload.isFinished) gone += 1;
    }
    if (expired.length < PIECE) return gone;
  }
}

export const expiryOf = ({ now, limits }: Pick<Context, 'now' | 'limits'>): Date =>
  new Date(now().getTime() + limits.unfinishedMs);

function mustFit(length: number, { maxFileSize: limit }: Limits): void {
  if (length > limit) throw new TooLarge(`A file may have at most ${limit} bytes.`, limit);
}
