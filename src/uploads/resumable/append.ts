import { createHash, type Hash } from 'node:crypto';
import { assertWriteScope } from '../../auth/require-scope.ts';
import { assertFreeSpace, FreeSpaceWatch } from '../../budget/free-space.ts';
import type { Context } from '../../context.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { ChecksumMismatchError, ConflictError, NotFoundError, PayloadTooLargeError } from '../../errors.ts';
import type { ContentScan } from '../../files/inspect/content-scan.ts';
import type { ResumedBlob } from '../../storage/storage.ts';
import { releaseUnused, reserveAhead } from '../reservation.ts';
import { assertTakesBytes } from './partial-upload.ts';
import { expiryOf, findUpload } from './resumable-upload.ts';
import { storeScan, takeScan } from './scan-cache.ts';
import { acquireUploadLock } from './upload-lock.ts';

/** How much may come before it is made safe, and told of: a server that is killed has to be sent no more than that again. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;

/** What all bytes of a request have to be. */
export interface Checksum {
  algorithm: 'md5' | 'sha1' | 'sha256';
  /** In base64. */
  value: string;
}

export interface AppendRequest {
  id: string;
  /** Where the bytes go on; what the upload has received. */
  from: number;
  /** The bytes, until the signal says that nobody wants them any more. A chunk is used before the next is asked for. */
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
  checksum?: Checksum | undefined;
}

/**
 * Takes more bytes of an unfinished upload. However the request ends, what came is kept, safe from
 * a power cut, and told by `received`; with a checksum, all of it or nothing. Throws `NotFoundError`;
 * `ForbiddenError` for a key that only reads, and for a final upload; `ConflictError` when the upload has received another number of
 * bytes, or is taken over; `PayloadTooLargeError`; `OverQuota` and `InsufficientStorage` when there is no more
 * room; `ChecksumMismatchError`; what `chunks` throws.
 */
export async function appendToUpload(ctx: Context, { id, from, chunks, checksum }: AppendRequest): Promise<void> {
  assertTakesBytes(await findUpload(ctx, id));
  assertWriteScope(ctx.viewer);
  await assertFreeSpace(ctx);
  await using turn = await acquireUploadLock(ctx, id);
  const upload = await findUpload(ctx, id);
  // Its bytes come past this server, and are compared with their hash.
  if (upload.sha256 !== null) throw new NotFoundError([`/uploads/${id}`]);
  if (upload.received !== from)
    throw new ConflictError(`This upload has ${upload.received} bytes, and goes on there, not at ${from}.`);
  if (upload.received === upload.length) return;
  await writeChunks(ctx, { upload, lease: turn.lease, chunks: chunks(turn.signal), checksum });
}

export interface Chunks {
  upload: ResumableUpload;
  /** Of the turn in which they are written. */
  lease: string;
  chunks: AsyncIterable<Uint8Array>;
  checksum?: Checksum | undefined;
}

/** Writes chunks behind what an upload has, with the guarantees of `append`. Throws as it does. */
export async function writeChunks(ctx: Context, { upload, lease, chunks, checksum }: Chunks): Promise<void> {
  const writing = new UploadWriter(ctx, upload, lease, checksum);
  let failure: unknown;
  try {
    for await (const chunk of chunks) await writing.take(chunk);
    writing.check();
  } catch (error) {
    failure = error ?? new Error('It broke off.');
  }
  await writing.keep(failure !== undefined);
  if (failure !== undefined) throw failure;
}

class UploadWriter {
  readonly #ctx: Context;
  readonly #upload: ResumableUpload;
  readonly #lease: string;
  readonly #blob: ResumedBlob;
  readonly #scan: ContentScan | undefined;
  readonly #checksum: Checksum | undefined;
  readonly #digest: Hash | undefined;
  readonly #floor: FreeSpaceWatch;
  /** How many bytes the upload may take in all, as long as no more are reserved. */
  #reserved: number;
  #position: number;
  /** Where all before it is safe. */
  #safe: number;

  constructor(ctx: Context, upload: ResumableUpload, lease: string, checksum: Checksum | undefined) {
    this.#ctx = ctx;
    this.#upload = upload;
    this.#lease = lease;
    this.#checksum = checksum;
    this.#digest = checksum && createHash(checksum.algorithm);
    this.#floor = new FreeSpaceWatch(ctx);
    this.#reserved = upload.length ?? upload.reserved;
    this.#position = this.#safe = upload.received;
    this.#blob = ctx.storage.resume(upload.blobKey, upload.received);
    this.#scan = takeScan(upload.id, upload.received);
  }

  async take(chunk: Uint8Array): Promise<void> {
    const most = this.#upload.length ?? this.#ctx.limits.maxFileSize;
    if (this.#position + chunk.length > most)
      throw new PayloadTooLargeError(`More bytes came than the ${most} that this upload may have.`, most);
    const low = this.#floor.after(chunk.length);
    if (low) throw low;
    if (this.#position + chunk.length > this.#reserved)
      this.#reserved = await reserveAhead(this.#ctx, this.#upload.id, this.#lease, this.#position + chunk.length);
    this.#scan?.update(chunk);
    this.#digest?.update(chunk);
    this.#position += chunk.length;
    if (!this.#blob.write(chunk)) await this.#blob.drained();
    if (!this.#checksum && this.#position - this.#safe >= CHECKPOINT_BYTES) await this.#checkpoint();
  }

  /** Throws `ChecksumMismatchError`. */
  check(): void {
    if (this.#checksum && this.#digest?.digest('base64') !== this.#checksum.value) throw new ChecksumMismatchError();
  }

  async #checkpoint(): Promise<void> {
    await this.#blob.sync();
    await this.#tell();
  }

  async #tell(): Promise<void> {
    const { id } = this.#upload;
    const change = { received: this.#position, expiresAt: expiryOf(this.#ctx) };
    const told = await this.#ctx.em.nativeUpdate(ResumableUpload, { id, lease: this.#lease }, change);
    if (told === 0) throw new ConflictError('This upload was taken over by another request.');
    this.#safe = this.#position;
  }

  /** What came without its checksum, or with another, is cut off when the upload goes on. */
  async keep(isBroken: boolean): Promise<void> {
    await this.#blob.end();
    if (isBroken && this.#checksum) return;
    if (this.#position > this.#safe) await this.#tell();
    if (this.#upload.length === null) await releaseUnused(this.#ctx, this.#upload.id, this.#lease);
    if (this.#scan) storeScan(this.#upload.id, this.#position, this.#scan);
  }
}
