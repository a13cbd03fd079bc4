import { assertWriteScope } from '../../auth/require-scope.ts';
import { assertFreeSpace } from '../../budget/free-space.ts';
import type { Context } from '../../context.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { forUpdate } from '../../database/sql.ts';
import { transact } from '../../database/transaction.ts';
import { BadUserInputError, ConflictError, NotFoundError } from '../../errors.ts';
import { authorizeUpload } from '../authorize-upload.ts';
import { assertFileSize, countUpload } from '../limits.ts';
import { assertReservable } from '../reservation.ts';
import { addTemporaryUsage, billedBytes } from '../temporary-quota.ts';
import { writeChunks } from './append.ts';
import { isPartial } from './partial-upload.ts';
import { assertMetadataLength, findUpload, insertUpload, type NewUpload, uploadName } from './resumable-upload.ts';

/**
 * Uploads that are joined to one: https://tus.io/protocols/resumable-upload#concatenation
 *
 * 1. Partial uploads take bytes as any other does, and become nothing by themselves.
 * 2. The final upload begins in one transaction, in which it takes over what they reserve. From then on they belong to
 *    it alone, and go with it.
 * 3. Their bytes are copied behind each other. Those of a part are removed when their copy is safe, so that no more
 *    than one part is there twice. A crash, or a lost answer, is gone on from there.
 * 4. It becomes a file as any other upload does. The rows of its parts tell their lengths for as long as its own tells
 *    its file: a client that lost the answer looks at the parts first, and would upload them again.
 */

/** Parts of one final upload. Their addresses have to fit into the headers of a request. */
const MAX_PARTS = 200;

export interface NewFinalUpload extends Pick<NewUpload, 'claim' | 'metadata' | 'options'> {
  /** The ids of the parts, in the order of their bytes. */
  partIds: readonly string[];
  /** The header that named them, as the client wrote it. */
  concat: string;
}

/**
 * Begins an upload that is joined from partial ones of the viewer; `finishUpload` joins it. The same list with the same
 * metadata is the same upload. Throws what `authorizeUpload` and `assertReservable` do, `TooLarge`, `UnsupportedType`; `NotFoundError`;
 * `BadUserInputError` for parts that are no partial uploads, or have not all of their bytes; `ConflictError` for parts that another
 * upload has, or on which another request works.
 */
export async function createFinalUpload(ctx: Context, given: NewFinalUpload): Promise<ResumableUpload> {
  const { partIds, claim, metadata, options, concat } = given;
  assertWriteScope(ctx.viewer);
  assertPartIds(partIds);
  const begun = await finalOf(ctx, await findParts(ctx, partIds), given);
  if (begun) return begun;
  const place = await authorizeUpload(ctx, options);
  const name = uploadName(ctx, given);
  assertMetadataLength(metadata);
  countUpload(ctx);
  return transact(ctx.em, async (em) => {
    const tx = { ...ctx, em };
    const parts = await findParts(tx, partIds, forUpdate);
    const faster = await finalOf(tx, parts, given);
    if (faster) return faster;
    const length = lengthOf(ctx, parts);
    assertFileSize(length, ctx.limits);
    const freed = { bytes: parts.reduce((sum, part) => sum + billedBytes(part.reserved), 0), uploads: parts.length };
    await assertReservable(tx, { name, bytes: length, place, freed });
    const upload = await insertUpload(tx, { length, claim, metadata, options, name, place, concat });
    await addTemporaryUsage(em, ctx.viewer.userId, -freed.bytes);
    for (const [position, part] of parts.entries())
      em.assign(part, { partOf: upload.id, position, expiresAt: upload.expiresAt });
    return upload;
  });
}

/** In its turn: copies the bytes of the parts that are not there yet, and removes them. Throws as `append`. */
export async function concatenateParts(ctx: Context, final: ResumableUpload, lease: string): Promise<void> {
  const parts = await ctx.em.find(ResumableUpload, { partOf: final.id }, { orderBy: { position: 'asc' } });
  if (final.received !== final.length) await assertFreeSpace(ctx);
  let [upload, end] = [final, 0];
  for (const { blobKey, received: size } of parts) {
    const begin = end;
    end += size;
    if (upload.received < end) {
      const chunks = after(upload.received - begin, ctx.storage.readUnfinished(blobKey, size));
      await writeChunks(ctx, { upload, lease, chunks });
      upload = await findUpload(ctx, final.id);
    }
    await ctx.storage.resume(blobKey, 0).discard();
  }
}

/** What comes after so many bytes. */
async function* after(bytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let skipped = 0;
  for await (const chunk of chunks) {
    const from = Math.min(chunk.length, bytes - skipped);
    skipped += from;
    if (from < chunk.length) yield chunk.subarray(from);
  }
}

function assertPartIds(ids: readonly string[]): void {
  if (ids.length === 0)
    throw new BadUserInputError('Name the partial uploads: "Upload-Concat: final;/uploads/… /uploads/…".');
  if (ids.length > MAX_PARTS) throw new BadUserInputError(`Join at most ${MAX_PARTS} partial uploads.`);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) throw new BadUserInputError(`${addressOf(twice)} is named twice. A partial upload is joined once.`);
}

/** The viewer's uploads of these ids, in their order. Throws `NotFoundError` with all that are not there. */
async function findParts(ctx: Context, ids: readonly string[], lock: typeof forUpdate | { refresh: true } = seen) {
  const isOurs = { id: { $in: [...ids] }, user: ctx.viewer.userId, expiresAt: { $gt: ctx.now() } };
  const rows = await ctx.em.find(ResumableUpload, isOurs, { ...lock, orderBy: { id: 'asc' } });
  const found = new Map(rows.map((row) => [row.id, row]));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) throw new NotFoundError(missing.map(addressOf));
  return ids.map((id) => found.get(id) as ResumableUpload);
}

const seen = { refresh: true, connectionType: 'write' } as const;

/**
 * The final upload that these parts, in this order, were joined into; undefined when none of them was joined. Throws
 * `ConflictError` when they were joined otherwise.
 */
async function finalOf(ctx: Context, parts: readonly ResumableUpload[], { metadata, options }: NewFinalUpload) {
  const part = parts.find(({ partOf }) => partOf !== null);
  if (!part?.partOf) return undefined;
  const final = await findUpload(ctx, part.partOf.id);
  const isSame =
    (await ctx.em.count(ResumableUpload, { partOf: final.id })) === parts.length &&
    parts.every(({ partOf, position }, index) => partOf?.id === final.id && position === index) &&
    final.metadata === metadata &&
    final.options === JSON.stringify(options);
  if (isSame) return final;
  throw new ConflictError(
    `${addressOf(part.id)} was joined into ${addressOf(final.id)}, of other parts or with other metadata. Upload it again.`,
  );
}

/** In bytes, of parts that can be joined. Throws `BadUserInputError`, `ConflictError`. */
function lengthOf(ctx: Context, parts: readonly ResumableUpload[]): number {
  for (const part of parts) {
    const address = addressOf(part.id);
    if (!isPartial(part)) throw new BadUserInputError(`${address} did not begin with "Upload-Concat: partial".`);
    if (part.received !== part.length)
      throw new BadUserInputError(
        `${address} has ${part.received} of ${part.length ?? 'an unknown number of'} bytes. Finish it.`,
      );
    // It may be about to be deleted.
    if (part.leasedUntil && part.leasedUntil > ctx.now())
      throw new ConflictError(`Another request is working on ${address}. Try again in some seconds.`);
  }
  return parts.reduce((sum, { received }) => sum + received, 0);
}

const addressOf = (id: string) => `/uploads/${id}`;
