import { assertWriteScope } from '../../auth/require-scope.ts';
import { assertFreeSpace } from '../../budget/free-space.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { forUpdate } from '../../database/sql.ts';
import { transact } from '../../database/transaction.ts';
import { BadUserInputError, ConflictError, NotFoundError } from '../../errors.ts';
import { authorizeUpload } from '../authorize-upload.ts';
import { assertFileSize, countUpload } from '../limits.ts';
import { assertReservable } from '../reservation.ts';
import { addTemporaryUsage, billedBytes } from '../temporary-usage.ts';
import { ownerOf } from '../upload-grant.ts';
import { writeChunks } from './append.ts';
import { findUpload, fromWriter } from './find-upload.ts';
import { assertMetadataLength, insertUpload, type NewUpload, uploadName } from './insert-upload.ts';
import { isPartial } from './partial-upload.ts';

/**
 * Concatenation of uploads: https://tus.io/protocols/resumable-upload#concatenation
 *
 * 1. Partial uploads receive bytes as any other upload does, and become no files by themselves.
 * 2. The final upload is created in one transaction, in which it takes over what its parts reserve.
 *    From then on they belong to it, and are deleted with it.
 * 3. The bytes of the parts are appended to it, one part after the other. Those of a part are
 *    deleted when their copy is safe, so that no more than one part is stored twice. After a crash
 *    or a lost response, it is resumed from there.
 * 4. It is completed as any other upload. The rows of its parts live as long as its own: a client
 *    that lost the response requests the parts first, and would upload them again if they were not
 *    found.
 */

/** How many parts a final upload may have: their URLs have to fit into the headers of a request. */
const MAX_PARTS = 200;

/** A final upload as the client declares it. */
export interface NewFinalUpload extends Pick<NewUpload, 'claim' | 'metadata' | 'options'> {
  /** The ids of the parts, in the order of their bytes. */
  partIds: readonly string[];
  /** The header `Upload-Concat`, as the client sent it. */
  concat: string;
}

/**
 * Creates an upload that is joined from partial uploads of the viewer; `completeUpload` joins them.
 * The same parts with the same metadata return the same upload. Throws what `authorizeUpload` and
 * `assertReservable` throw, `PayloadTooLargeError`, `UnsupportedMediaTypeError`, `NotFoundError`;
 * `BadUserInputError` for parts that are not partial uploads, or lack bytes; `ConflictError` for
 * parts of another upload, or with which another request works.
 */
export async function createFinalUpload(request: RequestContext, input: NewFinalUpload): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const { partIds, claim, metadata, options, concat } = input;
  assertWriteScope(ctx.viewer);
  if (ctx.uploadGrant) throw new BadUserInputError('With an upload token, uploads are not concatenated.');
  assertPartIds(partIds);
  const existing = await findFinal(ctx, await findParts(ctx, partIds), input);
  if (existing) return existing;
  const destination = await authorizeUpload(ctx, options);
  const name = uploadName(ctx, input);
  assertMetadataLength(metadata);
  countUpload(ctx);
  return transact(ctx.em, async (em) => {
    const tx = { ...ctx, em };
    const parts = await findParts(tx, partIds, forUpdate);
    const concurrent = await findFinal(tx, parts, input);
    if (concurrent) return concurrent;
    const length = totalLength(ctx, parts);
    assertFileSize(length, ctx.limits);
    const freed = { bytes: parts.reduce((sum, part) => sum + billedBytes(part.reserved), 0), uploads: parts.length };
    await assertReservable(tx, { name, bytes: length, destination, freed });
    const upload = await insertUpload(tx, { length, claim, metadata, options, name, destination, concat });
    await addTemporaryUsage(em, ctx.viewer.userId, -freed.bytes);
    for (const [position, part] of parts.entries())
      em.assign(part, { partOf: upload.id, position, expiresAt: upload.expiresAt });
    return upload;
  });
}

/**
 * Appends the bytes of the parts that the final upload has not received yet, and deletes them. The
 * caller holds the lock of the final upload. Throws what `appendToUpload` throws.
 */
export async function concatenateParts(ctx: Context, final: ResumableUpload, lease: string): Promise<void> {
  const parts = await ctx.em.find(ResumableUpload, { partOf: final.id }, { orderBy: { position: 'asc' } });
  if (final.received !== final.length) await assertFreeSpace(ctx);
  let [upload, end] = [final, 0];
  for (const { blobKey, received: size } of parts) {
    const begin = end;
    end += size;
    if (upload.received < end) {
      const chunks = skipBytes(upload.received - begin, ctx.storage.readUnfinished(blobKey, size));
      await writeChunks(ctx, { upload, lease, chunks });
      upload = await findUpload(ctx, final.id);
    }
    await ctx.storage.resume(blobKey, 0).discard();
  }
}

/** The chunks without their first `bytes` bytes. */
async function* skipBytes(bytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let skipped = 0;
  for await (const chunk of chunks) {
    const from = Math.min(chunk.length, bytes - skipped);
    skipped += from;
    if (from < chunk.length) yield chunk.subarray(from);
  }
}

/** Throws `BadUserInputError` for no parts, too many, or one that is named twice. */
function assertPartIds(ids: readonly string[]): void {
  if (ids.length === 0)
    throw new BadUserInputError('Name the partial uploads: "Upload-Concat: final;/uploads/… /uploads/…".');
  if (ids.length > MAX_PARTS) throw new BadUserInputError(`Join at most ${MAX_PARTS} partial uploads.`);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated) throw new BadUserInputError(`${pathOf(repeated)} is named twice. A partial upload is joined once.`);
}

/**
 * The viewer's uploads with these ids, in their order. Throws `NotFoundError` with every id that is
 * not found.
 */
async function findParts(
  ctx: Context,
  ids: readonly string[],
  lock: typeof forUpdate | typeof fromWriter = fromWriter,
) {
  const where = { id: { $in: [...ids] }, ...ownerOf(ctx), expiresAt: { $gt: ctx.now() } };
  const rows = await ctx.em.find(ResumableUpload, where, { ...lock, orderBy: { id: 'asc' } });
  const found = new Map(rows.map((row) => [row.id, row]));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) throw new NotFoundError(missing.map(pathOf));
  return ids.map((id) => found.get(id) as ResumableUpload);
}

/**
 * The final upload that these parts were joined into, in this order; undefined when none of them
 * was joined. Throws `ConflictError` when they were joined in another way.
 */
async function findFinal(ctx: Context, parts: readonly ResumableUpload[], { metadata, options }: NewFinalUpload) {
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
    `${pathOf(part.id)} was joined into ${pathOf(final.id)}, of other parts or with other metadata. Upload it again.`,
  );
}

/**
 * The length of all parts, in bytes. Throws `BadUserInputError`, `ConflictError` for parts that
 * cannot be joined.
 */
function totalLength(ctx: Context, parts: readonly ResumableUpload[]): number {
  for (const part of parts) {
    const path = pathOf(part.id);
    if (!isPartial(part)) throw new BadUserInputError(`${path} did not begin with "Upload-Concat: partial".`);
    if (part.received !== part.length)
      throw new BadUserInputError(
        `${path} has ${part.received} of ${part.length ?? 'an unknown number of'} bytes. Finish it.`,
      );
    // The request that holds the lock may delete it.
    if (part.leasedUntil && part.leasedUntil > ctx.now())
      throw new ConflictError(`Another request is working on ${path}. Try again in some seconds.`);
  }
  return parts.reduce((sum, { received }) => sum + received, 0);
}

const pathOf = (id: string) => `/uploads/${id}`;
