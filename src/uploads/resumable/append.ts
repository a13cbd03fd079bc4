import { createHash, type Hash } from 'node:crypto';
import { assertCredentialsWork, withCredentials } from '../../auth/current-credentials.ts';
import { assertWriteScope } from '../../auth/require-scope.ts';
import { assertFreeSpace, FreeSpaceWatch } from '../../budget/free-space.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { ChecksumMismatchError, ConflictError, NotFoundError, PayloadTooLargeError } from '../../errors.ts';
import type { ContentScan } from '../../files/inspect/content-scan.ts';
import type { ResumedBlob } from '../../storage/storage.ts';
import { releaseUnused, reserveAhead } from '../extend-reservation.ts';
import { findUpload } from './find-upload.ts';
import { assertAcceptsBytes } from './partial-upload.ts';
import { storeScan, takeScan } from './scan-cache.ts';
import { expiryOf } from './upload-expiry.ts';
import { acquireUploadLock } from './upload-lock.ts';

/**
 * After how many bytes a request syncs the file and records `received`: a client of a server that
 * was killed resends no more than these.
 */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;

/** The checksum that the bytes of one request have to have. */
export interface Checksum {
  algorithm: 'md5' | 'sha1' | 'sha256';
  /** In base64. */
  value: string;
}

/** A request that appends bytes to an upload. */
export interface AppendRequest {
  id: string;
  /** The offset of the first byte, which has to be what the upload has received. */
  from: number;
  /**
   * The bytes, until the signal aborts, when another request needs the lock. Each chunk is copied
   * before the next.
   */
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
  checksum?: Checksum | undefined;
}

/**
 * Appends bytes to an unfinished upload. However the request ends, the bytes that were received are
 * stored, safe from a power cut, and counted in `received`; with a checksum, all of them or none.
 * Throws `NotFoundError`; `ForbiddenError` for a read-only key, and for a final upload;
 * `ConflictError` when the upload has received another number of bytes, or another request took
 * over the lock; `UnauthenticatedError` when the credentials end meanwhile; `PayloadTooLargeError`,
 * `QuotaExceededError`, `InsufficientStorageError`, `ChecksumMismatchError`; what `chunks` throws.
 */
export async function appendToUpload(
  request: RequestContext,
  { id, from, chunks, checksum }: AppendRequest,
): Promise<void> {
  const ctx = contextOf(request);
  assertAcceptsBytes(await findUpload(ctx, id));
  assertWriteScope(ctx.viewer);
  await assertFreeSpace(ctx);
  await using lock = await acquireUploadLock(ctx, id);
  const upload = await findUpload(ctx, id);
  // The bytes of a direct upload are sent to the object store.
  if (upload.sha256 !== null) throw new NotFoundError([`/uploads/${id}`]);
  if (upload.received !== from)
    throw new ConflictError(`This upload has ${upload.received} bytes and continues there, not at ${from}.`);
  if (upload.received === upload.length) return;
  const writing = { upload, lease: lock.lease, chunks: chunks(lock.signal), checksum };
  await withCredentials(ctx, () => writeChunks(ctx, writing));
  await ctx.currentViewer(ctx);
  // A token also ends with its creator and with the key that created it, which end no upload.
  if (ctx.uploadGrant) await assertCredentialsWork(ctx);
}

/** Bytes to append to an upload whose lock the caller holds. */
export interface Chunks {
  upload: ResumableUpload;
  /** Of the lock. */
  lease: string;
  chunks: AsyncIterable<Uint8Array>;
  checksum?: Checksum | undefined;
}

/**
 * Appends chunks to a locked upload, with the guarantees of `appendToUpload`. Throws what that
 * throws.
 */
export async function writeChunks(request: RequestContext, { upload, lease, chunks, checksum }: Chunks): Promise<void> {
  const ctx = contextOf(request);
  const writer = new UploadWriter(ctx, upload, lease, checksum);
  let failure: unknown;
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    writer.assertChecksum();
  } catch (error) {
    failure = error ?? new Error('It broke off.');
  }
  await writer.finish(failure !== undefined);
  if (failure !== undefined) throw failure;
}

/** Writes the bytes of one request, and records how many are safe. */
class UploadWriter {
  readonly #ctx: Context;
  readonly #upload: ResumableUpload;
  readonly #lease: string;
  readonly #blob: ResumedBlob;
  readonly #scan: ContentScan | undefined;
  readonly #checksum: Checksum | undefined;
  readonly #digest: Hash | undefined;
  readonly #freeSpace: FreeSpaceWatch;
  /** How many bytes are reserved for the upload in all. */
  #reserved: number;
  /** How many bytes were written in all. */
  #position: number;
  /** How many of them `received` counts: they are safe from a power cut. */
  #recorded: number;

  constructor(ctx: Context, upload: ResumableUpload, lease: string, checksum: Checksum | undefined) {
    this.#ctx = ctx;
    this.#upload = upload;
    this.#lease = lease;
    this.#checksum = checksum;
    this.#digest = checksum && createHash(checksum.algorithm);
    this.#freeSpace = new FreeSpaceWatch(ctx);
    this.#reserved = upload.length ?? upload.reserved;
    this.#position = this.#recorded = upload.received;
    this.#blob = ctx.storage.resume(upload.blobKey, upload.received);
    this.#scan = takeScan(upload.id, upload.received);
  }

  /**
   * Throws `PayloadTooLargeError`, `QuotaExceededError`, `InsufficientStorageError`,
   * `ConflictError`.
   */
  async write(chunk: Uint8Array): Promise<void> {
    const limit = this.#upload.length ?? this.#ctx.limits.maxFileSize;
    if (this.#position + chunk.length > limit)
      throw new PayloadTooLargeError(`This upload may have at most ${limit} bytes.`, limit);
    const tooLittleSpace = this.#freeSpace.after(chunk.length);
    if (tooLittleSpace) throw tooLittleSpace;
    if (this.#position + chunk.length > this.#reserved)
      this.#reserved = await reserveAhead(this.#ctx, this.#upload.id, this.#lease, this.#position + chunk.length);
    this.#scan?.update(chunk);
    this.#digest?.update(chunk);
    this.#position += chunk.length;
    if (!this.#blob.write(chunk)) await this.#blob.drained();
    if (!this.#checksum && this.#position - this.#recorded >= CHECKPOINT_BYTES) await this.#checkpoint();
  }

  /** Throws `ChecksumMismatchError`. */
  assertChecksum(): void {
    if (this.#checksum && this.#digest?.digest('base64') !== this.#checksum.value) throw new ChecksumMismatchError();
  }

  async #checkpoint(): Promise<void> {
    await this.#blob.sync();
    await this.#record();
    await this.#ctx.currentViewer(this.#ctx);
  }

  /**
   * Records how many bytes are safe, while the lease is still this request's. Throws
   * `ConflictError`.
   */
  async #record(): Promise<void> {
    const { id } = this.#upload;
    const change = { received: this.#position, expiresAt: expiryOf(this.#ctx) };
    const updated = await this.#ctx.em.nativeUpdate(ResumableUpload, { id, lease: this.#lease }, change);
    if (updated === 0) throw new ConflictError('This upload was taken over by another request.');
    this.#recorded = this.#position;
  }

  /**
   * Syncs and records what was written. Bytes without their checksum are not recorded, and the next
   * request overwrites them; what was reserved for them is released.
   */
  async finish(hasFailed: boolean): Promise<void> {
    await this.#blob.end();
    const isStored = !(hasFailed && this.#checksum);
    if (isStored && this.#position > this.#recorded) await this.#record();
    if (this.#upload.length === null) await releaseUnused(this.#ctx, this.#upload.id, this.#lease);
    if (isStored && this.#scan) storeScan(this.#upload.id, this.#position, this.#scan);
  }
}
