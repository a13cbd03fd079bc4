import { FreeSpaceWatch } from '../budget/free-space.ts';
import { type Context, contextOf, type Limits, type RequestContext } from '../context.ts';
import type { AttacheError } from '../errors.ts';
import { cleanName } from '../files/file-name.ts';
import { ContentScan } from '../files/inspect/content-scan.ts';
import type { PendingBlob, StagedBlob, Storage } from '../storage/storage.ts';
import type { ByteAllowance } from './byte-allowance.ts';
import { type InspectedContent, inspectContent } from './inspect-content.ts';
import { assertFilesLeft, assertInlineSize, extensionFailure, sizeFailure } from './limits.ts';

/**
 * What the client claims of a file. The name is cleaned, and the content type compared with the
 * bytes.
 */
export interface Claim {
  name: string;
  contentType: string;
}

/**
 * The outcome of one file of a request: it was received, or it failed alone. `filename` is as the
 * client sent it.
 */
export type ReceiveOutcome = { filename: string; file: ReceivedFile } | { filename: string; failure: AttacheError };

/**
 * Receives the bytes of one file, for every transport: counts, limits and hashes them while they
 * are written to the storage. A file that exceeds a limit sets `failure`, takes no more memory or
 * disk, and fails alone.
 */
export class FileReceiver {
  readonly #claim: Claim;
  readonly #limits: Limits;
  readonly #blob: StagedBlob;
  readonly #scan = new ContentScan();
  #size = 0;
  #failure: AttacheError | undefined;
  readonly #freeSpace: FreeSpaceWatch;
  #allowance: ByteAllowance | undefined;
  /** How many bytes of the allowance this file has reserved. */
  #reserved = 0;

  constructor(storage: Storage, limits: Limits, claim: Claim) {
    this.#claim = { ...claim, name: cleanName(claim.name) };
    this.#limits = limits;
    this.#blob = storage.stage();
    this.#freeSpace = new FreeSpaceWatch({ storage, limits });
    this.#failure = extensionFailure(this.#claim.name, limits) ?? this.#freeSpace.check();
  }

  /** Why this file will not be stored, as soon as that is known. */
  get failure(): AttacheError | undefined {
    return this.#failure;
  }

  /**
   * Limits the file to what others leave of an allowance. Bytes that were received before count.
   */
  limitTo(allowance: ByteAllowance): void {
    this.#allowance ??= allowance;
    if (this.#failure) return;
    this.#failure = this.#reserve();
  }

  #reserve(): AttacheError | undefined {
    const bytes = this.#size - this.#reserved;
    const failure = this.#allowance?.reserve(this.#claim.name, bytes);
    if (!failure) this.#reserved = this.#size;
    return failure;
  }

  /** Copies the chunk before it returns. False when the caller should wait for `drained()`. */
  write(chunk: Uint8Array): boolean {
    if (this.#failure) return true;
    this.#size += chunk.length;
    this.#failure =
      sizeFailure(this.#claim.name, this.#size, this.#limits) ?? this.#freeSpace.after(chunk.length) ?? this.#reserve();
    if (this.#failure) return true;
    this.#scan.update(chunk);
    return this.#blob.write(chunk);
  }

  /** Resolves when more can be written, or when the file has failed. */
  drained(): Promise<void> {
    return this.#failure ? Promise.resolve() : this.#blob.drained();
  }

  /**
   * Resolves when the staged bytes are complete. Throws `failure` or the storage's
   * error; then nothing is left.
   */
  async end(): Promise<ReceivedFile> {
    try {
      if (this.#failure) throw this.#failure;
      const measured = { size: this.#size, ...this.#scan.result(), head: this.#blob.head };
      const content = await inspectContent(this.#claim, measured);
      await this.#blob.end();
      return new ReceivedFile(this.#blob, content);
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /** Stops, deletes what was staged, and releases the allowance. */
  async abort(): Promise<void> {
    await this.#blob.discard();
    this.#allowance?.release(this.#reserved);
    this.#reserved = 0;
  }
}

/**
 * Receives a file given as base64, which is in memory already. Throws `PayloadTooLargeError`,
 * `UnsupportedMediaTypeError` or `InsufficientStorageError`. The caller disposes of the file.
 */
export async function receiveInline(request: RequestContext, claim: Claim, bytes: Uint8Array): Promise<ReceivedFile> {
  const ctx = contextOf(request);
  assertInlineSize(bytes.length, ctx.limits);
  assertFilesLeft(ctx);
  const receiver = createReceiver(ctx, claim);
  receiver.write(bytes);
  return receiver.end();
}

/** Begins to receive a file. A transport calls it for each file whose bytes it reads. */
export type CreateReceiver = (claim: Claim) => FileReceiver;

/** Begins to receive a file into the storage. */
export const createReceiver = ({ storage, limits }: Pick<Context, 'storage' | 'limits'>, claim: Claim): FileReceiver =>
  new FileReceiver(storage, limits, claim);

type CommittableBlob = Pick<StagedBlob, 'commit' | 'discard' | 'pending' | 'release'>;

/**
 * A file whose bytes were all received. Its receiver disposes of it, which deletes the bytes unless
 * a committed row names them.
 */
export class ReceivedFile implements AsyncDisposable {
  readonly content: Readonly<InspectedContent>;
  readonly #blob: CommittableBlob;
  #key: Promise<string> | undefined;
  #isPersisted = false;

  constructor(blob: CommittableBlob, content: InspectedContent) {
    this.#blob = blob;
    this.content = content;
  }

  /** Whether a committed row names its bytes. */
  get isPersisted(): boolean {
    return this.#isPersisted;
  }

  /** Moves the bytes from staging to their key, once, and returns the key. */
  commit(): Promise<string> {
    this.#key ??= this.#blob.commit();
    return this.#key;
  }

  /** The bytes that the transaction has to insert which names the key; see `StagedBlob`. */
  get pending(): PendingBlob | undefined {
    return this.#isPersisted ? undefined : this.#blob.pending;
  }

  /** Records that a committed row names the key. */
  markPersisted(): void {
    this.#isPersisted = true;
    this.release();
  }

  /** Frees the memory of pending bytes, which can then no longer be stored. */
  release(): void {
    this.#blob.release?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isPersisted) return;
    await this.#key?.catch(() => {}); // the caller of commit() got its error
    await this.#blob.discard();
  }
}
